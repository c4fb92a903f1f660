"""What a practitioner says of themselves, and who may see which part of it."""

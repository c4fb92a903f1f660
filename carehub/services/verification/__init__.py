"""Proving who a practitioner is: claims with documents, decided by a reviewer of CareHub, until they expire (DI-024..DI-027)."""

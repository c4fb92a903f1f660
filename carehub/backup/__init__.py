"""Backups: of the whole installation and of one organisation; proved when they are made, taken back whole or not at all."""

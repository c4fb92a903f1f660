"""Data rights: consents, copies, erasure, requests, retention, breaches, legal texts."""

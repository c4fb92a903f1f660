"""Accounts, sessions, memberships: who someone is."""

"""Notifications: an event, the rules, the channels, one delivery row each, sent once."""

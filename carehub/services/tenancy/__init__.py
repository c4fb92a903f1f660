"""Tenants: how one is opened, and the files it keeps."""

"""Invented organisations for the demonstration: never for a database in service."""

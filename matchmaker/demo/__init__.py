"""Invented organisations for the demonstration."""

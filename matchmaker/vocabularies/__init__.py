"""Controlled vocabularies, and what can be read off a name."""

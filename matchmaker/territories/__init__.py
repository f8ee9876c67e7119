"""Typed territories and their memberships."""

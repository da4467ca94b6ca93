"""Copies that restore."""

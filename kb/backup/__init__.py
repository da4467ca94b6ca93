"""Backups of the data folder, and putting them back."""

"""Accounts, the audit log, and the queue of missed questions."""

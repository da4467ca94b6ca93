"""The record of commitments: events, edits, policy, queries."""

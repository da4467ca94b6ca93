"""Pages of the ledger: review, list, due dates, one commitment and its actions."""

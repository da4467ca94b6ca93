"""Pages of the ledger: review, list, board, due dates, one commitment and its actions."""

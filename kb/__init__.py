"""All but HTTP, indexing and scoring: letters, questions, the ledger of commitments, staff."""

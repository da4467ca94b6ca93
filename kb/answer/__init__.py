"""The main flow of a question: search, read, choose spans, compose or refuse."""

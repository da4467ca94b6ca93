"""Our search beside others: the same machine, passages, vectors and questions."""

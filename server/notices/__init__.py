"""Other systems are told of new letters and of what became public of the ledger, by signed push."""

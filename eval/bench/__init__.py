"""How fast, how much memory, beside others and under load; what must not get worse."""

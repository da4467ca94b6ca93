"""What later letters say of a promise: how like, with what outcome, how surely."""

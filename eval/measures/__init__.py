"""One file a measure. Each takes records and gives values by question, or figures of a set."""

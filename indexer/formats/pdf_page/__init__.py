"""How the words of a PDF's page stand on it: which way they run, in which columns and tables."""

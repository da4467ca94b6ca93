"""Whether citizens may see a letter: the marks of publicity in and around it, and what follows."""

"""What a docx is made of: its XML, its blocks, its tables, its notes, the head in its header."""

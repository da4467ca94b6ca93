"""What comes in: uploads, the program that reads and publishes them, the list of letters."""

"""What the pages and the JSON interface both show."""

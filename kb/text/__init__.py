"""What official Chinese is made of: characters, sentences, tokens, synonyms, places, titles."""

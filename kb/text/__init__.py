"""What official Chinese is made of: characters, sentences, words, places, organs, titles."""

"""A question that was refused in other words of a language model's, let through or not at all."""

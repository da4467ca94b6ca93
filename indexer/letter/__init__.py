"""From raw text to a letter: mend, rules, fields, headings, passages."""

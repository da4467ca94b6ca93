"""Personal data: where it stands, and the letter as citizens may see it.

What is masked stands in two tables, ``pii_rules`` (numbers and addresses, in any text) and
``redact_rules`` (people and their phones, in letters), and is switched on and off for a place by
``[masking]`` in ``kb/profiles``.
"""

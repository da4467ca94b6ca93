"""Whether everything in a file stands in the text that was read from it; a module a format.

Each lists what it understands, and whatever else a file holds makes the answer no: what nobody
searched is given to nobody. Words outside the text must be among ``words.KNOWN``.
"""

"""The Model Context Protocol: tools and resources by which other models quote the letters.

``service`` alone knows the package ``mcp``, the extra ``fuwen[mcp]``; who answers is a ``Source``.
"""

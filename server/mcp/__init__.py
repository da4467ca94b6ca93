"""``/mcp``: the tools of ``kb.mcp`` over HTTP, answered at the desk like every other question."""

"""How sure an engine must have been of the words that it read from a picture."""

from __future__ import annotations

# Confidence of a line's least sure character from which on the line is right in nearly all cases:
# docs/measurements.md.
SURE = 0.9
DOUBT = "这一段由扫描件识别，可能有错字，请对照原件"

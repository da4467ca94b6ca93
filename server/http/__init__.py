"""What every request passes: edge, body, problems, limits, origins, etag, forms."""

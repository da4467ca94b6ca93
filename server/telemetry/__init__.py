"""What operators see of a running server: metrics, spans, log lines; nothing of who asked what."""

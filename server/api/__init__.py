"""JSON for programs: ask, stream, letters, feedback, probes, and their schemas."""

"""A store on this machine's disk; the only place that knows tantivy and FAISS."""

"""Indexing by several processes or hosts: files are read and embedded ahead, shard by shard."""

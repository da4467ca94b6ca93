"""Snapshots past one machine: the letters in a folder that all hosts see, both rankings by Milvus."""

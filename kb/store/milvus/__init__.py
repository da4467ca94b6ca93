"""Snapshots past one machine: letters in a folder that all hosts see, found by Milvus."""

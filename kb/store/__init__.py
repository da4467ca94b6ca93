"""Snapshots: protocol, codec, disk, and the engines behind them."""

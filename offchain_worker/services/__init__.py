"""The processes: gateway, orchestrator, worker. They talk HTTP on the paths of `protocol.py`."""

"""Command line: `python -m offchain_worker …`. Each command loads only what it needs."""

"""Entry point of `python -m offchain_worker`."""

from offchain_worker.cli.main import cli

if __name__ == "__main__":
    cli(prog_name="python -m offchain_worker")

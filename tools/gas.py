#!/usr/bin/env python3
"""Measure the gas of every operation, on an Anvil of its own.

tools/gas.py             compare with tests/gas/snapshots; exit code 1 on any difference
tools/gas.py --update    write tests/gas/snapshots and docs/gas.md
"""

import argparse
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    parser = argparse.ArgumentParser(description="Measure the gas of every operation.")
    parser.add_argument("--update", action="store_true", help="write tests/gas/snapshots and docs/gas.md")
    arguments = parser.parse_args()
    command = [sys.executable, "-m", "pytest", "-q", "tests/gas"]
    return subprocess.run(command + ["--update-gas"] * arguments.update, cwd=ROOT).returncode


if __name__ == "__main__":
    sys.exit(main())

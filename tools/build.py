#!/usr/bin/env python3
"""Compile the contracts.

    tools/build.py                          everything, if anything a build depends on changed
    tools/build.py --check PATH...          only these files and their imports; .build stays as it is

Any number of processes may call it at once: one builds, the others wait for it.
"""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tools import solidity


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", nargs="+", type=Path, metavar="PATH", help=".sol files or folders of them")
    parser.add_argument("--types", action="store_true", help="with --check: type-check only, no code, no sizes")
    parser.add_argument("--via-ir", action="store_true", default=None, dest="via_ir")
    parser.add_argument("--no-ir", action="store_false", default=None, dest="via_ir")
    parser.add_argument("--runs", type=int, help="optimizer runs instead of those in ape-config.yaml")
    return parser.parse_args()


def sources(paths: list[Path]) -> list[Path]:
    found: list[Path] = []
    for path in paths:
        if not path.exists():
            raise solidity.CompileError(f"{path}: no such file or folder")
        found += sorted(path.rglob("*.sol")) if path.is_dir() else [path]
    if not found:
        raise solidity.CompileError(f"no .sol file in {', '.join(map(str, paths))}")
    return found


def main() -> int:
    options = arguments()
    try:
        if options.check:
            overrides = {"via_ir": options.via_ir, "runs": options.runs}
            return solidity.check(sources(options.check), code=not options.types, **overrides)
    except solidity.CompileError as error:
        sys.exit(str(error))
    return 0


if __name__ == "__main__":
    sys.exit(main())

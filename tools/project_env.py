"""Loaded at the start of every Python of the project's .venv (through project_env.pth).

It keeps Ape's and the compiler's data inside the project and puts the project's binaries first on
PATH, so that `ape`, `pytest` and plain `python` of the .venv work without any exported variable.
"""

import os
import sys


def _set() -> None:
    root = os.path.dirname(sys.prefix)
    os.environ.setdefault("APE_DATA_FOLDER", os.path.join(root, ".ape"))
    os.environ.setdefault("SOLCX_BINARY_PATH", os.path.join(root, ".solcx"))
    path = os.environ.get("PATH", "").split(os.pathsep)
    first = [os.path.join(sys.prefix, "bin"), os.path.join(root, "node_modules", ".bin")]
    os.environ["PATH"] = os.pathsep.join(first + [part for part in path if part not in first])


_set()

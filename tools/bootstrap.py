#!/usr/bin/env python3
"""Make this directory ready for use: Python packages, npm packages, the compiler, Anvil.

Needs Python 3.11 or 3.12 with venv, and the package registries; a missing Node.js is installed from
PyPI too.  Everything, caches included, lands in this directory.  Running it again is cheap.

Environment variables:
    TORCH=cpu|cuda|none  the build of torch; unset keeps what is installed, else takes cpu
    NO_UV=1              install with pip instead of uv
    SOLC=js              use npm's WebAssembly compiler even where a native one can be downloaded

This file runs on whatever Python the machine has, so it keeps to old syntax.
"""

import fcntl
import hashlib
import os
import shutil
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tools.setup import node_packages, python_packages
from tools.setup.machine import CACHE, PYTHON, ROOT, TOOLS, VENV, SetupError, say

READY = VENV / ".ready"
NEEDED_GB = {"cpu": 3.0, "cuda": 12.0, "none": 1.5}


def inputs():
    """Hash of everything that set-up depends on, this folder's place included."""
    digest = hashlib.sha256(str(ROOT).encode())
    files = [ROOT / "requirements.lock", ROOT / "package-lock.json", TOOLS / "bootstrap.py"]
    files += [TOOLS / "solc-launcher.js", TOOLS / "project_env.py", *sorted((TOOLS / "setup").glob("*.py"))]
    for path in files:
        digest.update(path.read_bytes())
    return digest.hexdigest()


def is_ready():
    parts = (PYTHON, node_packages.STAMP, node_packages.SOLC)
    return (
        READY.exists()
        and READY.read_text() == inputs()
        and all(part.exists() for part in parts)
        and os.environ.get("TORCH") in (None, "", python_packages.installed_torch())
    )


def enough_disk():
    free = shutil.disk_usage(str(ROOT)).free / 1e9
    needed = NEEDED_GB.get(os.environ.get("TORCH") or "cpu", 3.0)
    if free < needed and not READY.exists():
        raise SetupError(
            f"Setting up needs about {needed:.1f} GB; the disk of {ROOT} has {free:.1f} GB free."
        )


def main():
    if is_ready():
        return
    CACHE.mkdir(exist_ok=True)
    with (CACHE / "setup.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if is_ready():
            return
        enough_disk()
        # pip asks rustc for its version, and a rustup that has no home yet makes one.
        os.environ.setdefault("RUSTUP_HOME", str(CACHE / "rustup"))
        python_packages.make_environment()
        python_packages.install_locked()
        python_packages.install_torch()
        python_packages.write_hook()
        python_packages.write_ape()
        own_node, npm = node_packages.find_node()
        node_packages.install_locked(npm)
        node_packages.install_compiler(own_node)
        node_packages.write_anvil()
        READY.write_text(inputs())
    say("ready")


if __name__ == "__main__":
    try:
        main()
    except SetupError as error:
        sys.exit(f"\nSet-up stopped. {error}")
    except KeyboardInterrupt:
        sys.exit("\nSet-up interrupted; the same command goes on where it stopped.")
    except OSError as error:
        sys.exit(f"\nSet-up stopped. {error.strerror}: {error.filename}")

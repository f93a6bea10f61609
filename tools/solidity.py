"""The pinned compiler with the project's settings, spoken to directly in standard JSON.

Settings come from ape-config.yaml, the one place where they are set.  Ape itself is not imported:
that alone takes longer than a small compile.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue

import yaml

ROOT = Path(__file__).resolve().parent.parent
REMAPPINGS = ["@openzeppelin/=node_modules/@openzeppelin/"]
RUNTIME_LIMIT = 24_576  # EIP-170
CODE_OUTPUTS = ["evm.bytecode.object", "evm.deployedBytecode.object"]


class CompileError(Exception):
    """The compiler refused; the text is what it said."""


def settings(via_ir: bool | None = None, runs: int | None = None) -> dict:
    """Compiler settings of ape-config.yaml, in the compiler's own terms."""
    config = yaml.safe_load((ROOT / "ape-config.yaml").read_text())["solidity"]
    return {
        "optimizer": {
            "enabled": config["optimize"],
            "runs": config["optimization_runs"] if runs is None else runs,
        },
        "evmVersion": config["evm_version"],
        "viaIR": config["via_ir"] if via_ir is None else via_ir,
        "remappings": REMAPPINGS,
    }


def compiler() -> Path:
    """The compiler that set-up installed."""
    version = yaml.safe_load((ROOT / "ape-config.yaml").read_text())["solidity"]["version"]
    folder = Path(os.environ.get("SOLCX_BINARY_PATH", ROOT / ".solcx"))
    path = folder / f"solc-v{version}"
    if not path.exists():
        raise CompileError(f"The compiler {path} is not there; `make setup` installs it.")
    return path


def source_files() -> list[Path]:
    """Every contract source, sorted; Ape's own cache left out."""
    files = (ROOT / "contracts").rglob("*.sol")
    return sorted(path for path in files if ".cache" not in path.parts)


def job(paths: Iterable[Path], outputs: list[str], **overrides) -> dict:
    """Standard JSON input that compiles `paths`; what they import the compiler reads itself."""
    names = [path.resolve().relative_to(ROOT).as_posix() for path in paths]
    return {
        "language": "Solidity",
        "sources": {name: {"content": (ROOT / name).read_text(encoding="utf-8")} for name in names},
        "settings": {
            **settings(**overrides),
            "outputSelection": {name: {"*": outputs, "": []} for name in names},
        },
    }


def _command(mode: str) -> list[str]:
    return [str(compiler()), mode, "--base-path", str(ROOT), "--allow-paths", str(ROOT)]


def compile_json(task: dict) -> dict:
    """Standard JSON output for a job; its errors are in the output."""
    command = _command("--standard-json")
    done = subprocess.run(command, input=json.dumps(task).encode(), capture_output=True, cwd=ROOT)
    if done.returncode:
        text = (done.stderr or done.stdout).decode(errors="replace").strip()
        raise CompileError(f"The compiler stopped with exit status {done.returncode}:\n{text}")
    return json.loads(done.stdout)


def compile_many(tasks: list[dict], on_done: Callable[[], None]) -> list[dict]:
    """Outputs of several jobs in their order, as many at a time as there are processors."""
    width = max(1, min(len(tasks), len(os.sched_getaffinity(0)), 8))
    if b"--standard-json-lines" not in compiler().read_bytes():

        def compile_native(task: dict) -> dict:
            output = compile_json(task)
            on_done()
            return output

        with ThreadPoolExecutor(width) as pool:
            return list(pool.map(compile_native, tasks))

    # The WebAssembly compiler starts slowly and gets faster as it runs: keep it running.
    pipe = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "cwd": ROOT}
    running = [subprocess.Popen(_command("--standard-json-lines"), **pipe) for _ in range(width)]
    idle: SimpleQueue[subprocess.Popen] = SimpleQueue()
    for process in running:
        idle.put(process)

    def compile_wasm(task: dict) -> dict:
        process = idle.get()
        try:
            process.stdin.write(json.dumps(task).encode() + b"\n")
            process.stdin.flush()
            line = process.stdout.readline()
        except BrokenPipeError:
            line = b""
        finally:
            idle.put(process)
        if not line:
            raise CompileError(f"The compiler died on {', '.join(task['sources'])}: out of memory?")
        on_done()
        return json.loads(line)

    try:
        with ThreadPoolExecutor(width) as pool:
            return list(pool.map(compile_wasm, tasks))
    finally:
        for process in running:
            process.kill()
            process.wait()


def messages(output: dict) -> tuple[list[str], list[str]]:
    """Errors, and warnings about our own sources, as text."""
    errors, warnings = [], []
    for message in output.get("errors", []):
        place = (message.get("sourceLocation") or {}).get("file", "")
        if message["severity"] == "error":
            errors.append(message["formattedMessage"])
        elif not place.startswith("node_modules/"):
            warnings.append(message["formattedMessage"])
    return errors, warnings


def check(paths: list[Path], *, code: bool, **overrides) -> int:
    """Compile only `paths` and print errors and sizes; the build is not touched. Returns the exit code."""
    output = compile_json(job(paths, CODE_OUTPUTS if code else ["abi"], **overrides))
    errors, warnings = messages(output)
    for text in warnings + errors:
        print(text, file=sys.stderr)
    if errors:
        return 1
    for name, contracts in sorted(output.get("contracts", {}).items()):
        for contract, data in sorted(contracts.items()):
            size = len(data["evm"]["deployedBytecode"]["object"]) // 2 if code else 0
            if size:
                init = len(data["evm"]["bytecode"]["object"]) // 2
                share = size / RUNTIME_LIMIT
                print(
                    f"{contract:40} {size:6,} bytes runtime ({share:4.0%} of the limit), {init:6,} init  {name}"
                )
    return 0

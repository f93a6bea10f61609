"""The build that a test session works on."""

import sys

import orjson

from tools import build
from tools.solidity import CompileError


def compile_contracts(keep_going: bool) -> None:
    """Bring the build up to date; raises CompileError.

    With `keep_going` sources that do not compile are reported and keep what they last compiled to, if
    they ever did, so that work on one contract does not stop the tests of another.
    """
    try:
        build.build()
    except CompileError as error:
        if not keep_going:
            raise
        print(f"{error}\n--keep-going: testing the last outputs that compiled", file=sys.stderr)
        units = [orjson.loads(path.read_bytes()) for path in sorted(build.UNITS.glob("*.json"))]
        # The build's stamp is gone by now, so the next session compiles again.
        build.write(build.ARTIFACTS, build.artifacts({_source(unit): unit["contracts"] for unit in units}))


def _source(unit: dict) -> str:
    metadata = next(iter(unit["contracts"].values()))["metadata"]
    return next(iter(orjson.loads(metadata)["settings"]["compilationTarget"]))

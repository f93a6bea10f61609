"""The compiler at $SOLCX_BINARY_PATH, as py-solc-x, Ape, Forge and our build call it.

It is the native compiler or tools/solc-launcher.js; both have to pass.

| asked for | given | answer |
|---|---|---|
| --version | | the pinned version, quickly and without the network |
| --standard-json | import below the base path | read from disk |
| | import outside the base path | "not found" |
| | import below an include path | read from disk |
| | import below base and include path | "Ambiguous import" |
| | import outside the allowed paths | "outside of allowed" |
| | remapping, source given by URL | followed |
| | source with an error | exit status 0, the error in the output |
| --standard-json-lines (launcher only) | two inputs | one line each, the same as one by one |
| --combined-json, through py-solc-x | Unicode text | AST and bytecode |
| an unknown option | | py-solc-x's UnknownOption |
"""

import json
import subprocess

import pytest
import solcx
from solcx.exceptions import SolcError, UnknownOption

from tools.solidity import ROOT, compiler

pytestmark = pytest.mark.unit

VERSION = "0.8.37"
HEAD = "// SPDX-License-Identifier: MIT\npragma solidity ^0.8.28;\n"
JOB = {
    "language": "Solidity",
    "sources": {"Counter.sol": {"content": HEAD + "contract Counter { uint256 public count; }\n"}},
    "settings": {
        "optimizer": {"enabled": True, "runs": 200},
        "metadata": {"bytecodeHash": "none"},
        "outputSelection": {"*": {"*": ["evm.bytecode.object"]}},
    },
}


def standard(sources: dict, *arguments, **settings) -> dict:
    settings.setdefault("outputSelection", {"*": {"*": ["evm.bytecode.object"]}})
    job = {"language": "Solidity", "sources": sources, "settings": settings}
    return run_json(job, *arguments)


def run_json(job: dict, *arguments) -> dict:
    command = [compiler(), "--standard-json", *map(str, arguments)]
    done = subprocess.run(command, input=json.dumps(job), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def errors(output: dict) -> list[str]:
    return [error["message"] for error in output.get("errors", []) if error["severity"] == "error"]


def importing(path) -> dict:
    return {"main.sol": {"content": HEAD + f'import "{path}"; contract Main {{}}\n'}}


@pytest.fixture
def tree(tmp_path):
    for folder, contract in (("base", "A"), ("include", "B"), ("elsewhere", "C")):
        (tmp_path / folder / "lib").mkdir(parents=True)
        source = HEAD + f"contract {contract} {{}}\n"
        (tmp_path / folder / "lib" / f"{contract}.sol").write_text(source)
    return tmp_path


def test_version__installed__is_the_pinned_one():
    assert solcx.install_solc(VERSION).base_version == VERSION
    assert str(solcx.wrapper.get_solc_version(compiler())) == VERSION


def test_standard_json__import_below_base_path__is_read(tree):
    assert not errors(standard(importing("lib/A.sol"), "--base-path", tree / "base"))


def test_standard_json__import_outside_base_path__is_not_found(tree):
    assert "not found" in errors(standard(importing("lib/B.sol"), "--base-path", tree / "base"))[0]


def test_standard_json__import_below_include_path__is_read(tree):
    paths = ("--base-path", tree / "base", "--include-path", tree / "include")
    assert set(standard(importing("lib/B.sol"), *paths)["contracts"]) == {"main.sol", "lib/B.sol"}


def test_standard_json__import_below_both_paths__is_ambiguous(tree):
    (tree / "include" / "lib" / "A.sol").write_text(HEAD + "contract A {}\n")
    paths = ("--base-path", tree / "base", "--include-path", tree / "include")
    assert "Ambiguous import" in errors(standard(importing("lib/A.sol"), *paths))[0]


def test_standard_json__import_outside_allowed_paths__is_refused(tree):
    path = tree / "elsewhere" / "lib" / "C.sol"
    assert "outside of allowed" in errors(standard(importing(path), "--base-path", tree / "base"))[0]


def test_standard_json__import_in_allowed_path__is_read(tree):
    path = tree / "elsewhere" / "lib" / "C.sol"
    allowed = f"{tree / 'include'},{tree / 'elsewhere'}"
    assert not errors(standard(importing(path), "--base-path", tree / "base", "--allow-paths", allowed))


def test_standard_json__remapping_and_url__are_followed(tree):
    by_url = {"main2.sol": {"urls": [str(tree / "base" / "lib" / "A.sol")]}}
    sources = importing("dep/A.sol") | by_url
    contracts = standard(sources, "--base-path", tree / "base", remappings=["dep/=lib/"])["contracts"]
    assert {"lib/A.sol", "main2.sol"} <= set(contracts)


def test_standard_json__source_with_an_error__reports_it_in_the_output():
    assert errors(standard({"x.sol": {"content": HEAD + "contract X { nonsense }"}}))
    with pytest.raises(SolcError):
        broken = {"language": "Solidity", "sources": {"x.sol": {"content": "contract X {"}}}
        solcx.compile_standard(broken, solc_version=VERSION)


def test_standard_json_lines__two_inputs__answer_as_one_by_one():
    if b"--standard-json-lines" not in compiler().read_bytes():
        pytest.skip("the native compiler has no such mode")
    broken = {**JOB, "sources": {"x.sol": {"content": HEAD + "contract X { nonsense }"}}}
    lines = "".join(json.dumps(job) + "\n" for job in (JOB, broken))
    done = subprocess.run(
        [compiler(), "--standard-json-lines"], input=lines, capture_output=True, text=True, check=True
    )
    assert [json.loads(line) for line in done.stdout.splitlines()] == [run_json(JOB), run_json(broken)]


def test_standard_json__native_compiler__gives_the_bytecode_of_the_npm_package():
    if compiler().read_bytes()[:2] == b"#!":
        pytest.skip("only the npm package is here")
    script = (
        f"const solc = require({json.dumps(str(ROOT / 'node_modules' / 'solc'))});"
        "process.stdout.write(solc.compile(require('fs').readFileSync(0, 'utf8')))"
    )
    done = subprocess.run(["node", "-e", script], input=json.dumps(JOB), capture_output=True, text=True)
    assert json.loads(done.stdout)["contracts"] == run_json(JOB)["contracts"]


def test_combined_json__unicode_text__gives_ast_and_bytecode():
    source = HEAD + 'contract U { string public s = unicode"žluťoučký"; }'
    output = solcx.compile_source(source, solc_version=VERSION)["<stdin>:U"]
    assert output["ast"] and output["bin"]


def test_options__unknown_one__is_named():
    with pytest.raises(UnknownOption):
        solcx.wrapper.solc_wrapper(solc_binary=compiler(), no_such_option=True, stdin="", standard_json=True)

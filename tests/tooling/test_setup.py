"""What tools/setup says of a machine that lacks something.

| step | machine | outcome |
|---|---|---|
| suitable_python | only unsupported Pythons | SetupError with each one's version and path |
| | first candidate unsupported, second fine | the second |
| run | registry not reachable, disk full, other failure | SetupError that says which |
| pip_settings | pip knows wheel folders and an index | uv is told the same |
| install_torch | TORCH is no known build | SetupError with the known ones |
| | TORCH unset, some build installed | it stays |
| find_node | Node.js too old, none at all | one from PyPI |
| enough_disk | too little free | SetupError with needed and free |
"""

import collections
import subprocess
import sys

import pytest

from tools import bootstrap
from tools.setup import machine, node_packages, python_packages
from tools.setup.machine import SetupError

pytestmark = pytest.mark.unit


def failing(text: str) -> list[str]:
    return [sys.executable, "-c", f"import sys; print({text!r}); sys.exit(3)"]


def test_suitable_python__only_unsupported__names_each(monkeypatch):
    monkeypatch.setattr(sys, "executable", "/opt/python3.9")
    monkeypatch.setattr(python_packages.shutil, "which", lambda name: None)
    monkeypatch.setattr(python_packages, "version_of", lambda python: (3, 9))
    with pytest.raises(SetupError, match=r"3\.11 or 3\.12 is needed; found only 3\.9 \(/opt/python3\.9\)"):
        python_packages.suitable_python()


def test_suitable_python__second_candidate_supported__takes_it(monkeypatch):
    versions = {"/opt/python3.14": (3, 14), "/opt/python3.12": (3, 12)}
    monkeypatch.setattr(sys, "executable", "/opt/python3.14")
    monkeypatch.setattr(python_packages.shutil, "which", lambda name: f"/opt/{name}")
    monkeypatch.setattr(python_packages, "version_of", versions.get)
    assert python_packages.suitable_python() == "/opt/python3.12"


@pytest.mark.parametrize(
    ("output", "reason"),
    [
        ("dns error: failed to lookup address", "Installing: the package registry cannot be reached"),
        ("npm error code ENOTFOUND", "Installing: the package registry cannot be reached"),
        ("OSError: [Errno 28] No space left on device", "Installing: no space left on the disk"),
        ("something else", "Installing failed with exit status 3:\n    something else"),
    ],
    ids=["no-dns", "no-npm-registry", "disk-full", "other"],
)
def test_run__command_fails__says_what_the_machine_lacks(output, reason):
    with pytest.raises(SetupError) as raised:
        machine.run(failing(output), "Installing")
    assert str(raised.value).startswith(reason)


def test_pip_settings__pip_is_configured__uv_is_told_the_same(monkeypatch, tmp_path):
    for name in ("UV_FIND_LINKS", "UV_DEFAULT_INDEX", "PIP_FIND_LINKS"):
        monkeypatch.delenv(name, raising=False)
    listed = b":env:.find-links='/wheels /more'\nglobal.index-url='https://index.example/simple'\n"
    monkeypatch.setattr(subprocess, "run", lambda *a, **k: subprocess.CompletedProcess(a, 0, listed))
    monkeypatch.setattr(python_packages, "CACHE", tmp_path)
    env = python_packages.pip_settings()
    assert env["UV_FIND_LINKS"] == "/wheels,/more"
    assert env["UV_DEFAULT_INDEX"] == "https://index.example/simple"


def test_install_torch__unknown_build__names_the_known_ones(monkeypatch):
    monkeypatch.setenv("TORCH", "rocm")
    with pytest.raises(SetupError, match="TORCH is 'rocm'; it can be cpu, cuda or none"):
        python_packages.install_torch()


def test_install_torch__unset_and_some_build_installed__stays(monkeypatch):
    monkeypatch.delenv("TORCH", raising=False)
    monkeypatch.setattr(python_packages, "installed_torch", lambda: "cuda")
    monkeypatch.setattr(python_packages, "install", lambda *a: pytest.fail("must not install"))
    python_packages.install_torch()


@pytest.mark.parametrize("version", [b"v18.20.0\n", b""], ids=["too-old", "broken"])
def test_find_node__unusable_one__takes_the_one_from_pypi(monkeypatch, tmp_path, version):
    (tmp_path / "lib" / "python3.11" / "site-packages").mkdir(parents=True)
    (tmp_path / "bin").mkdir()
    monkeypatch.setattr(node_packages, "VENV", tmp_path)
    monkeypatch.setattr(node_packages, "BIN", tmp_path / "bin")
    monkeypatch.setattr(node_packages.shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(subprocess, "run", lambda *a, **k: subprocess.CompletedProcess(a, 0, version))
    installed = []
    monkeypatch.setattr(node_packages, "pip_settings", dict)
    monkeypatch.setattr(node_packages, "install", lambda names, what, env: installed.extend(names))
    own_node, npm = node_packages.find_node()
    assert installed == [node_packages.NODE_PACKAGE]
    assert npm[0] == own_node and tmp_path in own_node.parents


def test_enough_disk__too_little__names_needed_and_free(monkeypatch, tmp_path):
    usage = collections.namedtuple("usage", "free")(free=500_000_000)
    monkeypatch.delenv("TORCH", raising=False)
    monkeypatch.setattr(bootstrap, "READY", tmp_path / "absent")
    monkeypatch.setattr(bootstrap.shutil, "disk_usage", lambda path: usage)
    with pytest.raises(SetupError, match=r"about 3\.0 GB; the disk of .* has 0\.5 GB free"):
        bootstrap.enough_disk()

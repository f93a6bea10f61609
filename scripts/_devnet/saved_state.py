"""A devnet in a file: what Anvil dumps of the chain, with what tells whether this project can go on with it."""

import gzip
import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from scripts._deployment.registry import Entry, Registry
from scripts._devnet.chain import DevChain
from scripts._devnet.errors import StateUnusable
from scripts._devnet.roles import Actor
from tools.artifacts import Artifact

FORMAT = 1
KIND = "livepeer-devnet"


@dataclass(frozen=True)
class SavedState:
    """`build` is what `digest_of_contracts` says of the build that was deployed."""

    build: str
    actors: dict[str, str]
    registry: Registry
    anvil: str
    dump: str


def digest_of_contracts(registry: Registry, artifacts: Mapping[str, Artifact]) -> str:
    """Tells apart two builds of the contracts in a registry."""
    names = sorted({entry.contract for entry in registry.contracts.values()})
    codes = [artifacts[name].bytecode if name in artifacts else b"" for name in names]
    return hashlib.sha256("\n".join(names).encode() + b"".join(codes)).hexdigest()


def save_state(path: Path, chain: DevChain, registry: Registry) -> None:
    """Writes the file as a whole or not at all; `registry` is the one of now, after upgrades.

    Raises StateUnusable if it cannot be written.
    """
    document = {
        "kind": KIND,
        "format": FORMAT,
        "build": digest_of_contracts(registry, chain.artifacts),
        "actors": {name: actor.address for name, actor in chain.actors.items()},
        "registry": asdict(registry),
        "anvil": chain.request("web3_clientVersion"),
        "dump": chain.request("anvil_dumpState"),
    }
    partial = path.with_name(path.name + ".partial")
    try:
        with gzip.open(partial, "wt", encoding="utf-8") as file:
            json.dump(document, file)
        partial.replace(path)
    except OSError as error:
        raise StateUnusable(path, f"it cannot be written: {error.strerror}") from error


def load_state(path: Path, actors: Mapping[str, Actor], artifacts: Mapping[str, Artifact]) -> SavedState:
    """Raises StateUnusable with what is wrong, and what to do."""
    try:
        with gzip.open(path, "rt", encoding="utf-8") as file:
            document = json.load(file)
    except FileNotFoundError:
        raise StateUnusable(path, "there is no such file") from None
    except (OSError, EOFError, ValueError) as error:
        raise StateUnusable(path, f"it is not what `ape run devnet --save` writes ({error})") from None
    if not isinstance(document, dict) or document.get("kind") != KIND:
        raise StateUnusable(path, "it is not what `ape run devnet --save` writes")
    if document["format"] != FORMAT:
        raise StateUnusable(path, f"its format is {document['format']}, this version reads {FORMAT}")
    given = document["registry"]
    contracts = {name: Entry(**entry) for name, entry in given["contracts"].items()}
    registry = Registry(**given | {"contracts": contracts})
    if document["build"] != digest_of_contracts(registry, artifacts):
        raise StateUnusable(
            path,
            f"it is of another build of the contracts (commit {registry.commit}); check that commit out and run "
            "`make compile`, or start a fresh devnet without --load",
        )
    known = {name: actor.address for name, actor in actors.items()}
    if document["actors"] != known:
        raise StateUnusable(
            path,
            "its actors have other addresses; test.mnemonic and test.hd_path in Ape's configuration must be "
            "those it was saved with",
        )
    return SavedState(document["build"], document["actors"], registry, document["anvil"], document["dump"])

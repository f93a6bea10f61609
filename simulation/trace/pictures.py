"""The observable state at one moment: all views of the contracts, beside what the model says to them."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from simulation.chain.codecs import Codec
from simulation.chain.reverts import Reverted
from simulation.observation.observer import View
from simulation.trace.format import Difference
from simulation.trace.names import Names
from simulation.world import World

ETHER = "ETH"
REVERTED = b"reverted "


class Answer(NamedTuple):
    """Raw words of one view: those of the contract, and those that the model expects."""

    found: bytes
    expected: bytes


@dataclass(frozen=True)
class Picture:
    """Answers by view (contract, function, arguments)."""

    answers: Mapping[View, Answer]

    def digest(self, names: Names) -> str:
        """SHA-256 over what all contracts say; the same on every engine, as block hashes count by name."""
        lines = [
            f"{_describe(view, names)}={_word(answer.found, names)}" for view, answer in self.answers.items()
        ]
        return hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()

    def wrong(self) -> Iterator[tuple[View, Answer]]:
        """The views in which contracts and model differ."""
        return ((view, answer) for view, answer in self.answers.items() if answer.found != answer.expected)


def take_picture(world: World, *, all_rounds: bool = False) -> Picture:
    """Look at everything; at all rounds, or at the latest."""
    return Picture(
        {
            view: Answer(REVERTED + found.raw if isinstance(found, Reverted) else found, expected)
            for view, found, expected in world.observer.read(all_rounds=all_rounds)
        }
    )


def fields_of(world: World, view: View, words: bytes) -> dict[str, Any]:
    """The decoded answer by name of output, structs opened; a single unnamed one has an empty name."""
    contract, function, _ = view
    if words.startswith(REVERTED):
        return {"": f"reverted with 0x{words.removeprefix(REVERTED).hex()}"}
    if contract == ETHER:
        return {"": int.from_bytes(words, "big")}
    outputs: Codec = world.contracts[contract].abi.functions[function][0].outputs
    found: dict[str, Any] = {}
    for name, value in zip(outputs.names, outputs.decode(words), strict=True):
        if hasattr(value, "_asdict"):
            found |= {f"{name}.{part}" if name else part: item for part, item in value._asdict().items()}
        else:
            found[name] = value
    return found


def difference_of(world: World, view: View, answer: Answer, label, names: Names) -> Difference:
    """One difference for a trace; `label` says whose an address is."""
    contract, function, arguments = view
    is_ether = contract == ETHER
    prepared = None if is_ether else getattr(world.contracts[contract], function)
    shown = ", ".join(label(argument) for argument in arguments)
    return Difference(
        view=f"{contract}.{function}({shown})",
        address=arguments[0] if is_ether else world.contracts[contract].address,
        calldata=b"" if is_ether else prepared.encode(*arguments),
        found=names.to_json(_plain(fields_of(world, view, answer.found))),
        expected=names.to_json(_plain(fields_of(world, view, answer.expected))),
        found_words=answer.found,
        expected_words=answer.expected,
    )


def _plain(fields: dict[str, Any]) -> Any:
    return fields[""] if set(fields) == {""} else fields


def _word(raw: bytes, names: Names) -> str:
    return names.of(raw) or raw.hex()


def _describe(view: View, names: Names) -> str:
    contract, function, arguments = view
    return f"{contract}.{function}({', '.join(str(names.to_json(argument)) for argument in arguments)})"

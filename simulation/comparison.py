"""What a call has done on the contracts, against what it has done in the model; None where both agree."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from reference_model.exceptions import ProtocolError, RevertedWithoutData
from reference_model.state import Event as ModelEvent
from simulation.calls import Call, to_chain_values
from simulation.chain.receipts import Receipt
from simulation.chain.reverts import Reverted


class Outcome(NamedTuple):
    """What both sides said to a call, whether they agree or not; traces record it."""

    expected_error: ProtocolError | None
    expected_result: Any
    expected_events: Sequence[ModelEvent]
    found_error: Reverted | None
    receipt: Receipt | None


def compare_outcomes(expected: ProtocolError | None, found: Reverted | None) -> str | None:
    """Both succeed, or both fail with the same error and arguments."""
    if expected is None and found is None:
        return None
    if isinstance(expected, RevertedWithoutData) and found is not None and found.halt is None:
        if found.raw == b"":
            return None
    elif expected is not None and found is not None:
        arguments = to_chain_values(expected.arguments)
        if found.error_name == expected.name and found.args_by_name == arguments:
            return None
    wanted = f"{expected.name}({expected})" if expected else "success"
    return f"expected {wanted}, found {found or 'success'}"


def compare_results(call: Call, expected: Any, receipt: Receipt) -> str | None:
    """What the call returns, where the model returns something."""
    if isinstance(expected, (bool, int)) and expected != receipt.return_value:
        return f"{call.function} returned {receipt.return_value}, expected {expected}"
    return None


def compare_events(events: Sequence[ModelEvent], receipt: Receipt) -> str | None:
    """The same events with the same arguments in the same order."""
    expected = [(event.address, event.name, to_chain_values(event.arguments)) for event in events]
    found = [(event.address, event.name, event.args) for event in receipt.events]
    if found == expected:
        return None
    lines = ["events differ"]
    for position in range(max(len(found), len(expected))):
        wanted = expected[position] if position < len(expected) else "nothing"
        came = found[position] if position < len(found) else "nothing"
        lines.append(f"  {' ' if wanted == came else '!'} expected {wanted}\n    found    {came}")
    return "\n".join(lines)


def describe_differences(differences: Sequence[str]) -> str | None:
    """What the observer found, as one complaint."""
    return "state differs:\n  " + "\n  ".join(differences[:20]) if differences else None


def named_by(call: Call, events: Iterable[ModelEvent]) -> tuple[set[str], set[str]]:
    """The accounts that a call names, or its events do (sender, owners, delegates, recipients), and the contracts."""
    accounts, contracts = {call.sender}, {call.contract}
    accounts.update(value for value in call.arguments if isinstance(value, str))
    for event in events:
        contracts.add(event.contract)
        accounts.update(value for value in event.arguments.values() if isinstance(value, str))
    return accounts, contracts

"""The state of a deployment as a file.

One JSON document: sections, the digest of each (of each account, too), and a root over the digests. Nothing of the file
is believed before its digests, its totals and its references agree.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from scripts._migration.errors import StateFileRefused
from scripts._migration.state import State, Totals, totals_of

SHOWN_FAULTS = 20


def root_of(state: State) -> str:
    """What stands for the whole of a state."""
    return _root(digests_of(state.model_dump(mode="json")))


def canonical(value: Any) -> bytes:
    """The only spelling of a JSON value that is hashed."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def _digest(value: Any) -> str:
    return "0x" + hashlib.sha256(canonical(value)).hexdigest()


def digests_of(document: dict) -> dict[str, Any]:
    """The digest of each section, for the accounts of each of them."""
    found: dict[str, Any] = {
        name: _digest(section) for name, section in document.items() if name != "accounts"
    }
    return found | {"accounts": {one["address"]: _digest(one) for one in document["accounts"]}}


def _root(digests: dict[str, Any]) -> str:
    return _digest(digests)


def save_state(state: State, path: Path) -> str:
    """Writes the file as a whole or not at all; its root."""
    document = state.model_dump(mode="json")
    digests = digests_of(document)
    document |= {"digests": digests, "root": _root(digests)}
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    partial.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    partial.replace(path)
    return document["root"]


def load_state(path: Path, *, root: str | None = None) -> State:
    """The state in a file; with `root` only if it is that one. Raises StateFileRefused naming what is wrong."""
    if not path.is_file():
        raise StateFileRefused(path, ["there is no such file; `export` writes one"])
    text = path.read_text(encoding="utf-8", errors="replace")
    try:
        document = json.loads(text)
    except json.JSONDecodeError as error:
        ends = "" if text.endswith("}\n") else "; the file does not end as it was written: it is cut off"
        where = f"line {error.lineno}, column {error.colno}"
        raise StateFileRefused(path, [f"{where}: not JSON, {error.msg}{ends}"]) from None
    if not isinstance(document, dict):
        raise StateFileRefused(path, ["must be an object with sections, digests and a root"])
    given, given_root = document.pop("digests", None), document.pop("root", None)
    try:
        state = State.model_validate(document)
    except ValidationError as error:
        faults = [
            f"{'.'.join(map(str, e['loc']))}: found {_short(e['input'])}; {e['msg']}" for e in error.errors()
        ]
        raise StateFileRefused(path, _at_most(faults)) from None
    faults = [*_digest_faults(digests_of(document), given, given_root, root), *inconsistencies(state)]
    if faults:
        raise StateFileRefused(path, _at_most(faults))
    return state


def _digest_faults(found: dict, given: Any, given_root: Any, wanted_root: str | None) -> Iterator[str]:
    if not isinstance(given, dict) or not isinstance(given.get("accounts"), dict):
        yield "digests: missing; the file was not written by `export`, or was cut"
        return
    for name in sorted((found.keys() | given.keys()) - {"accounts"}):
        if found.get(name) != given.get(name):
            yield f"{name}: was changed, its digest is {found.get(name)}, the file says {given.get(name)}"
    for address in sorted(found["accounts"].keys() | given["accounts"].keys()):
        mine, theirs = found["accounts"].get(address), given["accounts"].get(address)
        if mine is None:
            yield f"accounts, {address}: is missing, the file has a digest of it"
        elif theirs is None:
            yield f"accounts, {address}: was added, the file has no digest of it"
        elif mine != theirs:
            yield f"accounts, {address}: was changed, its digest is {mine}, the file says {theirs}"
    if given_root != (computed := _root(given)):
        yield f"root: found {given_root}, that of the digests is {computed}"
    if wanted_root is not None and given_root != wanted_root:
        yield f"root: found {given_root}, --root asks for {wanted_root}"


def inconsistencies(state: State) -> Iterator[str]:
    """What cannot be true of any deployment."""
    accounts = {account.address: account for account in state.accounts}
    for address, count in Counter(account.address for account in state.accounts).items():
        if count > 1:
            yield f"accounts, {address}: stands {count} times"
    computed = totals_of(state.accounts)
    for name in Totals.model_fields:
        found, sums = getattr(state.totals, name), getattr(computed, name)
        if found != sums:
            yield f"totals.{name}: found {found}, the accounts add up to {sums}"
    if sorted(state.bonding.pool) != sorted(state.bonding.ranking):
        yield "bonding.pool: its members are not those of bonding.ranking"
    strangers = [member for member in state.bonding.pool if member not in accounts]
    for member in strangers:
        yield f"bonding.pool, {member}: is no account of the file"
    if not strangers:
        stake = sum(accounts[member].bond.delegated for member in state.bonding.pool)
        if stake != state.bonding.next_round_total_active_stake:
            total = state.bonding.next_round_total_active_stake
            yield f"bonding.next_round_total_active_stake: found {total}, the pool's stakes add up to {stake}"
    bonded: Counter[str] = Counter()
    for account in state.accounts:
        bonded[account.bond.delegate] += account.bond.bonded
    for delegate, amount in bonded.items():
        delegated = accounts[delegate].bond.delegated if delegate in accounts else 0
        if amount > delegated:
            yield f"accounts, {delegate}: {amount} is bonded to it, but only {delegated} delegated"
    owed_lpt = state.totals.delegated + state.totals.locked
    if owed_lpt > state.issuance.held_lpt:
        yield f"issuance.held_lpt: found {state.issuance.held_lpt}, bonds and locks are {owed_lpt}"
    owed_wei = (
        state.totals.fees + state.totals.cumulative_fees + state.totals.deposits + state.totals.reserves
    )
    if owed_wei > state.issuance.held_wei:
        yield f"issuance.held_wei: found {state.issuance.held_wei}, fees and escrow are {owed_wei}"


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}…"


def _at_most(faults: list[str]) -> list[str]:
    hidden = len(faults) - SHOWN_FAULTS
    return faults if hidden <= 0 else [*faults[:SHOWN_FAULTS], f"… and {hidden} more"]

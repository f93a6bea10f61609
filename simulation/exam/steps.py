"""Steps in words, kept in a file: without addresses, block numbers and hashes, which change with every deployment.

    {"by": "staker 1", "call": "BondingManager.bond", "with": [1000, "@staker 2"]}
    {"rounds": 1}                                  to the first block of the next round
    {"mine": 5}

| in a file | is |
|---|---|
| "@staker 2" | an account by its name (`names_of`) |
| "0x1234" | bytes |
| {"all": "stake"} | what the sender has when the step is taken |
| {"ticket": …} | a signed ticket; its creation round as an age, its block hash by name |
| {"batch": […], "missing": 1} | the tickets of a batch |

`write` and `read` are called with the world as it is before the step.
"""

from typing import Any

from reference_model.constants import ZERO_ADDRESS
from reference_model.exceptions import ProtocolError
from simulation.calls import Batch, Call, Mine, Step
from simulation.chain.actors import Actor
from simulation.tickets import ALWAYS_WINS, SignedTicket, Ticket
from simulation.trace.signatures import PLAIN, Signing, read_signature, sign_again
from simulation.world import World

Words = dict[str, Any]

ACCOUNT, BYTES = "@", "0x"
# Where an amount that is all there is goes as such: so it stays when an earlier step is left out.
WHOLES = {"unbond": "stake", "unbondWithHint": "stake", "transferBond": "stake", "withdrawFees": "fees"}


class StepUnreadable(Exception):
    """A step in words that does not fit the world: it names what is not there."""


def names_of(world: World) -> dict[str, str]:
    """Accounts by name: the cast, the contracts, spare code and contracts, and the zero address as "nobody"."""
    cast = world.cast
    names = {"nobody": ZERO_ADDRESS, "owner": cast.owner, "attacker": cast.attacker}
    names |= {f"staker {number}": account for number, account in enumerate(cast.stakers, 1)}
    names |= {f"gateway {number}": account for number, account in enumerate(cast.gateways, 1)}
    names |= {"verifier": cast.verifier, "migrator": cast.migrator} | cast.addresses
    names |= {f"{target} {number}": address for number, (target, address) in enumerate(cast.targets, 1)}
    names |= {f"cache {number}": address for number, address in enumerate(cast.caches, 1)}
    names |= {f"minter {number}": address for number, address in enumerate(cast.minters, 1)}
    names |= {"foreign code": cast.foreign_target, "adjustable clock": cast.adjustable_target}
    for contract, address in cast.home.items():
        names.setdefault(contract, address)
    return names


def write(world: World, step: Step) -> dict[str, Any]:
    """A step in words."""
    if isinstance(step, Mine):
        return {"rounds": ahead} if (ahead := _rounds_ahead(world, step.blocks)) else {"mine": step.blocks}
    names = {address: name for name, address in reversed(names_of(world).items())}
    words = {"by": names[step.sender], "call": f"{step.contract}.{step.function}"}
    if step.arguments:
        whole = _whole(world, step.sender, step.function)
        words["with"] = [
            {"all": WHOLES[step.function]}
            if whole and argument == whole
            else _write_value(world, names, argument)
            for argument in step.arguments
        ]
    if step.value:
        words["value"] = step.value
    return words


def read(world: World, words: dict[str, Any]) -> Step:
    """The step. Raises StepUnreadable."""
    if "mine" in words:
        return Mine(words["mine"])
    try:
        if "rounds" in words:
            return Mine(_blocks_to_round(world, words["rounds"]))
        names = names_of(world)
        contract, _, function = words["call"].partition(".")
        sender = _account(names, words["by"])
        arguments = tuple(
            _whole(world, sender, function)
            if isinstance(value, dict) and "all" in value
            else _read_value(world, names, value)
            for value in words.get("with", ())
        )
    except ProtocolError as error:
        raise StepUnreadable(f"{words}: the clock cannot be read: {error.name}") from None
    return Call(sender, contract, function, arguments, words.get("value", 0))


def _whole(world: World, sender: str, function: str) -> int:
    """All stake or fees of the sender, for a function to which that matters."""
    manager = world.model.bonding_manager
    wholes = {"stake": manager.pending_stake, "fees": manager.pending_fees}
    return wholes[WHOLES[function]](sender) if function in WHOLES else 0


def _rounds_ahead(world: World, blocks: int) -> int:
    """How many rounds later it is after so many blocks, in the first block of that round; 0 in others."""
    try:
        first, length = _blocks_to_round(world, 1), world.model.rounds_manager.round_length
    except ProtocolError:
        return 0
    later, into_round = divmod(blocks - first, length)
    return later + 1 if blocks >= first and into_round == 0 else 0


def _blocks_to_round(world: World, ahead: int) -> int:
    rounds = world.model.rounds_manager
    start = rounds.current_round_start_block()
    return start + ahead * rounds.round_length - world.model.block_number


def _account(names: dict[str, str], name: str) -> str:
    if name not in names:
        raise StepUnreadable(f"account: found {name!r}, must be one of {', '.join(names)}")
    return names[name]


def _write_value(world: World, names: dict[str, str], value: Any) -> Any:
    if isinstance(value, SignedTicket):
        return {"ticket": _write_ticket(world, names, value)}
    if isinstance(value, Batch):
        return {
            "batch": [_write_ticket(world, names, one) for one in value.tickets],
            "missing": value.missing,
        }
    if isinstance(value, (tuple, list)):
        return [_write_value(world, names, part) for part in value]
    if isinstance(value, bytes):
        return BYTES + value.hex()
    if isinstance(value, str):
        if value in names:
            return ACCOUNT + names[value]
        if value.startswith((ACCOUNT, BYTES)):
            raise StepUnreadable(f"text: found {value!r}, which is no account of the world")
        return value
    if isinstance(value, (bool, int)):
        return value
    raise StepUnreadable(f"argument: found {value!r}, which has no form in words")


def _read_value(world: World, names: dict[str, str], value: Any) -> Any:
    if isinstance(value, dict):
        if "ticket" in value:
            return _read_ticket(world, names, value["ticket"])
        tickets = tuple(_read_ticket(world, names, one) for one in value["batch"])
        return Batch(tickets, value["missing"])
    if isinstance(value, list):
        return tuple(_read_value(world, names, part) for part in value)
    if isinstance(value, str) and value.startswith(ACCOUNT):
        return _account(names, value.removeprefix(ACCOUNT))
    if isinstance(value, str) and value.startswith(BYTES):
        return bytes.fromhex(value.removeprefix(BYTES))
    return value


def _write_ticket(world: World, names: dict[str, str], signed: SignedTicket) -> dict[str, Any]:
    """What differs from a plain ticket of the round, which wins and is signed by its sender."""
    ticket, rounds = signed.ticket, world.model.rounds_manager
    words: dict[str, Any] = {
        "to": names[ticket.recipient],
        "from": names[ticket.sender],
        "faceValue": ticket.face_value,
        "nonce": ticket.sender_nonce,
    }
    if age := _current_round(world) - ticket.creation_round:
        words["age"] = age
    if ticket.block_hash != rounds.block_hash_for_round(ticket.creation_round):
        words["blockHash"] = BYTES + ticket.block_hash.hex()
    if ticket.aux_data is not None:
        words["auxData"] = BYTES + ticket.aux_data.hex()
    if ticket.win_prob != ALWAYS_WINS:
        words |= {"winProb": ticket.win_prob, "wins": signed.draw < ticket.win_prob}
    if signed.recipient_rand != ticket.recipient_rand:
        words["revealed"] = signed.recipient_rand
    actors = {account: account for account in names if isinstance(account, Actor)}
    signing = read_signature(ticket, signed.signature, actors)
    if (signing.form, signing.signer) != (PLAIN, ticket.sender):
        words["signed"] = {
            "form": signing.form,
            "by": names[signing.signer] if signing.signer else None,
            "recovery": signing.recovery,
            "raw": signing.raw.hex() if signing.raw is not None else None,
        }
    return words


def _read_ticket(world: World, names: dict[str, str], words: dict[str, Any]) -> SignedTicket:
    rounds = world.model.rounds_manager
    creation_round = max(0, _current_round(world) - words.get("age", 0))
    block_hash = words.get("blockHash")
    sender = _account(names, words["from"])
    ticket = Ticket(
        recipient=_account(names, words["to"]),
        sender=sender,
        face_value=words["faceValue"],
        creation_round=creation_round,
        block_hash=rounds.block_hash_for_round(creation_round)
        if block_hash is None
        else _read_value(world, names, block_hash),
        win_prob=words.get("winProb", ALWAYS_WINS),
        sender_nonce=words["nonce"],
        aux_data=_read_value(world, names, words["auxData"]) if "auxData" in words else None,
    )
    signed = words.get("signed", {"form": PLAIN, "by": words["from"], "recovery": None, "raw": None})
    signer = _account(names, signed["by"]) if signed["by"] else None
    raw = bytes.fromhex(signed["raw"]) if signed["raw"] is not None else None
    signing = Signing(form=signed["form"], signer=signer, recovery=signed["recovery"], raw=raw)
    rand = words.get("revealed", ticket.recipient_rand)
    return sign_again(ticket, signing, signer, recipient_rand=rand, wins=words.get("wins", True))


def _current_round(world: World) -> int:
    """The round; 0 where the clock cannot be read."""
    try:
        return world.model.rounds_manager.current_round()
    except ProtocolError:
        return 0

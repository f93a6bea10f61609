"""What somebody could have left behind before the hand-over, to take effect after it.

Owners and roles look right all the same: an update that the Governor holds outlives the change of its owner and anybody
may execute it; whoever was admin of the treasury for a moment may have scheduled something, or had it approve.
"""

from collections.abc import Callable, Iterator

from eth_abi import decode, encode
from eth_utils import keccak

from scripts._deployment.errors import NodeRefused
from scripts._deployment.facts import Fact
from scripts._deployment.node import REVOKED
from scripts._deployment.plan import TIMELOCK_ADMIN_ROLE, Plan
from scripts._deployment.reader import UNREADABLE, Reader

UPDATE = "(address[],uint256[],bytes[],uint256)"
STAGED = "0x" + keccak(text=f"UpdateStaged({UPDATE},uint256)").hex()
SCHEDULED = "0x" + keccak(text="CallScheduled(bytes32,uint256,address,uint256,bytes,bytes32,uint256)").hex()
APPROVED = "0x" + keccak(text="Approval(address,address,uint256)").hex()
NOTHING = "nothing"


def latent_facts(plan: Plan, reader: Reader) -> Iterator[Fact]:
    """Each is `unknown` if the node gives no logs."""
    for name, find in (
        ("waits in the Governor", _waiting_updates),
        ("scheduled in the treasury before the hand-over", _scheduled_early),
        ("others may take from the treasury's LPT", _allowances),
    ):
        yield _fact(name, find, reader)


def _fact(name: str, find: Callable[[Reader], list[str]], reader: Reader) -> Fact:
    try:
        found = find(reader)
    except NodeRefused as error:
        return Fact(name, None, NOTHING, f"the node gives no logs ({error})")
    return Fact(name, ", ".join(found) or NOTHING, NOTHING)


def _waiting_updates(reader: Reader) -> list[str]:
    entry = reader.registry.contracts["Governor"]
    found = []
    for log in reader.node.logs(entry.address, [STAGED], entry.block or 0):
        update, _ = decode([UPDATE, "uint256"], log.data)
        staged = reader.view("Governor", "updates", keccak(encode([UPDATE], [update])))
        if staged == UNREADABLE or staged > 0:
            targets, _, calldatas, _ = update
            calls = zip(targets, calldatas, strict=False)
            found += [f"{_name(target, reader)}.0x{data[:4].hex()}" for target, data in calls]
    return found


def _scheduled_early(reader: Reader) -> list[str]:
    entry = reader.registry.contracts["Treasury"]
    deployer = "0x" + reader.registry.deployer[2:].lower().zfill(64)
    handed_over = reader.node.logs(entry.address, [REVOKED, TIMELOCK_ADMIN_ROLE, deployer], entry.block or 0)
    scheduled = reader.node.logs(entry.address, [SCHEDULED], entry.block or 0)
    return [
        _name(decode(["address"], log.data)[0], reader)
        for log in scheduled
        if not handed_over or log.place < handed_over[-1].place
    ]


def _allowances(reader: Reader) -> list[str]:
    treasury = reader.registry.contracts["Treasury"]
    owner = "0x" + treasury.address[2:].lower().zfill(64)
    logs = reader.node.logs(reader.address("LivepeerToken"), [APPROVED, owner], treasury.block or 0)
    spenders = sorted({log.account(2) for log in logs})
    return [
        _name(spender, reader)
        for spender in spenders
        if reader.view("LivepeerToken", "allowance", treasury.address, spender) != 0
    ]


def _name(address: str, reader: Reader) -> str:
    names = {entry.address.lower(): name for name, entry in reader.registry.contracts.items()}
    return names.get(address.lower(), address)

"""A plan carried out where nothing counts: on a copy of the chain, which is put back afterwards.

The deployer is impersonated, so nobody is asked for a signature, and the journal is not touched.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from scripts._deployment.encoding import creation_address, encode_step, resolve
from scripts._deployment.errors import NodeRefused, NothingThere, StepFailed
from scripts._deployment.node import Node
from scripts._deployment.plan import Call, Deploy, Plan, Step, UseExisting
from scripts._deployment.reverts import describe_revert
from tools.artifacts import Artifact

PURSE_WEI = 10**24


@dataclass(frozen=True)
class Rehearsed:
    """What a step would do: the address that it would make, and its gas."""

    step: Step
    address: str | None
    gas_used: int


def rehearse(
    plan: Plan,
    artifacts: Mapping[str, Artifact],
    node: Node,
    request: Callable[[str, list], object],
    deployer: str,
    on_step: Callable[[int, Step], None] = lambda number, step: None,
) -> Sequence[Rehearsed]:
    """Sends every step from the deployer without its signature and returns what came of it.

    `request` sends a method of JSON-RPC to a development node (Anvil). Raises StepFailed, NothingThere.
    """
    mark = request("evm_snapshot", [])
    try:
        request("anvil_impersonateAccount", [deployer])
        request("anvil_setBalance", [deployer, hex(PURSE_WEI)])
        return _run(plan, artifacts, node, request, deployer, on_step)
    finally:
        request("anvil_stopImpersonatingAccount", [deployer])
        request("evm_revert", [mark])


def _run(plan, artifacts, node, request, deployer, on_step) -> list[Rehearsed]:
    addresses: dict[str, str] = {}
    abi_names: dict[str, str] = {}
    results = []
    for number, step in enumerate(plan.steps, 1):
        on_step(number, step)
        if isinstance(step, UseExisting):
            if not node.code(step.address):
                raise NothingThere(step.name, step.address)
            addresses[step.name], abi_names[step.name] = step.address, step.contract
            results.append(Rehearsed(step, step.address, 0))
            continue
        arguments = resolve(step.arguments, addresses, deployer)
        abi_name = abi_names[step.target] if isinstance(step, Call) else step.contract
        data = encode_step(step, arguments, abi_name, artifacts)
        call = {"from": deployer, "data": "0x" + data.hex(), "value": 0}
        if isinstance(step, Call):
            call["to"] = addresses[step.target]
        try:
            gas = node.estimate_gas(call)
        except NodeRefused as error:
            reason = describe_revert(error, artifacts)
            raise StepFailed(number, len(plan.steps), step.title, reason, "the rehearsal") from error
        nonce = node.nonce(deployer)
        # The receipt at once: Anvil may not have it yet when it is asked for right after the hash.
        receipt = request("eth_sendTransactionSync", [call | {"value": "0x0", "gas": hex(gas * 2)}])
        address = None
        if isinstance(step, Deploy):
            address = creation_address(deployer, nonce)
            addresses[step.name], abi_names[step.name] = address, step.proxied or step.contract
        results.append(Rehearsed(step, address, int(receipt["gasUsed"], 16)))
    return results

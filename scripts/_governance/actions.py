"""Actions of a proposal file as the calls that the treasury makes."""

from dataclasses import dataclass
from typing import Any

from web3 import Web3
from web3.exceptions import Web3Exception

from scripts._deployment.parameters import to_base_units
from scripts._deployment.plan import contract_id
from scripts._deployment.reader import Reader
from scripts._governance.errors import GovernanceError, NotOwnedByTreasury
from scripts._governance.proposal_file import (
    Action,
    CallAsOwner,
    CallContract,
    Pay,
    ProposalFile,
    SetParameter,
    Upgrade,
)


@dataclass(frozen=True)
class TreasuryCall:
    """One call of an executed proposal, and what it does in words."""

    target: str
    value: int
    data: bytes
    title: str


def encode_actions(proposal: ProposalFile, reader: Reader, nonce: int) -> list[TreasuryCall]:
    """The calls of a proposal; `nonce` tells its updates in the Governor from equal ones of other proposals.

    Raises GovernanceError for what the deployment does not have or does not allow.
    """
    calls: list[TreasuryCall] = []
    for position, action in enumerate(proposal.actions, 1):
        try:
            calls += _encode(action, reader, nonce + position)
        except NotOwnedByTreasury:
            raise
        except GovernanceError as error:
            raise GovernanceError(f"actions.{position}, {error}") from None
    return calls


def _encode(action: Action, reader: Reader, nonce: int) -> list[TreasuryCall]:
    part = next(part for part in action.parts if part is not None)
    if isinstance(part, Pay):
        return [_pay(part, reader)]
    _refuse_target(part.contract, reader)
    if isinstance(part, CallContract):
        data = encode_call(reader, part.contract, part.function, part.arguments)
        words = f"{part.contract}.{part.function}({', '.join(map(str, part.arguments))})"
        return [TreasuryCall(_address(reader, part.contract), to_base_units(part.amount_eth), data, words)]
    if isinstance(part, SetParameter | CallAsOwner):
        data = encode_call(reader, part.contract, part.function, part.arguments)
        words = f"{part.contract}.{part.function}({', '.join(map(str, part.arguments))})"
        return _through_governor(reader, _address(reader, part.contract), data, nonce, words)
    assert isinstance(part, Upgrade)
    arguments = [contract_id(f"{part.contract}Target"), part.target, part.commit]
    _address(reader, f"{part.contract}Target")
    data = encode_call(reader, "Controller", "setContractInfo", arguments)
    words = f"upgrade {part.contract} to {part.target}"
    return _through_governor(reader, _address(reader, "Controller"), data, nonce, words)


def _refuse_target(contract: str, reader: Reader) -> None:
    """Code behind a proxy has storage of its own, which nobody reads: a call there succeeds and changes nothing."""
    proxy = contract.removesuffix("Target")
    if proxy != contract and reader.has(proxy):
        raise GovernanceError(f"contract: found {contract!r}, the code behind a proxy; must be {proxy!r}")


def _pay(part: Pay, reader: Reader) -> TreasuryCall:
    words = f"pay {part.amount} {part.asset} to {part.to}"
    if part.asset == "ETH":
        return TreasuryCall(part.to, to_base_units(part.amount), b"", words)
    data = encode_call(reader, "LivepeerToken", "transfer", [part.to, to_base_units(part.amount)])
    return TreasuryCall(_address(reader, "LivepeerToken"), 0, data, words)


def _through_governor(reader: Reader, target: str, data: bytes, nonce: int, words: str) -> list[TreasuryCall]:
    owner, treasury = reader.view("Governor", "owner"), reader.address("Treasury")
    if owner != treasury:
        raise NotOwnedByTreasury(owner, treasury)
    update = ([target], [0], [data], nonce)
    governor = _address(reader, "Governor")
    return [
        TreasuryCall(governor, 0, encode_call(reader, "Governor", "stage", [update, 0]), f"stage {words}"),
        TreasuryCall(governor, 0, encode_call(reader, "Governor", "execute", [update]), words),
    ]


def encode_call(reader: Reader, contract: str, function: str, arguments: list[Any]) -> bytes:
    """Calldata for a contract of the registry file. Raises GovernanceError with what the contract has."""
    _address(reader, contract)
    abi = reader.artifacts[reader.registry.contracts[contract].abi_name].abi
    functions = {item["name"]: item for item in abi if item["type"] == "function"}
    if function not in functions:
        known = ", ".join(sorted(n for n, item in functions.items() if item["stateMutability"] != "view"))
        raise GovernanceError(f"function: found {function!r}, {contract} has: {known}")
    try:
        return bytes.fromhex(Web3().eth.contract(abi=abi).encode_abi(function, args=arguments)[2:])
    except (Web3Exception, ValueError, TypeError):
        types = ", ".join(f"{one['type']} {one['name']}" for one in functions[function]["inputs"])
        raise GovernanceError(f"{contract}.{function}: found {arguments}, must be ({types})") from None


def _address(reader: Reader, contract: str) -> str:
    if not reader.has(contract):
        known = ", ".join(sorted(reader.registry.contracts))
        raise GovernanceError(f"contract: found {contract!r}, this deployment has: {known}")
    return reader.address(contract)

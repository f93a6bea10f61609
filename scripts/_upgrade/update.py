"""The change of the registry that makes an upgrade, as steps of a plan and as files for those who decide."""

import hashlib
import json
from pathlib import Path

import yaml
from eth_abi import encode
from eth_utils import keccak

from scripts._deployment.parameters import Parameters
from scripts._deployment.plan import (
    MINTER_ROLE,
    Call,
    Deploy,
    Encoded,
    Plan,
    Step,
    UseExisting,
    contract_id,
)
from scripts._deployment.reader import Reader
from scripts._upgrade.moving import CONTROLLER, move_calls
from scripts._upgrade.record import Record
from scripts._upgrade.standing import DIRECT, MINTER, Standing, place_of

UPDATE_TYPE = "(address[],uint256[],bytes[],uint256)"
BUILDER_VERSION = "1.17.0"
# Of the functions that an upgrade calls.
SIGNATURES = {
    name: f"{name}({types})"
    for name, types in (
        ("setContractInfo", "bytes32,address,bytes20"),
        ("updateController", "bytes32,address"),
        ("migrateToNewMinter", "address"),
        ("grantRole", "bytes32,address"),
        ("revokeRole", "bytes32,address"),
    )
}
# (targets, values, calldatas, nonce): what the Governor stages and executes.
Update = tuple[tuple[str, ...], tuple[int, ...], tuple[str | Encoded, ...], int]


def fresh_nonce(standing: Standing, build_digest: str) -> int:
    """Tells this update from others in the Governor, and is the same each time the command is run."""
    text = f"{standing.name} {standing.target} {build_digest}"
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big")


def former_of(name: str) -> str:
    """Name of the plan for what a new Minter or Controller takes over from."""
    return f"Former{name}"


def changes(of: Standing | Record, target: str, commit: str) -> list[Call]:
    """The owner's calls in their order (deployment.md 5.1, 5.3, 5.5); `target` may be a name of the plan."""
    former = former_of(of.name)
    if of.name == CONTROLLER:
        return move_calls(of.moved, former, target)
    register = Call(
        "Controller", "setContractInfo", (contract_id(place_of(of.name)), target, commit), of.name
    )
    if of.name != MINTER:
        return [register]
    return [
        Call(former, "migrateToNewMinter", (target,)),
        Call("LivepeerToken", "grantRole", (MINTER_ROLE, target), "minter"),
        Call("LivepeerToken", "revokeRole", (MINTER_ROLE, f"${former}"), "minter, from the former one"),
        register,
    ]


def compose(of: Standing | Record, target: str, commit: str, nonce: int) -> Update:
    """The same as one update of the Governor."""
    calls = changes(of, target, commit)
    datas = tuple(Encoded(SIGNATURES[call.function], call.arguments) for call in calls)
    return tuple(f"${call.target}" for call in calls), (0,) * len(calls), datas, nonce


def existing(reader: Reader, name: str, former: str) -> list[UseExisting]:
    """What the calls are made to; `former` is the target of before."""
    names = {MINTER: ("Controller", "Governor", "LivepeerToken"), CONTROLLER: ("Governor",)}
    used = [UseExisting(one, one, reader.address(one)) for one in names.get(name, ("Controller", "Governor"))]
    return [*used, UseExisting(former_of(name), name, former)] if name in DIRECT else used


def addresses(reader: Reader, name: str, former: str) -> dict[str, str]:
    """Addresses by the names of the plan."""
    return {one.name: one.address for one in existing(reader, name, former)}


def update_hash(update: Update) -> str:
    """The key of a resolved update in the Governor (governance.md 1)."""
    targets, values, datas, nonce = update
    raw = (list(targets), list(values), [bytes.fromhex(data[2:]) for data in datas], nonce)
    return "0x" + keccak(encode([UPDATE_TYPE], [raw])).hex()


def deploying_plan(
    reader: Reader,
    parameters: Parameters,
    standing: Standing,
    contract: str,
    target: str | None,
    commit: str,
    nonce: int,
    stage_after: int | None,
) -> Plan:
    """Deploys the target, and sets a Controller up, unless there is one; stages the update with a delay of
    `stage_after` blocks if it is given.
    """
    steps: list[Step] = [*existing(reader, standing.name, standing.target)]
    if target is None:
        steps.append(Deploy(standing.place, contract, standing.arguments))
        steps += standing.takeover.setup() if standing.takeover else []
    else:
        steps.append(UseExisting(standing.place, contract, target))
    if stage_after is not None:
        update = compose(standing, f"${standing.place}", commit, nonce)
        steps.append(Call("Governor", "stage", (update, stage_after), f"upgrade {standing.name}"))
    return Plan(parameters, commit, tuple(steps))


def executing_plan(reader: Reader, parameters: Parameters, record: Record) -> Plan:
    """Executes a staged update; without one the owner of the Controller makes the calls itself."""
    if record.update is None:
        calls = changes(record, record.target, record.commit)
    else:
        calls = [Call("Governor", "execute", (record.staged,), f"upgrade {record.name}")]
    return Plan(parameters, record.commit, (*existing(reader, record.name, record.previous), *calls))


# ---- files for those who decide -----------------------------------------------------------------


def write_safe_file(
    path: Path, chain_id: int, safe: str, title: str, calls: list[tuple[str, str]], seconds: int
) -> None:
    """A batch of (address, calldata) for the Transaction Builder of Safe; `seconds` is the time of the chain."""
    document = {
        "version": "1.0",
        "chainId": str(chain_id),
        "createdAt": seconds * 1000,
        "meta": {
            "name": title,
            "description": "Written by `ape run upgrade`; rehearsed on a fork.",
            "txBuilderVersion": BUILDER_VERSION,
            "createdFromSafeAddress": safe,
        },
        "transactions": [
            {"to": to, "value": "0", "data": data, "contractMethod": None, "contractInputsValues": None}
            for to, data in calls
        ],
    }
    path.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")


def write_proposal_file(path: Path, record: Record) -> None:
    """What `ape run propose` reads."""
    if record.name == CONTROLLER:
        # One update, as it was rehearsed.
        arguments = {"stage": [record.update, 0], "execute": [record.update]}
        actions = [
            {"call": {"contract": "Governor", "function": name, "arguments": given}}
            for name, given in arguments.items()
        ]
    elif record.name == MINTER:
        former = former_of(MINTER)
        named = {f"${former}": record.previous}
        actions = [
            {
                "as_owner": {
                    "contract": MINTER if call.target == former else call.target,
                    "function": call.function,
                    "arguments": [named.get(argument, argument) for argument in call.arguments],
                }
            }
            for call in changes(record, record.target, record.commit)
        ]
    else:
        upgrade = {"contract": record.name, "target": record.target, "commit": record.commit}
        actions = [{"upgrade": upgrade}]
    text = f"The new code was deployed at {record.target} and rehearsed on a fork."
    document = {"title": f"Upgrade {record.name}", "text": text, "actions": actions}
    path.write_text(yaml.safe_dump(document, sort_keys=False), encoding="utf-8")

"""The change of the registry that makes an upgrade, as steps of a plan and as files for those who decide."""

import hashlib
import json
from pathlib import Path

import yaml
from eth_abi import encode
from eth_utils import keccak

from scripts._deployment.parameters import Parameters
from scripts._deployment.plan import Call, Deploy, Encoded, Plan, Step, UseExisting, contract_id
from scripts._deployment.reader import Reader
from scripts._upgrade.standing import Standing

SET_INFO = "setContractInfo(bytes32,address,bytes20)"
UPDATE_TYPE = "(address[],uint256[],bytes[],uint256)"
BUILDER_VERSION = "1.17.0"

# (targets, values, calldatas, nonce): what the Governor stages and executes.
Update = tuple[tuple[str, ...], tuple[int, ...], tuple[str | Encoded, ...], int]


def fresh_nonce(standing: Standing, build_digest: str) -> int:
    """Tells this update from others in the Governor, and is the same each time the command is run."""
    text = f"{standing.name} {standing.target} {build_digest}"
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big")


def set_info(name: str, target: str, commit: str) -> Encoded:
    """The call of the Controller; `target` may be a name of the plan."""
    return Encoded(SET_INFO, (contract_id(f"{name}Target"), target, commit))


def compose(name: str, target: str, commit: str, nonce: int, controller: str = "$Controller") -> Update:
    """The update of the Governor (deployment.md 5.1)."""
    return (controller,), (0,), (set_info(name, target, commit),), nonce


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
    """Deploys the target unless there is one; stages the update with a delay of `stage_after` blocks if it is given."""
    steps: list[Step] = [*_existing(reader)]
    place = f"{standing.name}Target"
    if target is None:
        steps.append(Deploy(place, contract, ("$Controller",)))
    else:
        steps.append(UseExisting(place, contract, target))
    if stage_after is not None:
        update = compose(standing.name, f"${place}", commit, nonce)
        steps.append(Call("Governor", "stage", (update, stage_after), f"upgrade {standing.name}"))
    return Plan(parameters, commit, tuple(steps))


def executing_plan(
    reader: Reader, parameters: Parameters, name: str, target: str, commit: str, update: Update | None
) -> Plan:
    """Executes a staged update; without one the owner of the Controller registers the target itself."""
    if update is None:
        call = Call("Controller", "setContractInfo", (contract_id(f"{name}Target"), target, commit), name)
    else:
        call = Call("Governor", "execute", (update,), f"upgrade {name}")
    return Plan(parameters, commit, (*_existing(reader), call))


def _existing(reader: Reader) -> list[Step]:
    return [UseExisting(name, name, reader.address(name)) for name in ("Controller", "Governor")]


# ---- files for those who decide -----------------------------------------------------------------


def write_safe_file(
    path: Path, chain_id: int, safe: str, title: str, to: str, data: str, seconds: int
) -> None:
    """A batch for the Transaction Builder of Safe; `seconds` is the time of the chain."""
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
        ],
    }
    path.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")


def write_proposal_file(path: Path, name: str, target: str, commit: str, text: str) -> None:
    """What `ape run propose` reads."""
    action = {"upgrade": {"contract": name, "target": target, "commit": commit}}
    document = {"title": f"Upgrade {name}", "text": text, "actions": [action]}
    path.write_text(yaml.safe_dump(document, sort_keys=False), encoding="utf-8")

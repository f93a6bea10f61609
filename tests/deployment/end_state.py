"""What a deployment leaves on the chain, as one digest: code, every view without arguments, entries, roles."""

import hashlib
from collections.abc import Mapping

from eth_abi import encode
from eth_utils import function_signature_to_4byte_selector, keccak

from scripts._deployment.plan import DEFAULT_ADMIN_ROLE, MINTER_ROLE
from scripts._deployment.registry import Registry
from tests.deployment.node import LocalNode
from tools.artifacts import Artifact

# Depend on the block in which they are asked, not on what was deployed.
OF_THE_CLOCK = frozenset(["blockNum", "currentRoundStartBlock", "blockHash", "clock"])


def describe(local: LocalNode, registry: Registry, artifacts: Mapping[str, Artifact]) -> dict[str, str]:
    """Name of each fact with its value in hexadecimal."""
    facts = {}
    for name, entry in sorted(registry.contracts.items()):
        facts[f"{name} code"] = hashlib.sha256(local.node.code(entry.address)).hexdigest()
        for item in artifacts[entry.abi_name].abi:
            if _is_plain_view(item) and item["name"] not in OF_THE_CLOCK:
                facts[f"{name}.{item['name']}"] = _view(local, entry.address, f"{item['name']}()", b"")
    controller = registry.contracts["Controller"].address
    for name in sorted(registry.contracts):
        info = _view(local, controller, "getContractInfo(bytes32)", keccak(text=name))
        facts[f"entry of {name}"] = info
    token = registry.contracts["LivepeerToken"].address
    holders = {name: entry.address for name, entry in sorted(registry.contracts.items())} | {
        "deployer": registry.deployer
    }
    for role in (DEFAULT_ADMIN_ROLE, MINTER_ROLE):
        for name, address in holders.items():
            arguments = encode(["bytes32", "address"], [bytes.fromhex(role[2:]), address])
            facts[f"token role {role[:10]} of {name}"] = _view(
                local, token, "hasRole(bytes32,address)", arguments
            )
            balance = _view(local, token, "balanceOf(address)", encode(["address"], [address]))
            facts[f"LPT of {name}"] = balance
    return facts


def digest(facts: Mapping[str, str]) -> str:
    """One word for all facts."""
    return hashlib.sha256("\n".join(f"{name}={value}" for name, value in facts.items()).encode()).hexdigest()


def _is_plain_view(item: dict) -> bool:
    return item["type"] == "function" and not item["inputs"] and item["stateMutability"] in ("view", "pure")


def _view(local: LocalNode, address: str, signature: str, arguments: bytes) -> str:
    data = function_signature_to_4byte_selector(signature) + arguments
    answer = local.web3.provider.make_request(
        "eth_call", [{"to": address, "data": "0x" + data.hex()}, "latest"]
    )
    return answer.get("result") or str(answer["error"].get("data") or answer["error"]["message"])

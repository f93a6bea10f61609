"""Steps of a plan as transactions: names resolved to addresses, arguments as calldata."""

from collections.abc import Mapping

import rlp
from eth_abi import encode
from eth_utils import function_signature_to_4byte_selector, keccak, to_checksum_address
from web3 import Web3

from scripts._deployment.parameters import DEPLOYER
from scripts._deployment.plan import Call, Deploy, Encoded
from tools.artifacts import Artifact


def creation_address(sender: str, nonce: int) -> str:
    """Where the contract comes that `sender` creates with transaction number `nonce`."""
    encoded = rlp.encode([bytes.fromhex(sender[2:]), nonce])
    return to_checksum_address(keccak(encoded)[12:])


def resolve(argument, addresses: Mapping[str, str], deployer: str):
    """An argument of the plan with the addresses that its names stand for."""
    if isinstance(argument, tuple):
        return tuple(resolve(part, addresses, deployer) for part in argument)
    if isinstance(argument, Encoded):
        types = argument.signature[argument.signature.index("(") + 1 : -1].split(",")
        selector = function_signature_to_4byte_selector(argument.signature)
        values = resolve(argument.arguments, addresses, deployer)
        words = [_raw(kind, value) for kind, value in zip(types, values, strict=True)]
        return "0x" + (selector + encode(types, words)).hex()
    if argument == DEPLOYER:
        return deployer
    if isinstance(argument, str) and argument.startswith("$"):
        return addresses[argument[1:]]
    return argument


def _raw(kind: str, value):
    """Plans spell bytes in hexadecimal."""
    return bytes.fromhex(value[2:]) if kind.startswith("bytes") and isinstance(value, str) else value


def encode_step(
    step: Deploy | Call, arguments: tuple, abi_name: str, artifacts: Mapping[str, Artifact]
) -> bytes:
    """Creation code with its arguments, or the calldata of the call; `arguments` are resolved."""
    if isinstance(step, Deploy):
        artifact = artifacts[step.contract]
        constructor = _contract(artifact).constructor(*arguments)
        return bytes.fromhex(constructor.data_in_transaction[2:])
    return bytes.fromhex(_contract(artifacts[abi_name]).encode_abi(step.function, args=list(arguments))[2:])


def _contract(artifact: Artifact):
    return Web3().eth.contract(abi=artifact.abi, bytecode="0x" + artifact.bytecode.hex())

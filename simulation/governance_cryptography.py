"""Hashes and signatures for the governance of the reference model, written from governance.md D3, D4 and the EIPs; and
calldata as the model has it.

    cryptography = EthereumGovernanceCryptography(governor.address)
    message = to_message(chain.abi("LivepeerGovernor"), data)
    calls = to_model_calls(proposal, {governor.address: chain.abi("LivepeerGovernor")})
"""

from collections.abc import Mapping

from eth_abi import encode
from eth_utils import keccak

from reference_model.exceptions import ECDSAInvalidSignature, ECDSAInvalidSignatureS
from reference_model.governance_cryptography import Calls
from reference_model.protocol import CONTRACTS
from reference_model.token import ADMIN_ROLE, BURNER_ROLE, MINTER_ROLE
from reference_model.treasury import ADMINISTERED_ROLES
from reference_model.types import Message
from simulation.ballots import (
    ballot_hash,
    extended_ballot_hash,
    voters_ballot_hash,
    voters_extended_ballot_hash,
)
from simulation.calls import hash_name, snake_case
from simulation.chain.abi import ContractAbi
from simulation.chain.engine import CHAIN_ID
from simulation.cryptography import recover_signer
from simulation.governance import Proposal
from simulation.signing import domain_separator
from simulation.tickets import CURVE_ORDER

_CALLS = ["address[]", "uint256[]", "bytes[]"]
_NAMES = {hash_name(name): name for name in (*ADMINISTERED_ROLES, ADMIN_ROLE, MINTER_ROLE, BURNER_ROLE)}
_NAMES |= {hash_name(f"{name}{suffix}"): f"{name}{suffix}" for name in CONTRACTS for suffix in ("", "Target")}


class EthereumGovernanceCryptography:
    """What `reference_model.governance_cryptography` asks for, with keccak256 and secp256k1."""

    def __init__(self, governor: str) -> None:
        self._separator = domain_separator("LivepeerGovernor", "1", CHAIN_ID, governor)

    # ---- hashes

    def hash_description(self, description: str) -> bytes:
        return keccak(text=description)

    def hash_proposal(self, calls: Calls, description_hash: bytes) -> int:
        return int.from_bytes(keccak(encode([*_CALLS, "bytes32"], [*_raw(calls), description_hash])), "big")

    def hash_operation(self, calls: Calls, predecessor: bytes, salt: bytes) -> bytes:
        kinds = ["address", "uint256", "bytes", "bytes32", "bytes32"]
        return keccak(encode(kinds, [*(part[0] for part in _raw(calls)), predecessor, salt]))

    def hash_operation_batch(self, calls: Calls, predecessor: bytes, salt: bytes) -> bytes:
        return keccak(encode([*_CALLS, "bytes32", "bytes32"], [*_raw(calls), predecessor, salt]))

    # ---- signatures

    def recover_ballot(self, proposal_id: int, support: int, signature: tuple) -> str:
        return self._recover(ballot_hash(proposal_id, support), *signature)

    def recover_extended_ballot(
        self, proposal_id: int, support: int, reason: str, params: bytes, signature: tuple
    ) -> str:
        return self._recover(extended_ballot_hash(proposal_id, support, reason, params), *signature)

    def is_ballot_of(self, voter: str, proposal_id: int, support: int, nonce: int, signature: bytes) -> bool:
        return self._is_signed(voter, voters_ballot_hash(proposal_id, support, voter, nonce), signature)

    def is_extended_ballot_of(
        self,
        voter: str,
        proposal_id: int,
        support: int,
        nonce: int,
        reason: str,
        params: bytes,
        signature: bytes,
    ) -> bool:
        signed = voters_extended_ballot_hash(proposal_id, support, voter, nonce, reason, params)
        return self._is_signed(voter, signed, signature)

    def _recover(self, struct_hash: bytes, v: int, r: bytes, s: bytes) -> str:
        if int.from_bytes(s, "big") > CURVE_ORDER // 2:
            raise ECDSAInvalidSignatureS(s)
        digest = keccak(b"\x19\x01" + self._separator + struct_hash)
        signer = recover_signer(digest, r + s + bytes([v])) if v in (27, 28) else None
        if signer is None:
            raise ECDSAInvalidSignature()
        return signer

    def _is_signed(self, voter: str, struct_hash: bytes, signature: bytes) -> bool:
        if len(signature) != 65:
            return False
        try:
            return self._recover(struct_hash, signature[64], signature[:32], signature[32:64]) == voter
        except (ECDSAInvalidSignature, ECDSAInvalidSignatureS):
            return False


def _raw(calls: Calls) -> tuple[list[str], list[int], list[bytes]]:
    return list(calls.targets), list(calls.values), calls.raw_payloads


def to_message(abi: ContractAbi, data: bytes) -> Message:
    """Calldata as the model has it: roles and registry ids by their names."""
    function = abi.by_selector[data[:4]]
    decoded = function.inputs.decode_dict(data[4:]).values()
    arguments = tuple(_NAMES.get(a, a) if isinstance(a, bytes) else a for a in decoded)
    return Message(data, snake_case(function.name), arguments)


def to_model_calls(proposal: Proposal, abis: Mapping[str, ContractAbi]) -> Calls:
    """What a proposal does; calldata for an address without ABI says nothing."""
    messages = [
        to_message(abis[target], data) if data and target in abis else Message(data, "")
        for target, data in zip(proposal.targets, proposal.calldatas, strict=True)
    ]
    return Calls(proposal.targets, proposal.values, messages)

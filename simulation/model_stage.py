"""The reference model alone, with the same actions as beside the contracts."""

from hashlib import sha256
from typing import Any

from reference_model.constants import MAX_UINT256
from reference_model.exceptions import ProtocolError
from reference_model.protocol import CONTRACTS as PROTOCOL_CONTRACTS
from reference_model.protocol import PROXIED, Parameters, Protocol
from reference_model.token import BURNER_ROLE, MINTER_ROLE
from simulation.calls import Call, Mine, Step, is_payable
from simulation.cast import Cast
from simulation.chain.actors import actor
from simulation.chain.addresses import checksum
from simulation.cryptography import EthereumCryptography
from simulation.governance import split_parameters
from simulation.governance_model import MODEL_CONTRACTS, add_governance
from simulation.staging import (
    ATTRIBUTES,
    REGISTERED,
    add_spare_parts,
    model_contracts_of,
    name_contracts,
    name_governance,
)

LPT = 10**18
FAUCET_LPT = 200 * LPT
VERIFIER, MIGRATOR = "Verifier", "L2Migrator"
SPARE_PARTS = (
    "SecondController",
    "SecondMinter",
    "ForeignMinter",
    "AdjustableCache",
    "ForeignCode",
    "Adjustable",
)
COPIES = tuple(f"{name} copy" for name in PROXIED)
CONTRACTS = (*PROTOCOL_CONTRACTS, VERIFIER, MIGRATOR, *SPARE_PARTS, *COPIES)
BLOCK_SECONDS = 12


def address_of(contract: str) -> str:
    """An address for a contract: the actions need one that can be hashed into tickets."""
    return checksum(sha256(contract.encode()).digest()[:20])


def build_model(**parameters: Any) -> Protocol:
    """A protocol at block 1000, unpaused, with a Verifier and an L2Migrator."""
    owner = str.__str__(actor("deployer"))
    addresses = {name: address_of(name) for name in CONTRACTS}
    contracts = frozenset(addresses.values())
    model = Protocol(
        Parameters(**parameters),
        owner=owner,
        cryptography=EthereumCryptography(),
        get_block_hash=lambda block: sha256(block.to_bytes(8, "big")).digest(),
        block_number=1_000,
        addresses=addresses,
        has_code=lambda address: address in contracts,
        accepts_ether=lambda address: address not in contracts,
    )
    model.timestamp = model.block_number * BLOCK_SECONDS
    for name in (VERIFIER, MIGRATOR):
        model.controller.set_contract_info(owner, name, addresses[name], bytes(20))
    model.token.grant_role(owner, MINTER_ROLE, owner)
    model.token.grant_role(owner, BURNER_ROLE, model.minter.address)
    model.token.mint(owner, model.faucet.address, FAUCET_LPT)
    model.controller.unpause(owner)
    return model


class ModelWorld:
    """A stage without contracts: `act` runs a step, `succeeded` says whether the last one did."""

    def __init__(
        self,
        *,
        stakers: int = 6,
        endowment: int = 10_000 * LPT,
        governance: bool = False,
        **parameters: Any,
    ) -> None:
        of_governance, of_protocol = split_parameters(parameters)
        self.model = build_model(**of_protocol)
        named = {name: address_of(name) for name in MODEL_CONTRACTS}
        self.trace: list[Step] = []
        self.cast = Cast(
            owner=actor("deployer"),
            stakers=tuple(actor(f"staker {number}") for number in range(1, stakers + 1)),
            gateways=(actor("gateway 1"), actor("gateway 2")),
            attacker=actor("attacker"),
            verifier=address_of(VERIFIER),
            migrator=address_of(MIGRATOR),
            targets=tuple(
                (f"{name}Target", address_of(code))
                for name in PROXIED
                for code in (f"{name}Target", f"{name} copy")
            ),
            foreign_target=address_of("ForeignCode"),
            adjustable_target=address_of("Adjustable"),
            caches=(address_of("L2LPTDataCache"), address_of("AdjustableCache")),
            minters=(address_of("Minter"), address_of("SecondMinter"), address_of("ForeignMinter")),
            second_controller=address_of("SecondController"),
            addresses=name_contracts(
                {name: address_of(name) for name in ATTRIBUTES},
                {name: address_of(f"{name}Target") for name in PROXIED},
                minters=(address_of("Minter"), address_of("SecondMinter"), address_of("ForeignMinter")),
                second_controller=address_of("SecondController"),
                cache=address_of("AdjustableCache"),
            )
            | (name_governance(named) if governance else {}),
            home={
                **{name: address_of(name) for name in REGISTERED},
                "JobsManager": address_of("TicketBroker"),
                "Verifier": address_of(VERIFIER),
                "L2Migrator": address_of(MIGRATOR),
            },
        )
        add_spare_parts(self.model, self.cast)
        token, manager = self.model.token, self.model.bonding_manager.address
        for account in (*self.cast.stakers, self.cast.migrator):
            token.mint(self.cast.owner, account, endowment)
            token.approve(account, manager, MAX_UINT256)
        token.revoke_role(self.cast.owner, MINTER_ROLE, self.cast.owner)
        for account in self.cast.accounts:
            self.model.ether[account] = 10**24
        if governance:
            add_governance(self.model, named).hand_over(
                *of_governance.settings, min_delay=of_governance.min_delay
            )
            self.model.ether[named["Treasury"]] = 10**24
        self.contracts = model_contracts_of(self.model, self.cast)

    def act(self, step: Step) -> bool:
        """Run a step; whether it succeeded.  A call that succeeds is a block of its own."""
        self.trace.append(step)
        if isinstance(step, Mine):
            self._pass(step.blocks)
            return True
        self._pass(1)
        try:
            self._call(step)
        except ProtocolError:
            self._pass(-1)
            return False
        return True

    def _pass(self, blocks: int) -> None:
        self.model.block_number += blocks
        self.model.timestamp += blocks * BLOCK_SECONDS

    def _call(self, call: Call) -> None:
        options = {"value": call.value} if is_payable(call.function) else {}
        function = getattr(self.contracts[call.contract], call.model_name)
        function(str.__str__(call.sender), *call.model_arguments, **options)

"""The contracts and the reference model side by side.

    world = World(chain, round_length=20, num_active_transcoders=2)
    world.act(Call(orchestrator, "BondingManager", "bond", (10**18, orchestrator)))
    world.act(Mine(20))

`act` runs a call on both.  It must succeed on both with the same events in the same order, or fail on both with
the same error and arguments; then everything that can be observed must be equal.  Anything else is a `Divergence`,
which carries the calls so far.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from reference_model.exceptions import ProtocolError
from reference_model.protocol import Parameters as ModelParameters
from reference_model.protocol import Protocol as Model
from reference_model.token import MINTER_ROLE
from simulation.calls import Call, Mine, Step, is_payable, to_chain_values
from simulation.cast import Cast
from simulation.chain.facade import Chain
from simulation.chain.reverts import Reverted
from simulation.cryptography import EthereumTicketCryptography
from simulation.protocol import DEPLOYER_LPT, FAUCET_LPT, Protocol, deploy_protocol

MAX_UINT256 = 2**256 - 1


class Divergence(AssertionError):
    """Contracts and model disagree; `steps` led there."""

    def __init__(self, message: str, steps: list[Step]) -> None:
        super().__init__(message)
        self.steps = steps


class World:
    """See the module.  `compare_every` lets a long run look at the whole state only after so many calls."""

    def __init__(
        self,
        chain: Chain,
        *,
        stakers: int = 6,
        gateways: int = 2,
        endowment: int = 10_000 * 10**18,
        compare_every: int = 1,
        **parameters: Any,
    ) -> None:
        # Imported here: the views are a table over this class.
        from simulation.observation import Observer

        self.chain = chain
        self.protocol = deploy_protocol(chain, unpause=False, initialize_round=False, **parameters)
        self.trace: list[Step] = []
        self.succeeded: Counter[str] = Counter()
        self.failed: Counter[tuple[str, str]] = Counter()
        self._compare_every = compare_every
        self.contracts = {
            "Controller": self.protocol.controller,
            "Minter": self.protocol.minter,
            "LivepeerToken": self.protocol.token,
            "TicketBroker": self.protocol.ticket_broker,
            "BondingManager": self.protocol.bonding_manager,
            "BondingVotes": self.protocol.bonding_votes,
            "RoundsManager": self.protocol.rounds_manager,
        }
        owner = self.protocol.owner
        verifier = chain.deploy("Placeholder__Mock", sender=owner).address
        migrator = chain.deploy("Placeholder__Mock", sender=owner).address
        self.cast = Cast(
            owner=owner,
            stakers=tuple(chain.actor(f"staker {number}") for number in range(1, stakers + 1)),
            gateways=tuple(chain.actor(f"gateway {number}") for number in range(1, gateways + 1)),
            attacker=chain.actor("attacker"),
            verifier=verifier,
            migrator=migrator,
            targets=tuple(self._deploy_targets()),
        )
        self.model = _model_of(self.protocol)
        self.model_contracts = {
            "Controller": self.model.controller,
            "Minter": self.model.minter,
            "LivepeerToken": self.model.token,
            "TicketBroker": self.model.ticket_broker,
            "BondingManager": self.model.bonding_manager,
            "BondingVotes": self.model.bonding_votes,
            "RoundsManager": self.model.rounds_manager,
        }
        self._addresses = {name: contract.address for name, contract in self.contracts.items()}
        self.observer = Observer(self)
        self._set_the_stage(endowment)

    # ---- acting

    def act(self, step: Step) -> bool:
        """Run a step on both sides and compare; whether the call succeeded."""
        self.trace.append(step)
        if isinstance(step, Mine):
            self.chain.mine(step.blocks)
            self.model.block_number = self.chain.block_number
            success = True
        else:
            success = self._call(step)
        if len(self.trace) % self._compare_every == 0:
            self.compare()
        return success

    def play(self, steps: Iterable[Step]) -> None:
        """Run several steps."""
        for step in steps:
            self.act(step)

    def compare(self, *, all_rounds: bool = False) -> None:
        """Look at everything; at all rounds, or at the latest."""
        if differences := self.observer.differences(all_rounds=all_rounds):
            raise self.divergence("state differs:\n  " + "\n  ".join(differences[:20]))

    def divergence(self, message: str) -> Divergence:
        """The failure with its history."""
        history = "\n".join(f"  {number}. {self.describe(s)}" for number, s in enumerate(self.trace, 1))
        return Divergence(f"{message}\nafter:\n{history}", list(self.trace))

    def describe(self, step: Step) -> str:
        """A step for people."""
        if isinstance(step, Mine):
            return str(step)
        arguments = ", ".join(self._label(argument) for argument in step.arguments)
        value = f" value={step.value}" if step.value else ""
        return f"{self.chain.label(step.sender)}: {step.contract}.{step.function}({arguments}){value}"

    def _label(self, value: Any) -> str:
        return self.chain.label(value) if isinstance(value, (str, bytes, int)) else repr(value)

    # ---- one call

    def _call(self, call: Call) -> bool:
        expected_error = expected_result = None
        self.model.block_number = self.chain.block_number + 1
        try:
            expected_result = self._call_model(call)
        except ProtocolError as error:
            expected_error = error
        found_error = receipt = None
        try:
            receipt = self._call_chain(call)
        except Reverted as error:
            found_error = error
        self.model.block_number = self.chain.block_number
        self._compare_outcome(call, expected_error, found_error)
        if expected_error is not None:
            self.failed[call.function, expected_error.name] += 1
            return False
        self._compare_events(call, receipt)
        if isinstance(expected_result, (bool, int)) and expected_result != receipt.return_value:
            raise self.divergence(
                f"{call.function} returned {receipt.return_value}, expected {expected_result}"
            )
        self.succeeded[call.function] += 1
        return True

    def _call_model(self, call: Call) -> Any:
        function = getattr(self.model_contracts[call.contract], call.model_name)
        options = {"value": call.value} if is_payable(call.function) else {}
        return function(str.__str__(call.sender), *call.model_arguments, **options)

    def _call_chain(self, call: Call):
        function = getattr(self.contracts[call.contract], call.function)
        return function.send(*call.chain_arguments, sender=call.sender, value=call.value)

    def _compare_outcome(self, call: Call, expected: ProtocolError | None, found: Reverted | None) -> None:
        if expected is None and found is None:
            return
        if expected is not None and found is not None:
            arguments = to_chain_values(expected.arguments)
            if found.error_name == expected.name and found.args_by_name == arguments:
                return
        wanted = f"{expected.name}({expected})" if expected else "success"
        raise self.divergence(f"expected {wanted}, found {found or 'success'}")

    def _compare_events(self, call: Call, receipt) -> None:
        expected = [
            (self._addresses[event.contract], event.name, to_chain_values(event.arguments))
            for event in self.model.journal.events
        ]
        found = [(event.address, event.name, event.args) for event in receipt.events]
        if found != expected:
            lines = ["events differ"]
            for position in range(max(len(found), len(expected))):
                wanted = expected[position] if position < len(expected) else "nothing"
                came = found[position] if position < len(found) else "nothing"
                lines.append(f"  {' ' if wanted == came else '!'} expected {wanted}\n    found    {came}")
            raise self.divergence("\n".join(lines))

    # ---- the start

    def _deploy_targets(self) -> Iterator[tuple[str, str]]:
        """The code behind each proxy, and a copy of it."""
        for name, target in self.protocol.targets.items():
            controller = self.protocol.controller
            copy = self.chain.deploy(target.contract_name, controller, sender=self.protocol.owner)
            yield f"{name}Target", target.address
            yield f"{name}Target", copy.address

    def _set_the_stage(self, endowment: int) -> None:
        """Money, roles and a first round."""
        owner, token, manager = self.cast.owner, "LivepeerToken", self.protocol.bonding_manager.address
        for account in (*self.cast.stakers, *self.cast.gateways, self.cast.attacker):
            self.model.ether[account] = self.chain.balance(account)
        self.model.ether[owner] = self.chain.balance(owner)
        for address in (self.cast.verifier, self.cast.migrator):
            self.chain.set_balance(address, 10**24)
            self.model.ether[address] = 10**24
        steps = [Call(owner, token, "grantRole", (role, owner)) for role in (MINTER_ROLE,)]
        steps.append(Call(owner, token, "grantRole", ("BURNER_ROLE", self.protocol.minter.address)))
        for account in (*self.cast.stakers, self.cast.migrator):
            steps.append(Call(owner, token, "mint", (account, endowment)))
            steps.append(Call(account, token, "approve", (manager, MAX_UINT256)))
        steps.append(Call(owner, token, "revokeRole", (MINTER_ROLE, owner)))
        for name, address in (("Verifier", self.cast.verifier), ("L2Migrator", self.cast.migrator)):
            steps.append(Call(owner, "Controller", "setContractInfo", (name, address, bytes(20))))
        steps.append(Call(owner, "Controller", "unpause"))
        steps.append(Mine(self.protocol.parameters.round_length))
        steps.append(Call(owner, "RoundsManager", "initializeRound"))
        compare_every, self._compare_every = self._compare_every, MAX_UINT256
        self.play(steps)
        self._compare_every = compare_every
        self.compare()
        self.trace.clear()
        self.succeeded.clear()


def _model_of(protocol: Protocol) -> Model:
    """A model in the state in which the deployment helper leaves the contracts."""
    chain, given = protocol.chain, protocol.parameters
    owner = str.__str__(protocol.owner)
    fields = ModelParameters.__dataclass_fields__
    model = Model(
        ModelParameters(**{name: getattr(given, name) for name in fields}),
        owner=owner,
        ticket_cryptography=EthereumTicketCryptography(),
        get_block_hash=chain.block_hash,
        # The clock is anchored in the round in which its length was first set.
        block_number=protocol.rounds_manager.lastRoundLengthUpdateStartBlock(),
        addresses={
            "Controller": protocol.controller.address,
            "Minter": protocol.minter.address,
            "LivepeerToken": protocol.token.address,
            "TicketBroker": protocol.ticket_broker.address,
            "BondingManager": protocol.bonding_manager.address,
            "BondingVotes": protocol.bonding_votes.address,
            "RoundsManager": protocol.rounds_manager.address,
            "Treasury": protocol.treasury.address,
        },
        has_code=lambda address: bool(chain.code(address)),
        accepts_ether=lambda address: not chain.code(address),
    )
    model.block_number = chain.block_number
    model.token.grant_role(owner, MINTER_ROLE, owner)
    model.token.mint(owner, protocol.faucet.address, FAUCET_LPT)
    model.token.mint(owner, owner, DEPLOYER_LPT)
    model.token.revoke_role(owner, MINTER_ROLE, owner)
    return model

"""A council (tests/helpers/council.py) with the reference model beside it: each call runs on both and is compared.

pair = CouncilPair(deploy_council(chain), accounts)
pair.power(account, 100, delegate); pair.start(101)
pair.call("LivepeerGovernor", sender, "castVote", proposal_id, FOR)      # same outcome and events, or Divergence
pair.compare()                                                           # same views
"""

from collections.abc import Iterator
from typing import Any

from reference_model.exceptions import FutureLookup, ProtocolError
from reference_model.treasury import ADMINISTERED_ROLES
from reference_model.types import Message
from reference_model.voting import BondingVotes
from simulation.calls import hash_name, snake_case, to_chain_values
from simulation.chain.addresses import ZERO_ADDRESS
from simulation.chain.reverts import Reverted
from simulation.governance import Proposal
from simulation.governance_cryptography import to_model_calls
from simulation.governance_model import MODEL_CONTRACTS, add_governance
from simulation.model_stage import address_of, build_model
from tests.helpers.council import TOTAL_SUPPLY, Council

BLOCK_SECONDS = 12
GOVERNOR_BATCHES, TREASURY_SINGLES = ("propose", "cancel", "queue", "execute"), ("schedule", "execute")
SETTINGS = {
    "votingDelay": "voting_delay",
    "votingPeriod": "voting_period",
    "proposalThreshold": "proposal_threshold",
    "quota": "quota",
    "token": "token",
    "timelock": "timelock",
}


class Divergence(AssertionError):
    """Contracts and model disagree."""


class TableModel(BondingVotes):
    """BondingVotesTable__Mock."""

    round = total_supply_of_all_rounds = 0

    def __init__(self, protocol: Any, address: str) -> None:
        super().__init__(protocol, address)
        self.powers: dict[tuple[str, int], tuple[int, str]] = {}

    def clock(self) -> int:
        return self.round

    def get_past_votes(self, account: str, round_number: int) -> int:
        return self._power_at(account, round_number)[0]

    def get_past_total_supply(self, round_number: int) -> int:
        self._require_past(round_number)
        return self.total_supply_of_all_rounds

    def get_votes_and_delegate_at_round_start(self, account: str, round_number: int) -> tuple[int, str]:
        return self._power_at(account, round_number - 1)

    def _power_at(self, account: str, round_number: int) -> tuple[int, str]:
        self._require_past(round_number)
        since = [r for a, r in self.powers if a == account and r <= round_number]
        return self.powers[account, max(since)] if since else (0, ZERO_ADDRESS)

    def _require_past(self, round_number: int) -> None:
        if round_number >= self.round:
            raise FutureLookup(round_number, self.round - 1)


class CouncilPair:
    """See the module."""

    def __init__(self, council: Council, accounts: list[str]) -> None:
        self.council, self.accounts = council, [str.__str__(account) for account in accounts]
        self.proposals: dict[int, Proposal] = {}
        self.operations: set[bytes] = set()
        self.outcomes: set[tuple[str, str]] = set()
        self.contracts = {"LivepeerGovernor": council.governor, "Treasury": council.treasury}
        self.model = model = build_model()
        at = {name: address_of(f"{name} of the council") for name in MODEL_CONTRACTS}
        at |= {name: contract.address for name, contract in self.contracts.items()}
        self.abis = {contract.address: council.chain.abi(name) for name, contract in self.contracts.items()}
        self.table = model.add(TableModel(model, council.table.address))
        self._governance = add_governance(model, at)
        known = model.has_code
        model.has_code = lambda address: address == self.table.address or known(address)
        model.controller.set_contract_info(
            model.controller.owner, "BondingVotes", self.table.address, bytes(20)
        )
        self.treasury, self.governor = self._governance.treasury, self._governance.governor
        self.models = {"LivepeerGovernor": self.governor, "Treasury": self.treasury}
        self.ether = model.ether
        for holder in self._holders():
            self.ether[holder] = council.chain.balance(holder)
        self._hand_over()

    # ---- the world around

    def power(self, account: str, votes: int, delegate: str) -> None:
        """What an account has from the end of this round on."""
        account, delegate = str.__str__(account), str.__str__(delegate)
        self.council.power(account, votes, delegate, since=self.table.round)
        self.table.powers[account, self.table.round] = (votes, delegate)

    def start(self, round_: int) -> None:
        self.council.start(round_)
        self.table.round = round_

    def wait(self, seconds: int) -> None:
        """Let time pass, in a block without transactions."""
        self.council.chain.set_timestamp(self.council.chain.timestamp + seconds)
        self.council.chain.mine()

    # ---- one call

    def propose(self, sender: str, proposal: Proposal) -> None:
        if self.call("LivepeerGovernor", sender, "propose", *proposal):
            self.proposals[proposal.id] = proposal
            self.operations.add(proposal.operation_id)

    def call(self, contract: str, sender: str, function: str, *arguments: Any, value: int = 0) -> bool:
        """Run a call on both; whether it succeeded."""
        sender = str.__str__(sender)
        self.model.timestamp = self.council.chain.timestamp + BLOCK_SECONDS
        expected = self._call_model(contract, sender, function, arguments, value)
        found = self._call_chain(contract, sender, function, arguments, value)
        self.model.timestamp = self.council.chain.timestamp
        if found != expected:
            label = self.council.chain.label
            call = f"{label(sender)}: {contract}.{function}{arguments} value={value}"
            raise Divergence(f"{call}\nfound    {found}\nexpected {expected}")
        outcome, details = found
        self.outcomes.add((function, "" if outcome == "events" else details[0]))
        return outcome == "events"

    def _call_model(self, contract: str, sender: str, function: str, arguments: tuple, value: int) -> tuple:
        target = self.models[contract]
        options: dict[str, Any] = {"value": value} if value else {}
        named = self._to_model(contract, function, arguments)
        try:
            getattr(target, snake_case(function))(sender, *named, **options)
        except ProtocolError as error:
            return "error", (error.name, to_chain_values(error.arguments))
        return "events", [
            (self.models[event.contract].address, event.name, to_chain_values(event.arguments))
            for event in target.journal.events
        ]

    def _to_model(self, contract: str, function: str, arguments: tuple) -> list[Any]:
        """Calldata as messages, roles by their names."""
        if contract == "LivepeerGovernor" and function in GOVERNOR_BATCHES:
            targets, values, raw, *rest = arguments
            proposal = Proposal(targets, values, raw, "")
            return [*to_model_calls(proposal, self.abis), *rest]
        if contract == "Treasury" and function in TREASURY_SINGLES:
            target, value, raw, *rest = arguments
            return [target, value, Message(raw, ""), *rest]
        return [_ROLES.get(a, a) if isinstance(a, bytes) else a for a in arguments]

    def _call_chain(self, contract: str, sender: str, function: str, arguments: tuple, value: int) -> tuple:
        try:
            receipt = getattr(self.contracts[contract], function).send(*arguments, sender=sender, value=value)
        except Reverted as error:
            return "error", (error.error_name, error.args_by_name)
        return "events", [(event.address, event.name, event.args) for event in receipt.events]

    # ---- everything that can be seen

    def compare(self) -> None:
        """All views of both."""
        for what, found, expected in self._views():
            if found != expected:
                raise Divergence(f"{what}: found {found}, expected {expected}")

    def _views(self) -> Iterator[tuple[str, Any, Any]]:
        governor, model = self.council.governor, self.governor
        for view, field in SETTINGS.items():
            yield view, getattr(governor, view)(), getattr(model, field)
        for round_ in range(self.table.round - 3, self.table.round + 1):
            yield f"numerator {round_}", governor.quorumNumerator(round_), model.quorum_numerator(round_)
        for id_ in self.proposals:
            yield f"state {id_}", governor.state(id_), int(model.state(id_))
            yield f"votes {id_}", tuple(governor.proposalVotes(id_)), model.proposal_votes(id_)
            yield f"eta {id_}", governor.proposalEta(id_), model.proposal_eta(id_)
            yield f"snapshot {id_}", governor.proposalSnapshot(id_), model.proposal_snapshot(id_)
            yield f"deadline {id_}", governor.proposalDeadline(id_), model.proposal_deadline(id_)
            yield f"proposer {id_}", governor.proposalProposer(id_), model.proposal_proposer(id_)
            for account in self.accounts:
                voted = governor.hasVoted(id_, account)
                yield f"{account} has voted on {id_}", voted, model.has_voted(id_, account)
        yield from self._treasury_views()

    def _treasury_views(self) -> Iterator[tuple[str, Any, Any]]:
        treasury, model = self.council.treasury, self.treasury
        yield "min delay", treasury.getMinDelay(), model.min_delay
        for id_ in self.operations:
            yield f"time of {id_.hex()}", treasury.getTimestamp(id_), model.get_timestamp(id_)
        for role in ADMINISTERED_ROLES:
            for account in self._holders():
                held = treasury.hasRole(hash_name(role), account)
                yield f"{role} of {account}", held, model.has_role(role, account)
        for account in self._holders():
            yield f"wei of {account}", self.council.chain.balance(account), self.ether[account]

    def _holders(self) -> list[str]:
        return [*self.accounts, *(contract.address for contract in self.contracts.values())]

    # ---- the start

    def _hand_over(self) -> None:
        """What deploy_council has done."""
        council, given = self.council, self.council.governance.parameters
        proposer = str.__str__(council.proposer)
        self.table.round = council.governor.clock()
        self.table.total_supply_of_all_rounds = TOTAL_SUPPLY
        self.table.powers[proposer, 0] = (council.governor.getVotes(proposer, 0), proposer)
        settings = (given.voting_delay, given.voting_period, given.proposal_threshold)
        self._governance.hand_over(*settings, given.quorum, given.quota, min_delay=given.min_delay)


_ROLES = {hash_name(role): role for role in ADMINISTERED_ROLES}

"""Views of the LivepeerGovernor, the Treasury, the PollCreator with its polls, and the MerkleSnapshot."""

from collections.abc import Iterable, Iterator

from reference_model.constants import PPM_WHOLE
from reference_model.exceptions import ProtocolError
from reference_model.governance import LivepeerGovernor
from reference_model.polls import POLL_CREATION_COST, POLL_PERIOD, QUORUM_PPM, QUOTA_PPM
from reference_model.proposals import ProposalState
from reference_model.token import ADMIN_ROLE
from reference_model.treasury import ADMINISTERED_ROLES, DONE, READY, UNSET, WAITING
from simulation.calls import POLLS, hash_name
from simulation.chain.engine import CHAIN_ID
from simulation.observation.control import ProxyTable, TargetTable
from simulation.observation.table import Row, Scene, Table, ask

GOVERNOR, TREASURY = "LivepeerGovernor", "Treasury"
# Nothing becomes of these any more; the others are looked at after every step.
ENDED = (ProposalState.CANCELED, ProposalState.DEFEATED, ProposalState.EXECUTED)
# ERC-165, OpenZeppelin's receivers, the governor of 4.3; and one that nobody has.
INTERFACES = {"01ffc9a7": True, "4e2312e0": True, "bf26d897": True, "ffffffff": False}
TREASURY_INTERFACES = {"01ffc9a7": True, "4e2312e0": True, "7965db0b": True, "ffffffff": False}
RARE_ROOT = bytes(31) + b"\x52"


class GovernorTable(Table):
    """Settings, proposals, votes."""

    contract = GOVERNOR

    def totals(self, scene: Scene) -> Iterable[Row]:
        governor = scene.contracts[GOVERNOR]
        for proposal_id in _open(governor):
            yield "proposalVotes", (proposal_id,), governor.proposal_votes(proposal_id)

    def of_system(self, scene: Scene) -> Iterable[Row]:
        governor = scene.contracts[GOVERNOR]
        yield "clock", (), governor.clock()
        yield "votingDelay", (), governor.voting_delay
        yield "votingPeriod", (), governor.voting_period
        yield "proposalThreshold", (), governor.proposal_threshold
        yield "quorumNumerator", (), governor.quorum_numerator()
        yield "quota", (), governor.quota
        yield "token", (), governor.token
        yield "votes", (), governor.votes()
        yield "timelock", (), governor.timelock
        for proposal_id in _open(governor):
            yield from self._proposal(scene, proposal_id)

    def of_entries(self, scene: Scene) -> Iterable[Row]:
        governor = scene.contracts[GOVERNOR]
        yield "name", (), "LivepeerGovernor"
        yield "version", (), "1"
        yield "COUNTING_MODE", (), "support=bravo&quorum=for,abstain,against"
        yield "CLOCK_MODE", (), "mode=livepeer_round"
        yield "quorumDenominator", (), PPM_WHOLE
        domain = (b"\x0f", "LivepeerGovernor", "1", CHAIN_ID, governor.address, bytes(32), [])
        yield "eip712Domain", (), domain
        for interface, has_it in INTERFACES.items():
            yield "supportsInterface", (bytes.fromhex(interface),), has_it
        for proposal_id in _known(governor):
            yield from self._proposal(scene, proposal_id)
            yield "proposalProposer", (proposal_id,), governor.proposal_proposer(proposal_id)
            yield "proposalNeedsQueuing", (proposal_id,), True

    def in_turn(self, scene: Scene) -> Iterable[Row]:
        """Of proposals that nobody made, and of rounds that are not over."""
        governor, n = scene.contracts[GOVERNOR], scene.round
        account = scene.accounts[scene.model.block_number % len(scene.accounts)]
        kinds = (
            ("state", (n,), governor.state),
            ("quorum", (n,), governor.quorum),
            ("getVotes", (account, n), governor.get_votes),
            ("proposalVotes", (n,), governor.proposal_votes),
        )
        function, arguments, view = kinds[scene.model.block_number % len(kinds)]
        yield function, arguments, ask(view, *arguments)

    def of_account(self, scene: Scene, account: str) -> Iterable[Row]:
        governor = scene.contracts[GOVERNOR]
        yield "nonces", (account,), governor.nonces[account]
        for proposal_id in _open(governor):
            yield "hasVoted", (proposal_id, account), governor.has_voted(proposal_id, account)

    def derived_of_account(self, scene: Scene, account: str) -> Iterable[Row]:
        governor = scene.contracts[GOVERNOR]
        for proposal_id in _known(governor):
            yield "hasVoted", (proposal_id, account), governor.has_voted(proposal_id, account)

    def of_round(self, scene: Scene, round_number: int) -> Iterable[Row]:
        governor = scene.contracts[GOVERNOR]
        yield "quorumNumerator", (round_number,), governor.quorum_numerator(round_number)
        if round_number < scene.round:
            yield "quorum", (round_number,), governor.quorum(round_number)

    def of_account_in_round(self, scene: Scene, account: str, round_number: int) -> Iterable[Row]:
        if round_number < scene.round:
            votes = scene.contracts[GOVERNOR].get_votes(account, round_number)
            yield "getVotes", (account, round_number), votes

    def _proposal(self, scene: Scene, proposal_id: int) -> Iterator[Row]:
        governor, of_it = scene.contracts[GOVERNOR], (proposal_id,)
        state = governor.state(proposal_id)
        yield "state", of_it, state if isinstance(state, ProtocolError) else int(state)
        yield "proposalVotes", of_it, governor.proposal_votes(proposal_id)
        yield "proposalSnapshot", of_it, governor.proposal_snapshot(proposal_id)
        yield "proposalDeadline", of_it, governor.proposal_deadline(proposal_id)
        yield "proposalEta", of_it, governor.proposal_eta(proposal_id)


class TreasuryTable(Table):
    """Delay, roles, operations; what it holds is among the balances of holders."""

    contract = TREASURY

    def of_system(self, scene: Scene) -> Iterable[Row]:
        treasury = scene.contracts[TREASURY]
        yield "getMinDelay", (), treasury.get_min_delay()
        # The latest few: older ones are looked at with everything.
        for operation_id in list(treasury.timestamps)[-4:]:
            yield "getTimestamp", (operation_id,), treasury.get_timestamp(operation_id)

    def of_entries(self, scene: Scene) -> Iterable[Row]:
        treasury = scene.contracts[TREASURY]
        for role in ADMINISTERED_ROLES:
            yield role, (), hash_name(role)
            yield "getRoleAdmin", (hash_name(role),), hash_name(treasury.get_role_admin(role))
        yield "getRoleAdmin", (hash_name(ADMIN_ROLE),), hash_name(ADMIN_ROLE)
        for (role, account), has_it in treasury.roles.items():
            yield "hasRole", (hash_name(role), account), has_it
        for interface, has_it in TREASURY_INTERFACES.items():
            yield "supportsInterface", (bytes.fromhex(interface),), has_it
        for operation_id in treasury.timestamps:
            of_it, state = (operation_id,), treasury.get_operation_state(operation_id)
            yield "getTimestamp", of_it, treasury.get_timestamp(operation_id)
            yield "getOperationState", of_it, state
            yield "isOperation", of_it, state != UNSET
            yield "isOperationPending", of_it, state in (WAITING, READY)
            yield "isOperationReady", of_it, state == READY
            yield "isOperationDone", of_it, state == DONE

    def of_account(self, scene: Scene, account: str) -> Iterable[Row]:
        treasury = scene.contracts[TREASURY]
        for role in ADMINISTERED_ROLES:
            yield "hasRole", (hash_name(role), account), treasury.has_role(role, account)


class PollCreatorTable(Table):
    """What never changes."""

    contract = "PollCreator"

    def of_entries(self, scene: Scene) -> Iterable[Row]:
        yield "QUORUM", (), QUORUM_PPM
        yield "QUOTA", (), QUOTA_PPM
        yield "POLL_PERIOD", (), POLL_PERIOD
        yield "POLL_CREATION_COST", (), POLL_CREATION_COST
        yield "bondingManager", (), scene.spender


class PollTable(Table):
    """When a poll ends."""

    def __init__(self, contract: str) -> None:
        self.contract = contract

    def of_entries(self, scene: Scene) -> Iterable[Row]:
        poll = scene.contracts[self.contract].poll
        if poll is not None:
            yield "endBlock", (), poll.end_block


class SnapshotTable(Table):
    """Roots, and who is under them."""

    contract = "MerkleSnapshot"

    def of_entries(self, scene: Scene) -> Iterable[Row]:
        snapshots = scene.contracts["MerkleSnapshot"]
        yield "controller", (), snapshots.controller
        for snapshot_id in (*snapshots.roots, RARE_ROOT):
            root = snapshots.snapshot(snapshot_id)
            yield "snapshot", (snapshot_id,), root
            for leaf in (root, RARE_ROOT):
                for proof in ((), (RARE_ROOT, root)):
                    yield "verify", (snapshot_id, proof, leaf), snapshots.verify(snapshot_id, proof, leaf)


def _known(governor: LivepeerGovernor) -> list[int]:
    """The ids of all proposals."""
    return [proposal_id for proposal_id, one in governor.proposals.items() if one.vote_start]


def _open(governor: LivepeerGovernor) -> list[int]:
    """Those of which something may still become; while a proposal waits, that is a look at a few numbers."""
    return [proposal_id for proposal_id in _known(governor) if governor.state(proposal_id) not in ENDED]


GOVERNANCE: tuple[Table, ...] = (
    ProxyTable(GOVERNOR),
    TargetTable(GOVERNOR),
    GovernorTable(),
    TreasuryTable(),
    PollCreatorTable(),
    *(PollTable(name) for name in POLLS),
    SnapshotTable(),
)

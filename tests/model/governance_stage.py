"""A model with a governor and a treasury that have been handed over, and real stake."""

from reference_model.proposals import ProposalState
from simulation.calls import abi_of
from simulation.governance import Proposal, make_proposal
from simulation.governance_cryptography import to_model_calls
from simulation.governance_model import MODEL_CONTRACTS, add_governance
from simulation.model_stage import LPT, address_of, build_model

SETTINGS = (1, 10, 100 * LPT, 333_300, 500_000)
T, A, B, RIVAL, PAYEE = (address_of(f"account {number}") for number in range(5))
BLOCKS_PER_ROUND = 50


class Bench:
    """A model with a governor and a treasury that have been handed over, in an initialized round."""

    def __init__(self) -> None:
        self.model = model = build_model(round_length=BLOCKS_PER_ROUND, num_active_transcoders=10)
        self.owner = model.controller.owner
        model.timestamp = 1_700_000_000
        self.governance = add_governance(model, {name: address_of(name) for name in MODEL_CONTRACTS})
        self.treasury, self.governor = self.governance.treasury, self.governance.governor
        self.cryptography, self.polls = self.governor.cryptography, self.governance.polls
        self.abis = {
            contract.address: abi_of(contract.name)
            for contract in (self.treasury, self.governor, model.token, model.bonding_manager)
        }
        for account, amount in ((T, 1_000), (A, 1_000), (B, 1_000), (RIVAL, 1_000)):
            model.token.mint(self.owner, account, amount * LPT)
            model.token.approve(account, model.bonding_manager.address, amount * LPT)
        model.token.mint(self.owner, self.treasury.address, 500 * LPT)
        self.start_round(100)
        self.governance.hand_over(*SETTINGS)

    def start_round(self, round_number: int) -> None:
        """Initialize a round, which may be any later one."""
        self.model.block_number = round_number * BLOCKS_PER_ROUND
        self.model.rounds_manager.initialize_round("anybody")

    def bond(self, account: str, amount_lpt: int, to: str) -> None:
        self.model.bonding_manager.bond(account, amount_lpt * LPT, to)

    def encode(self, contract, function: str, *arguments) -> tuple[str, int, bytes]:
        """A call, as proposals have it."""
        return contract.address, 0, self.abis[contract.address].functions[function][0].encode(arguments)

    def grant(self, amount_lpt: int = 50, description: str = "Pay the payee") -> Proposal:
        return make_proposal(
            self.encode(self.model.token, "transfer", PAYEE, amount_lpt * LPT), description=description
        )

    def propose(self, proposal: Proposal, proposer: str = T) -> Proposal:
        calls = to_model_calls(proposal, self.abis)
        assert self.governor.propose(proposer, *calls, proposal.description) == proposal.id
        return proposal

    def cancel(self, proposal: Proposal, sender: str) -> None:
        self.governor.cancel(sender, *to_model_calls(proposal, self.abis), proposal.description_hash)

    def queue(self, proposal: Proposal) -> None:
        self.governor.queue("anybody", *to_model_calls(proposal, self.abis), proposal.description_hash)

    def execute(self, proposal: Proposal) -> None:
        self.governor.execute("anybody", *to_model_calls(proposal, self.abis), proposal.description_hash)

    def state(self, proposal: Proposal) -> ProposalState:
        return self.governor.state(proposal.id)

    def events(self) -> list[str]:
        return [event.name for event in self.model.journal.events]


def open_bench() -> Bench:
    """In round 101; T has 400 LPT at stake, 100 of them of A and 50 of B; RIVAL has 200."""
    bench = Bench()
    bench.bond(T, 250, T)
    bench.bond(A, 100, T)
    bench.bond(B, 50, T)
    bench.bond(RIVAL, 200, RIVAL)
    bench.start_round(101)
    return bench

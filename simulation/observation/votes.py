"""Views of BondingVotes."""

from collections.abc import Iterable

from simulation.observation.table import Row, Scene, Table


class VotesTable(Table):
    """Voting power now and at past rounds."""

    contract = "BondingVotes"

    def of_system(self, scene: Scene) -> Iterable[Row]:
        votes = scene.model.bonding_votes
        yield "clock", (), votes.clock()
        yield "totalSupply", (), votes.total_supply()

    def of_account(self, scene: Scene, account: str) -> Iterable[Row]:
        votes = scene.model.bonding_votes
        next_round = votes.clock() + 1
        start = votes.get_votes_and_delegate_at_round_start(account, next_round)
        yield "getVotesAndDelegateAtRoundStart", (account, next_round), start

    def derived_of_account(self, scene: Scene, account: str) -> Iterable[Row]:
        votes = scene.model.bonding_votes
        yield "getVotes", (account,), votes.get_votes(account)
        yield "delegates", (account,), votes.delegates(account)
        yield "hasCheckpoint", (account,), votes.has_checkpoint(account)

    def of_round(self, scene: Scene, round_number: int) -> Iterable[Row]:
        votes, n = scene.model.bonding_votes, round_number
        if n <= votes.clock() + 1:
            yield "getTotalActiveStakeAt", (n,), votes.get_total_active_stake_at(n)
        if n < votes.clock():
            yield "getPastTotalSupply", (n,), votes.get_past_total_supply(n)

    def of_account_in_round(self, scene: Scene, account: str, round_number: int) -> Iterable[Row]:
        votes, n = scene.model.bonding_votes, round_number
        if n <= votes.clock():  # that of the next round is among what is stored of the account
            start = votes.get_votes_and_delegate_at_round_start(account, n)
            yield "getVotesAndDelegateAtRoundStart", (account, n), start
        if n < votes.clock():
            yield "getPastVotes", (account, n), votes.get_past_votes(account, n)
            yield "delegatedAt", (account, n), votes.delegated_at(account, n)

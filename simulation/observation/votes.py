"""Views of BondingVotes."""

from collections.abc import Iterable

from simulation.observation.table import Row, Scene, Table, ask


class VotesTable(Table):
    """Voting power now and at past rounds."""

    contract = "BondingVotes"

    def of_system(self, scene: Scene) -> Iterable[Row]:
        votes = scene.model.bonding_votes
        yield "clock", (), votes.clock()
        yield "totalSupply", (), votes.total_supply()

    def in_turn(self, scene: Scene) -> Iterable[Row]:
        votes, n = scene.model.bonding_votes, scene.round
        account = scene.accounts[scene.model.block_number % len(scene.accounts)]
        fails = (
            ("getPastVotes", (account, n), votes.get_past_votes),
            ("delegatedAt", (account, n + 1), votes.delegated_at),
            (
                "getVotesAndDelegateAtRoundStart",
                (account, n + 2),
                votes.get_votes_and_delegate_at_round_start,
            ),
            ("getPastTotalSupply", (n,), votes.get_past_total_supply),
            ("getTotalActiveStakeAt", (n + 2,), votes.get_total_active_stake_at),
            ("delegate", (account,), votes.delegate),
            ("delegateBySig", (account, 0, 0, 27, bytes(32), bytes(32)), votes.delegate_by_sig),
        )
        function, arguments, view = fails[scene.model.block_number % len(fails)]
        yield function, arguments, ask(view, *arguments)

    def of_entries(self, scene: Scene) -> Iterable[Row]:
        failure = scene.model.bonding_votes.require_code()
        yield "name", (), failure or "Livepeer Voting Power"
        yield "symbol", (), failure or "vLPT"
        yield "decimals", (), failure or 18
        yield "CLOCK_MODE", (), failure or "mode=livepeer_round"

    def of_account(self, scene: Scene, account: str) -> Iterable[Row]:
        votes, next_round = scene.model.bonding_votes, scene.round + 1
        start = votes.get_votes_and_delegate_at_round_start(account, next_round)
        yield "getVotesAndDelegateAtRoundStart", (account, next_round), start

    def derived_of_account(self, scene: Scene, account: str) -> Iterable[Row]:
        votes = scene.model.bonding_votes
        yield "getVotes", (account,), votes.get_votes(account)
        yield "delegates", (account,), votes.delegates(account)
        yield "hasCheckpoint", (account,), votes.has_checkpoint(account)

    def of_round(self, scene: Scene, round_number: int) -> Iterable[Row]:
        votes, n = scene.model.bonding_votes, round_number
        if n <= scene.round + 1:
            yield "getTotalActiveStakeAt", (n,), votes.get_total_active_stake_at(n)
        if n < scene.round:
            yield "getPastTotalSupply", (n,), votes.get_past_total_supply(n)

    def of_account_in_round(self, scene: Scene, account: str, round_number: int) -> Iterable[Row]:
        votes, n = scene.model.bonding_votes, round_number
        if n <= scene.round:  # that of the next round is among what is stored of the account
            start = votes.get_votes_and_delegate_at_round_start(account, n)
            yield "getVotesAndDelegateAtRoundStart", (account, n), start
        if n < scene.round:
            yield "getPastVotes", (account, n), votes.get_past_votes(account, n)
            yield "delegatedAt", (account, n), votes.delegated_at(account, n)
        yield "stakeHistoryAt", (account, n), votes.stake_history_at(account, n)

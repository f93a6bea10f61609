"""Reads the state of a deployment at a block, through public views and events alone.

Views say how things stand, events who there is and what came before; where both speak of the same thing they must
agree (HistoryIncomplete). Nothing here needs more than the deployed interface has.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import ValidationError

from scripts._migration.checkpoints import Stakes
from scripts._migration.errors import HistoryIncomplete, RoundNotReached, SourceNotPaused, StateTooLarge
from scripts._migration.history import ZERO_ADDRESS, History, read_history
from scripts._migration.ledger import Ledger
from scripts._migration.state import (
    Account,
    Bond,
    Bonding,
    Claim,
    Clock,
    Earnings,
    Escrow,
    Issuance,
    Lock,
    Orchestrator,
    Origin,
    State,
    Tickets,
    VoteTotal,
    totals_of,
)
from scripts._migration.views import REGISTERED, View, Views
from tools.artifacts import Artifact

NEVER = 2**256 - 1


def export_state(
    ledger: Ledger,
    artifacts: Mapping[str, Artifact],
    controller: str,
    *,
    since: int | None = None,
    lips: Iterable[int] = (),
    rehearsal: bool = False,
) -> State:
    """The state of the deployment that a Controller governs.

    `since` is the first round about which views of the past are carried, by default the current one. `lips` are LIPs
    whose upgrade round is asked for: the deployed contract has no event of them. Raises SourceNotPaused unless
    `rehearsal`, RoundNotReached, NotRegistered, ViewFailed, HistoryIncomplete, StateTooLarge.
    """
    views = Views.of_controller(ledger, artifacts, controller)
    paused = views.one("Controller", "paused")
    if not paused and not rehearsal:
        raise SourceNotPaused(controller)
    history = read_history(
        ledger.logs([views.addresses[name] for name in REGISTERED[:5]]), views.addresses, artifacts
    )
    current_round = views.one("RoundsManager", "currentRound")
    if since is not None and since > current_round:
        raise RoundNotReached(since, current_round)
    since = current_round if since is None else since
    try:
        return _build_state(_Export(views, history, current_round, since), ledger, controller, paused, lips)
    except ValidationError as error:
        faults = [f"{fault['loc'][-1]}: found {fault['input']}; {fault['msg']}" for fault in error.errors()]
        raise StateTooLarge(faults) from None


def _build_state(
    export: "_Export", ledger: Ledger, controller: str, paused: bool, lips: Iterable[int]
) -> State:
    accounts = export.accounts()
    return State(
        origin=Origin(
            chain_id=ledger.chain_id,
            block=ledger.block,
            block_hash=ledger.block_hash,
            controller=controller,
            contracts=export.addresses,
            paused=paused,
            round=export.round,
            since=export.since,
        ),
        clock=export.clock(lips),
        issuance=export.issuance(),
        bonding=export.bonding(),
        vote_totals=export.vote_totals(),
        tickets=export.tickets(),
        totals=totals_of(accounts),
        accounts=accounts,
    )


class _Export:
    """The sections, one by one."""

    def __init__(self, views: Views, history: History, current_round: int, since: int) -> None:
        self._views, self._history = views, history
        self.round, self.since = current_round, since

    @property
    def addresses(self) -> dict[str, str]:
        """Of the contracts that are read."""
        return {name: self._views.addresses[name] for name in REGISTERED}

    def _read(self, contract: str, **functions: str) -> dict[str, Any]:
        """Views without arguments, by the names of fields."""
        answers = self._views.many([View(contract, function) for function in functions.values()])
        return dict(zip(functions, answers, strict=True))

    # ---- what belongs to nobody in particular

    def clock(self, lips: Iterable[int]) -> Clock:
        views, history = self._views, self._history
        found = self._read(
            "RoundsManager",
            round_length_blocks="roundLength",
            last_round_length_update_round="lastRoundLengthUpdateRound",
            last_round_length_update_start_block="lastRoundLengthUpdateStartBlock",
            last_initialized_round="lastInitializedRound",
            round_lock_amount_ppm="roundLockAmount",
        )
        self._agree("last initialized round", history.last_initialized_round, found["last_initialized_round"])
        first = self._first_ticket_round()
        rounds = [n for n in history.initialized_rounds if n >= first]
        hashes = views.many([View("RoundsManager", "blockHashForRound", (n,)) for n in rounds])
        lips = sorted(history.lips.union(lips))
        lip_rounds = views.many([View("RoundsManager", "lipUpgradeRound", (lip,)) for lip in lips])
        return Clock(
            **found,
            block_hashes={str(n): "0x" + h.hex() for n, h in zip(rounds, hashes, strict=True)},
            lip_upgrade_rounds={str(lip): n for lip, n in zip(lips, lip_rounds, strict=True) if n},
        )

    def _first_ticket_round(self) -> int:
        """First creation round whose tickets must be known: earlier ones have no block hash over there."""
        validity = self._views.one("TicketBroker", "ticketValidityPeriod")
        return min(self.since, max(0, self.round - validity + 1))

    def issuance(self) -> Issuance:
        found = self._read(
            "Minter",
            inflation_ppb="inflation",
            inflation_change_ppb="inflationChange",
            target_bonding_rate_ppb="targetBondingRate",
            mintable="currentMintableTokens",
            minted="currentMintedTokens",
        )
        minter = self._views.addresses["Minter"]
        held = self._views.one("LivepeerToken", "balanceOf", minter)
        return Issuance(**found, held_lpt=held, held_wei=self._views.ledger.balance(minter))

    def bonding(self) -> Bonding:
        found = self._read(
            "BondingManager",
            current_round_total_active_stake="currentRoundTotalActiveStake",
            next_round_total_active_stake="nextRoundTotalActiveStake",
            unbonding_period_rounds="unbondingPeriod",
            treasury_reward_cut_rate="treasuryRewardCutRate",
            next_round_treasury_reward_cut_rate="nextRoundTreasuryRewardCutRate",
            treasury_balance_ceiling="treasuryBalanceCeiling",
            pool_max_size="getTranscoderPoolMaxSize",
        )
        ranking = self._views.ranking()
        self._agree("members of the pool", sorted(self._history.pool), sorted(ranking))
        stakes = self._views.many([View("BondingManager", "transcoderTotalStake", (t,)) for t in ranking])
        return Bonding(
            **found,
            current_round_active_set_size=self._history.active_set_size,
            pool=_join_order(list(self._history.pool), ranking, dict(zip(ranking, stakes, strict=True))),
            ranking=ranking,
        )

    def vote_totals(self) -> list[VoteTotal]:
        initialized = self._history.initialized_rounds
        # The one in force when the carried past begins, too.
        rounds = initialized[max(0, bisect_right(initialized, self.since) - 1) :]
        totals = self._views.many([View("BondingVotes", "getTotalActiveStakeAt", (n,)) for n in rounds])
        return [VoteTotal(round=n, total_active_stake=t) for n, t in zip(rounds, totals, strict=True)]

    def tickets(self) -> Tickets:
        periods = self._read(
            "TicketBroker",
            unlock_period_rounds="unlockPeriod",
            ticket_validity_period_rounds="ticketValidityPeriod",
        )
        first = self._first_ticket_round()
        used = sorted(h for h, creation in self._history.used_tickets.items() if creation >= first)
        marks = self._views.many([View("TicketBroker", "usedTickets", (bytes.fromhex(h[2:]),)) for h in used])
        self._agree("used tickets", used, [h for h, marked in zip(used, marks, strict=True) if marked])
        return Tickets(**periods, used=used)

    # ---- accounts

    def accounts(self) -> list[Account]:
        history = self._history
        everybody = sorted(history.accounts | history.delegates | history.senders | history.publishers)
        bonds = self._all("BondingManager", "getDelegator", everybody)
        orchestrators = self._all("BondingManager", "getTranscoder", everybody)
        pending_stakes = self._all("BondingManager", "pendingStake", everybody, 0)
        pending_fees = self._all("BondingManager", "pendingFees", everybody, 0)
        has_checkpoint = self._all("BondingVotes", "hasCheckpoint", everybody)
        votes = self._all("BondingVotes", "getVotes", everybody)
        uris = self._all("ServiceRegistry", "getServiceURI", sorted(history.publishers))
        callers = self._all("BondingManager", "transcoderToRewardCaller", sorted(history.reward_callers))
        locks, escrows = self._locks(bonds), self._escrows()
        for account in everybody:
            self._check_rounds(account, orchestrators[account])
        stakes = Stakes(
            self._views,
            history,
            self.round,
            self.since,
            bonds,
            {a for a, has in has_checkpoint.items() if has},
        )
        earnings = self._earnings(orchestrators, stakes)
        frozen = self._stakes_before_update(orchestrators)
        return [
            Account(
                address=account,
                bond=self._bond(bonds[account]),
                orchestrator=self._orchestrator(
                    account, orchestrators[account], earnings[account], frozen.get(account, 0)
                ),
                earnings=earnings[account],
                locks=locks[account],
                reward_caller=callers.get(account) if callers.get(account) != ZERO_ADDRESS else None,
                has_checkpoint=has_checkpoint[account],
                checkpoints=stakes.checkpoints_of(account),
                escrow=escrows.get(account),
                service_uri=uris.get(account) or "",
                pending_stake=pending_stakes[account],
                pending_fees=pending_fees[account],
                votes=votes[account],
            )
            for account in everybody
        ]

    def _all(self, contract: str, function: str, accounts: list[str], *arguments: int) -> dict[str, Any]:
        answers = self._views.many([View(contract, function, (a, *arguments)) for a in accounts])
        return dict(zip(accounts, answers, strict=True))

    def _check_rounds(self, account: str, found: tuple) -> None:
        history = self._history
        self._agree(f"last reward round of {account}", _last(history.reward_rounds, account), found[0])
        self._agree(f"last fee round of {account}", _last(history.fee_rounds, account), found[9])

    def _bond(self, found: tuple) -> Bond:
        bonded, fees, delegate, delegated, start, claim, next_lock = found
        return Bond(
            bonded=bonded,
            fees=fees,
            delegate=delegate,
            delegated=delegated,
            start_round=start,
            last_claim_round=claim,
            next_unbonding_lock_id=next_lock,
            reward_factor_round=last_until(self._history.reward_rounds, delegate, claim),
            fee_factor_round=last_until(self._history.fee_rounds, delegate, claim),
        )

    def _orchestrator(
        self, account: str, found: tuple, earnings: list[Earnings], stake_before_update: int
    ) -> Orchestrator | None:
        if not any(found):
            return None
        rewarded = self._history.reward_rounds.get(account, [])
        paid = set(self._history.fee_rounds.get(account, ()))
        return Orchestrator(
            last_reward_round=found[0],
            previous_reward_round=rewarded[-2] if len(rewarded) > 1 else 0,
            last_fee_round=found[9],
            first_fee_round=min((row.round for row in earnings if row.round in paid), default=0),
            activation_round=found[4],
            deactivation_round=None if found[5] == NEVER else found[5],
            last_active_stake_update_round=found[3],
            reward_cut_ppm=found[1],
            fee_share_ppm=found[2],
            start_factor_mark=self._history.start_factor_mark(account),
            active_cumulative_rewards=found[6],
            cumulative_rewards=found[7],
            cumulative_fees=found[8],
            stake_before_update=stake_before_update,
        )

    def _stakes_before_update(self, orchestrators: dict[str, tuple]) -> dict[str, int]:
        """Stake that counts in the current round, of those whose stake changed in it."""
        changed = [account for account, found in orchestrators.items() if found[3] == self.round + 1]
        rows = self._all("BondingManager", "getTranscoderEarningsPoolForRound", changed, self.round)
        return {account: row[0] for account, row in rows.items()}

    def _earnings(self, orchestrators: dict[str, tuple], stakes: Stakes) -> defaultdict[str, list[Earnings]]:
        """Rows that somebody's earnings or votes can still begin or end at, and those of carried rounds."""
        history, wanted = self._history, set()
        for delegate, claim in stakes.claims:
            wanted.add((delegate, last_until(history.reward_rounds, delegate, claim)))
            wanted.add((delegate, last_until(history.fee_rounds, delegate, claim)))
        for account in orchestrators:
            rewarded, paid = history.reward_rounds.get(account, []), history.fee_rounds.get(account, [])
            wanted.update((account, n) for n in (*rewarded[-2:], *paid[-1:]))
            wanted.update((account, n) for n in (*rewarded, *paid) if n >= self.since)
        keys = sorted(key for key in wanted if key[1] > 0)
        rows = self._views.many(
            [View("BondingManager", "getTranscoderEarningsPoolForRound", k) for k in keys]
        )
        found: defaultdict[str, list[Earnings]] = defaultdict(list)
        for (account, n), (_, cut, share, reward_factor, fee_factor) in zip(keys, rows, strict=True):
            rewarded = n in history.reward_rounds.get(account, ())
            paid = n in history.fee_rounds.get(account, ())
            found[account].append(
                Earnings(
                    round=n,
                    cumulative_reward_factor=reward_factor if rewarded else 0,
                    reward_cut_ppm=cut if rewarded else 0,
                    fee_share_ppm=share if rewarded else 0,
                    cumulative_fee_factor=fee_factor if paid else 0,
                )
            )
        return found

    def _locks(self, bonds: dict[str, tuple]) -> defaultdict[str, list[Lock]]:
        keys = [(account, number) for account, found in bonds.items() for number in range(found[6])]
        answers = self._views.many([View("BondingManager", "getDelegatorUnbondingLock", key) for key in keys])
        locks: defaultdict[str, list[Lock]] = defaultdict(list)
        for (account, number), (amount, withdraw_round) in zip(keys, answers, strict=True):
            if withdraw_round:
                locks[account].append(Lock(id=number, amount=amount, withdraw_round=withdraw_round))
        return locks

    def _escrows(self) -> dict[str, Escrow]:
        infos = self._all("TicketBroker", "getSenderInfo", sorted(self._history.senders))
        pairs = [(holder, c) for holder, some in self._history.claimants.items() for c in sorted(some)]
        drawn = self._views.many([View("TicketBroker", "claimedReserve", pair) for pair in pairs])
        claims: defaultdict[str, list[Claim]] = defaultdict(list)
        for (holder, claimant), amount in zip(pairs, drawn, strict=True):
            if amount:
                claims[holder].append(Claim(claimant=claimant, amount=amount))
        escrows = {}
        for sender, ((deposit, withdraw_round), (reserve, claimed)) in infos.items():
            self._agree(
                f"claims on the reserve of {sender}", sum(claim.amount for claim in claims[sender]), claimed
            )
            if deposit or reserve or withdraw_round or claimed:
                escrows[sender] = Escrow(
                    deposit=deposit, reserve=reserve, withdraw_round=withdraw_round, claims=claims[sender]
                )
        return escrows

    @staticmethod
    def _agree(subject: str, from_events: Any, from_views: Any) -> None:
        if from_events != from_views:
            raise HistoryIncomplete(subject, from_events, from_views)


def last_until(rounds: Mapping[str, list[int]], account: str, last: int) -> int:
    """The last of an account's rounds until `last`; 0 if there is none."""
    of_account = rounds.get(account, [])
    return of_account[position - 1] if (position := bisect_right(of_account, last)) else 0


def _last(rounds: Mapping[str, list[int]], account: str) -> int:
    of_account = rounds.get(account)
    return of_account[-1] if of_account else 0


def _join_order(joined: list[str], ranking: list[str], stakes: Mapping[str, int]) -> list[str]:
    """Members as they joined, except that those with equal stakes come as they are ranked.

    Over there the one that comes first ranks first among equals (DEV-10); here hints may have decided.
    """
    ranks = {member: rank for rank, member in enumerate(ranking)}
    places: defaultdict[int, list[int]] = defaultdict(list)
    for place, member in enumerate(joined):
        places[stakes[member]].append(place)
    order = list(joined)
    for of_equals in places.values():
        ranked = sorted((joined[place] for place in of_equals), key=ranks.__getitem__)
        for place, member in zip(of_equals, ranked, strict=True):
            order[place] = member
    return order

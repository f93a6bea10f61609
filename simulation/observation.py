"""Everything that can be seen, as a table: each view of the contracts with what the model says to it.

Raw words are compared, since decoding costs more than the call; only what differs is decoded.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from reference_model.constants import ZERO_ADDRESS
from simulation.chain.addresses import raw_address
from simulation.chain.reverts import Reverted

if TYPE_CHECKING:
    from simulation.world import World

# Rounds around the current one that are looked at after each call; all others in `all_rounds`.
RECENT_ROUNDS = 3

View = tuple[str, str, tuple]


class Observer:
    """Compares all views of all accounts."""

    def __init__(self, world: "World") -> None:
        self._world = world
        cast = world.cast
        self._accounts = (*cast.accounts, ZERO_ADDRESS)
        self._holders = (
            *self._accounts[:-1],
            cast.owner,
            cast.verifier,
            world.protocol.minter.address,
            world.protocol.treasury.address,
            world.protocol.bonding_manager.address,
            world.protocol.ticket_broker.address,
        )
        self._calldata: dict[View, tuple[str, Any, bytes]] = {}

    def differences(self, *, all_rounds: bool = False) -> list[str]:
        """What differs, in words."""
        found = []
        for (contract, function, arguments), expected in self._expectations(all_rounds):
            address, abi, calldata = self._prepare(contract, function, arguments)
            try:
                raw = self._world.chain._view(contract, abi, None, address, calldata, None)
            except Reverted as failure:  # no view of a reachable state may
                found.append(f"{failure}, expected {expected}")
                continue
            if raw != encode_words(expected):
                labelled = ", ".join(self._world.chain.label(argument) for argument in arguments)
                came = abi.outputs.decode_result(raw)
                found.append(f"{contract}.{function}({labelled}): found {came}, expected {expected}")
        for holder in self._holders:
            wei = self._world.chain.balance(holder)
            if wei != self._world.model.ether[holder]:
                label = self._world.chain.label(holder)
                found.append(f"wei of {label}: found {wei}, expected {self._world.model.ether[holder]}")
        return found

    def _prepare(self, contract: str, function: str, arguments: tuple) -> tuple[str, Any, bytes]:
        key = (contract, function, arguments)
        if key not in self._calldata:
            bound = getattr(self._world.contracts[contract], function)
            self._calldata[key] = (bound._address, bound.abi, bound.encode(*arguments))
        return self._calldata[key]

    # ---- the table

    def _expectations(self, all_rounds: bool) -> Iterator[tuple[View, Any]]:
        current_round = self._world.model.rounds_manager.current_round()
        first = 0 if all_rounds else max(0, current_round - RECENT_ROUNDS)
        rounds = range(first, current_round + 3)
        yield from self._globals()
        yield from self._totals(rounds)
        for account in self._accounts:
            yield from self._of_account(account)
            yield from self._of_account_in_rounds(account, rounds)
            yield from self._of_locks(account)
            yield from self._of_sender(account)
        for holder in self._holders:
            yield ("LivepeerToken", "balanceOf", (holder,)), self._world.model.token.balances[holder]

    def _globals(self) -> Iterator[tuple[View, Any]]:
        model = self._world.model
        bonding, rounds, minter, broker = (
            model.bonding_manager,
            model.rounds_manager,
            model.minter,
            model.ticket_broker,
        )
        current_round = rounds.current_round()
        state = (current_round, rounds.current_round_initialized(), rounds.current_round_locked())
        views = {
            "BondingManager": {
                "unbondingPeriod": bonding.unbonding_period,
                "currentRoundTotalActiveStake": bonding.current_round_total_active_stake,
                "nextRoundTotalActiveStake": bonding.next_round_total_active_stake,
                "currentRoundActiveSetSize": bonding.current_round_active_set_size,
                "treasuryRewardCutRate": bonding.treasury_reward_cut_rate,
                "nextRoundTreasuryRewardCutRate": bonding.next_round_treasury_reward_cut_rate,
                "treasuryBalanceCeiling": bonding.treasury_balance_ceiling,
                "getTranscoderPoolMaxSize": bonding.get_transcoder_pool_max_size(),
                "getTranscoderPoolSize": bonding.get_transcoder_pool_size(),
                "getFirstTranscoderInPool": bonding.get_first_transcoder_in_pool(),
                "getTotalBonded": bonding.get_total_bonded(),
            },
            "BondingVotes": {
                "clock": current_round,
                "totalSupply": model.bonding_votes.total_supply(),
            },
            "Minter": {
                "inflation": minter.inflation,
                "inflationChange": minter.inflation_change,
                "targetBondingRate": minter.target_bonding_rate,
                "currentMintableTokens": minter.current_mintable_tokens,
                "currentMintedTokens": minter.current_minted_tokens,
                "getGlobalTotalSupply": minter.get_global_total_supply(),
            },
            "RoundsManager": {
                "currentRoundState": state,
                "currentRound": current_round,
                "currentRoundInitialized": state[1],
                "currentRoundLocked": state[2],
                "currentRoundStartBlock": rounds.current_round_start_block(),
                "lastInitializedRound": rounds.last_initialized_round,
                "lastRoundLengthUpdateRound": rounds.last_round_length_update_round,
                "lastRoundLengthUpdateStartBlock": rounds.last_round_length_update_start_block,
                "roundLength": rounds.round_length,
                "roundLockAmount": rounds.round_lock_amount,
            },
            "TicketBroker": {
                "unlockPeriod": broker.unlock_period,
                "ticketValidityPeriod": broker.ticket_validity_period,
            },
            "Controller": {"owner": model.controller.owner, "paused": model.controller.paused},
            "LivepeerToken": {"totalSupply": model.token.total_supply},
        }
        for contract, expected in views.items():
            for function, value in expected.items():
                yield (contract, function, ()), value

    def _totals(self, rounds: range) -> Iterator[tuple[View, Any]]:
        votes, clock = self._world.model.bonding_votes, self._world.model.rounds_manager
        for n in rounds:
            yield ("RoundsManager", "blockHashForRound", (n,)), clock.block_hash_for_round(n)
            if n <= votes.clock() + 1:
                yield ("BondingVotes", "getTotalActiveStakeAt", (n,)), votes.get_total_active_stake_at(n)
            if n < votes.clock():
                yield ("BondingVotes", "getPastTotalSupply", (n,)), votes.get_past_total_supply(n)

    def _of_account(self, account: str) -> Iterator[tuple[View, Any]]:
        bonding, votes = self._world.model.bonding_manager, self._world.model.bonding_votes
        manager = self._world.model.bonding_manager.address
        for function, arguments, value in (
            ("getDelegator", (account,), bonding.get_delegator(account)),
            ("getTranscoder", (account,), bonding.get_transcoder(account)),
            ("pendingStake", (account, 0), bonding.pending_stake(account)),
            ("pendingFees", (account, 0), bonding.pending_fees(account)),
            ("transcoderTotalStake", (account,), bonding.transcoder_total_stake(account)),
            ("transcoderStatus", (account,), bonding.transcoder_status(account)),
            ("delegatorStatus", (account,), bonding.delegator_status(account)),
            ("isActiveTranscoder", (account,), bonding.is_active_transcoder(account)),
            ("isRegisteredTranscoder", (account,), bonding.is_registered_transcoder(account)),
            ("getNextTranscoderInPool", (account,), bonding.get_next_transcoder_in_pool(account)),
            ("transcoderToRewardCaller", (account,), bonding.transcoder_to_reward_caller(account)),
            ("reserveShareState", (account,), bonding.reserve_share_state(account)),
        ):
            yield ("BondingManager", function, arguments), value
        yield ("BondingVotes", "getVotes", (account,)), votes.get_votes(account)
        yield ("BondingVotes", "delegates", (account,)), votes.delegates(account)
        yield ("BondingVotes", "hasCheckpoint", (account,)), votes.has_checkpoint(account)
        allowed = self._world.model.token.allowance(account, manager)
        yield ("LivepeerToken", "allowance", (account, manager)), allowed

    def _of_account_in_rounds(self, account: str, rounds: range) -> Iterator[tuple[View, Any]]:
        bonding, votes = self._world.model.bonding_manager, self._world.model.bonding_votes
        row_view, start_view = (
            "getTranscoderEarningsPoolForRound",
            "getVotesAndDelegateAtRoundStart",
        )
        clock = votes.clock()
        for n in rounds:
            row = bonding.get_transcoder_earnings_pool_for_round(account, n)
            yield ("BondingManager", row_view, (account, n)), row
            if n <= clock + 1:
                start = votes.get_votes_and_delegate_at_round_start(account, n)
                yield ("BondingVotes", start_view, (account, n)), start
            if n < clock:
                yield ("BondingVotes", "getPastVotes", (account, n)), votes.get_past_votes(account, n)
                yield ("BondingVotes", "delegatedAt", (account, n)), votes.delegated_at(account, n)

    def _of_locks(self, account: str) -> Iterator[tuple[View, Any]]:
        bonding = self._world.model.bonding_manager
        for lock_id in range(bonding.get_delegator(account)[-1] + 1):
            lock = bonding.get_delegator_unbonding_lock(account, lock_id)
            yield ("BondingManager", "getDelegatorUnbondingLock", (account, lock_id)), lock
            is_valid = bonding.is_valid_unbonding_lock(account, lock_id)
            yield ("BondingManager", "isValidUnbondingLock", (account, lock_id)), is_valid

    def _of_sender(self, account: str) -> Iterator[tuple[View, Any]]:
        broker = self._world.model.ticket_broker
        (deposit, withdraw_round), reserve = broker.get_sender_info(account)
        yield ("TicketBroker", "getSenderInfo", (account,)), (deposit, withdraw_round, *reserve)
        yield ("TicketBroker", "getReserveInfo", (account,)), reserve
        is_unlocking = broker.is_unlock_in_progress(account)
        yield ("TicketBroker", "isUnlockInProgress", (account,)), is_unlocking
        if deposit or reserve[0] or reserve[1]:
            for claimant in self._accounts:
                claimed = broker.claimed_reserve(account, claimant)
                yield ("TicketBroker", "claimedReserve", (account, claimant)), claimed
                claimable = broker.claimable_reserve(account, claimant)
                yield ("TicketBroker", "claimableReserve", (account, claimant)), claimable


@lru_cache(maxsize=4096)
def _encode_address(address: str) -> bytes:
    return raw_address(address).rjust(32, b"\0")


def encode_words(value: Any) -> bytes:
    """The ABI encoding of a value, or of several, of static types."""
    if isinstance(value, tuple):
        return b"".join([encode_words(part) for part in value])
    if isinstance(value, str):
        return _encode_address(value)
    if isinstance(value, bytes):
        return value
    return int(value).to_bytes(32, "big")

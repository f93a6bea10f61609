"""The clock (rounds-and-issuance.md 2 and 4).

With B the block, L the round length, U and S round and first block of the latest change of length:

    current round = U + ⌊(B − S) / L⌋        its first block = S + ⌊(B − S) / L⌋ · L
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from reference_model.arithmetic import divide_down, part_ppm_down, subtract, to_stored, to_stored_round
from reference_model.constants import BLOCK_HASHES_KEPT, PPM_WHOLE
from reference_model.exceptions import (
    BlockHashNotAvailable,
    BlockNotPast,
    InvalidRoundLockAmount,
    LIPUpgradeRoundAlreadySet,
    RoundAlreadyInitialized,
    RoundLengthIsZero,
)
from reference_model.managers import ProxiedManager
from reference_model.registry import entry_point
from reference_model.state import Ledger, remembered

if TYPE_CHECKING:
    from reference_model.protocol import Protocol

NO_HASH = bytes(32)
BLOCK_BITS = 64


class RoundsManager(ProxiedManager):
    """Rounds are numbered by the clock alone; initializing one fixes its stake, its issuance and its hash."""

    name = "RoundsManager"
    reads = ("BondingManager", "Minter")
    round_length: int = 0
    round_lock_amount: int = 0
    last_initialized_round: int = 0
    last_round_length_update_round: int = 0
    last_round_length_update_start_block: int = 0

    def __init__(
        self, protocol: Protocol, address: str, controller: str = "", *, is_proxy: bool = True
    ) -> None:
        super().__init__(protocol, address, controller, is_proxy=is_proxy)
        self.block_hashes = Ledger(protocol.journal, NO_HASH)
        self.lip_upgrade_rounds = Ledger(protocol.journal)

    # ---- parameters: for the owner of the Controller; not stopped by a pause (rounds-and-issuance.md 2.2)

    @entry_point
    def set_round_length(self, sender: str, round_length: int) -> None:
        """Set L.  U and S are first moved to the running round, counted with the old L (or the first one).

            k = ⌊(B − S) / L⌋        U' = U + k        S' = S + k · L

        So a round number never comes back (R2).  Errors: CallerNotControllerOwner, RoundLengthIsZero.
        Source: rounds-and-issuance.md 4.2, LIP-83.
        """
        self._require_owner(sender)
        if round_length == 0:
            raise RoundLengthIsZero()
        counted_length = self.round_length or round_length
        elapsed_rounds = self._elapsed_blocks() // counted_length
        self.last_round_length_update_round = to_stored_round(
            self.last_round_length_update_round + elapsed_rounds
        )
        self.last_round_length_update_start_block = to_stored(
            self.last_round_length_update_start_block + elapsed_rounds * counted_length, BLOCK_BITS
        )
        self._emit_parameter_update("roundLength", self.round_length, to_stored(round_length, BLOCK_BITS))
        self.round_length = round_length

    @entry_point
    def set_round_lock_amount(self, sender: str, round_lock_amount: int) -> None:
        """Set the locked share (ppm) at the end of each round.

        Errors: CallerNotControllerOwner, InvalidRoundLockAmount.
        """
        self._require_owner(sender)
        if round_lock_amount > PPM_WHOLE:
            raise InvalidRoundLockAmount(round_lock_amount, PPM_WHOLE)
        self._emit_parameter_update("roundLockAmount", self.round_lock_amount, round_lock_amount)
        self.round_lock_amount = round_lock_amount

    @entry_point
    def set_lip_upgrade_round(self, sender: str, lip: int, upgrade_round: int) -> None:
        """Set, once, from which round a proposal applies; zero leaves it unset.

        Errors: CallerNotControllerOwner, LIPUpgradeRoundAlreadySet.
        """
        self._require_owner(sender)
        if self.lip_upgrade_rounds[lip] != 0:
            raise LIPUpgradeRoundAlreadySet(lip, self.lip_upgrade_rounds[lip])
        self.lip_upgrade_rounds[lip] = upgrade_round
        self._emit("LIPUpgradeRoundSet", lip=lip, round=upgrade_round)

    # ---- operation

    @entry_point
    def initialize_round(self, sender: str) -> None:
        """Start the current round; anybody may, once.

        Records the hash of the block before as a sign of the round's start; fixes the stake, then the issuance, which
        depends on it.  Rounds that were left out stay so.  Errors: SystemPaused, RoundAlreadyInitialized.
        Source: rounds-and-issuance.md 2.3.
        """
        self._require_running()
        current_round = self.current_round()
        if self.last_initialized_round >= current_round:
            raise RoundAlreadyInitialized(current_round)
        self.last_initialized_round = to_stored_round(current_round)
        block_hash = self.block_hash(subtract(self.block_num(), 1))
        self.block_hashes[current_round] = block_hash
        self._contract("BondingManager").set_current_round_total_active_stake(self.address)
        self._contract("Minter").set_current_reward_tokens(self.address)
        self._emit("NewRound", round=current_round, blockHash=block_hash)

    # ---- views (rounds-and-issuance.md 2.4): never paused

    def block_num(self) -> int:
        """The current block."""
        return self.protocol.block_number

    def block_hash(self, block: int) -> bytes:
        """The hash of one of the last 256 blocks.  Errors: BlockNotPast, BlockHashNotAvailable."""
        current_block = self.block_num()
        if block >= current_block:
            raise BlockNotPast(block, current_block)
        oldest = max(0, current_block - BLOCK_HASHES_KEPT)
        if block < oldest:
            raise BlockHashNotAvailable(block, oldest)
        return self.protocol.get_block_hash(block)

    def block_hash_for_round(self, round_number: int) -> bytes:
        """The hash recorded at initialization; zero for a round without."""
        return self.block_hashes[round_number]

    @remembered
    def current_round(self) -> int:
        """Number of the current round, initialized or not."""
        return self.last_round_length_update_round + divide_down(self._elapsed_blocks(), self.round_length)

    def current_round_start_block(self) -> int:
        """First block of the current round."""
        rounds = divide_down(self._elapsed_blocks(), self.round_length)
        return self.last_round_length_update_start_block + rounds * self.round_length

    def current_round_initialized(self) -> bool:
        """Whether somebody has initialized the current round."""
        return self.last_initialized_round == self.current_round()

    def current_round_state(self) -> tuple[int, bool, bool]:
        """Number of the current round, and whether it is initialized and locked."""
        return self.current_round(), self.current_round_initialized(), self.current_round_locked()

    def round_state_and_block_hash(self, round_number: int) -> tuple[int, bool, bytes]:
        """Number of the current round, whether it is initialized, and the hash recorded for any round."""
        return (
            self.current_round(),
            self.current_round_initialized(),
            self.block_hash_for_round(round_number),
        )

    def lip_upgrade_round(self, lip: int) -> int:
        """From which round a proposal applies; zero for none."""
        return self.lip_upgrade_rounds[lip]

    def current_round_locked(self) -> bool:
        """Whether the current round is in its last ⌊L · lock / 10⁶⌋ blocks."""
        locked_blocks = part_ppm_down(self.round_length, self.round_lock_amount)
        return self.block_num() - self.current_round_start_block() >= self.round_length - locked_blocks

    def is_initialized(self, round_number: int) -> bool:
        """Whether the round was ever initialized."""
        return round_number in self.block_hashes

    def _elapsed_blocks(self) -> int:
        return subtract(self.block_num(), self.last_round_length_update_start_block)

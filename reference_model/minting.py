"""The Minter: custody of bonded LPT and of all ETH, and issuance (rounds-and-issuance.md 3 and 4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reference_model.arithmetic import (
    fraction_ppb_down,
    part_ppb_down,
    ratio_ppb_down,
    to_stored_amount,
    to_word,
)
from reference_model.constants import PPB_WHOLE, ZERO_ADDRESS
from reference_model.exceptions import (
    CallerNotEitherRegistered,
    ETHTransferFailed,
    InsufficientETH,
    InvalidInflation,
    InvalidInflationChange,
    InvalidTargetBondingRate,
    MinterNotRegistered,
    NewMinterControllerMismatch,
    NewMinterIsCurrentMinter,
    NewMinterIsZero,
    RewardExceedsMintableTokens,
)
from reference_model.managers import Manager
from reference_model.registry import Contract, entry_point

if TYPE_CHECKING:
    from reference_model.protocol import Protocol


class Minter(Manager):
    """Rates in parts per billion; tokens in LPT base units.

    The only one who mints.  The BondingManager may take LPT and ETH, the broker (id JobsManager) ETH.  Without a
    proxy: a new one takes over all that the old one holds.
    """

    name = "Minter"
    reads = ("BondingManager", "RoundsManager", "JobsManager", "LivepeerToken", "L2LPTDataCache")
    inflation: int = 0
    inflation_change: int = 0
    target_bonding_rate: int = 0
    current_mintable_tokens: int = 0
    current_minted_tokens: int = 0

    def __init__(
        self,
        protocol: Protocol,
        address: str,
        controller: str = "",
        *,
        inflation: int,
        inflation_change: int,
        target_bonding_rate: int,
    ) -> None:
        super().__init__(protocol, address, controller)
        if inflation > PPB_WHOLE:
            raise InvalidInflation(inflation, PPB_WHOLE)
        self._require_inflation_change(inflation_change)
        self._require_target_bonding_rate(target_bonding_rate)
        self.inflation = inflation
        self.inflation_change = inflation_change
        self.target_bonding_rate = target_bonding_rate

    # ---- parameters: for the owner of the Controller; not stopped by a pause (rounds-and-issuance.md 3)

    @entry_point
    def set_target_bonding_rate(self, sender: str, target_bonding_rate: int) -> None:
        """Set the share of supply that should be bonded to active orchestrators.

        Errors: CallerNotControllerOwner, InvalidTargetBondingRate.
        """
        self._require_owner(sender)
        self._require_target_bonding_rate(target_bonding_rate)
        self._emit_parameter_update("targetBondingRate", self.target_bonding_rate, target_bonding_rate)
        self.target_bonding_rate = target_bonding_rate

    @entry_point
    def set_inflation_change(self, sender: str, inflation_change: int) -> None:
        """Set the step by which inflation moves each round.

        Errors: CallerNotControllerOwner, InvalidInflationChange.
        """
        self._require_owner(sender)
        self._require_inflation_change(inflation_change)
        self._emit_parameter_update("inflationChange", self.inflation_change, inflation_change)
        self.inflation_change = inflation_change

    # ---- issuance

    @entry_point
    def set_current_reward_tokens(self, sender: str) -> None:
        """Fix what the round may mint; called when a round is initialized.

        Inflation moves one step towards the target bonding rate, never below zero.  With G the global supply:

            bonding rate = ⌊total active stake · 10⁹ / G⌋, or 0 without supply
            mintable     = ⌊G · new inflation / 10⁹⌋
            minted       = 0

        Errors: CallerNotRegistered, SystemPaused.  Source: rounds-and-issuance.md 4.4, LIP-34, LIP-40.
        """
        self._require_caller(sender, "RoundsManager")
        self._require_running()
        supply = self.get_global_total_supply()
        bonding_rate = 0
        if supply > 0:
            bonding_rate = ratio_ppb_down(self._contract("BondingManager").get_total_bonded(), supply)
        if bonding_rate < self.target_bonding_rate:
            self.inflation += self.inflation_change
        elif bonding_rate > self.target_bonding_rate:
            self.inflation = max(0, self.inflation - self.inflation_change)
        self.current_mintable_tokens = to_stored_amount(part_ppb_down(supply, self.inflation))
        self.current_minted_tokens = 0
        self._emit(
            "SetCurrentRewardTokens",
            currentMintableTokens=self.current_mintable_tokens,
            currentInflation=self.inflation,
        )

    @entry_point
    def create_reward(self, sender: str, numerator: int, denominator: int) -> int:
        """Mint a share of the round's tokens, and keep them: ⌊mintable · ⌊numerator · 10⁹ / denominator⌋ / 10⁹⌋.

        Errors: CallerNotRegistered, SystemPaused, RewardExceedsMintableTokens; a panic (0x12) without denominator.
        Source: rounds-and-issuance.md 4.5, LIP-40.
        """
        self._require_caller(sender, "BondingManager")
        self._require_running()
        reward = fraction_ppb_down(self.current_mintable_tokens, numerator, denominator)
        minted = to_word(self.current_minted_tokens + reward)
        if minted > self.current_mintable_tokens:
            raise RewardExceedsMintableTokens(
                reward, self.current_minted_tokens, self.current_mintable_tokens
            )
        self.current_minted_tokens = minted
        self._contract("LivepeerToken").mint(self.address, self.address, reward)
        return reward

    # ---- custody (rounds-and-issuance.md 3)

    @entry_point
    def trusted_transfer_tokens(self, sender: str, to: str, amount: int) -> None:
        """Pay out LPT.  Errors: CallerNotRegistered, SystemPaused; those of the token's `transfer`."""
        self._require_caller(sender, "BondingManager")
        self._require_running()
        self._contract("LivepeerToken").transfer(self.address, to, amount)

    @entry_point
    def trusted_burn_tokens(self, sender: str, amount: int) -> None:
        """Burn LPT; the token refuses while the Minter has no burner role, as on Arbitrum.

        Errors: CallerNotRegistered, SystemPaused; those of the token's `burn`.
        """
        self._require_caller(sender, "BondingManager")
        self._require_running()
        self._contract("LivepeerToken").burn(self.address, amount)

    @entry_point
    def trusted_withdraw_eth(self, sender: str, to: str, amount: int) -> None:
        """Pay out ETH, with no more than 2,300 gas for the recipient.

        Errors: CallerNotEitherRegistered, SystemPaused, InsufficientETH, ETHTransferFailed.
        """
        self._require_either_caller(sender, "BondingManager", "JobsManager")
        self._require_running()
        balance = self.protocol.ether[self.address]
        if amount > balance:
            raise InsufficientETH(amount, balance)
        if not self.protocol.accepts_ether(to):
            raise ETHTransferFailed(to, amount)
        self.protocol.pay(self.address, to, amount)

    @entry_point
    def deposit_eth(self, sender: str, *, value: int) -> bool:
        """Keep ETH of the broker, or of the Minter that this one succeeds.  Works while the system is paused (R3).

        Errors: CallerNotEitherRegistered.
        """
        # A new Minter is not attached yet when the ETH of the old one comes: it asks the Controller itself.
        is_broker = sender == self._registered_or_zero("JobsManager")
        if not is_broker and sender != self.protocol.at(self.controller).get_contract("Minter"):
            raise CallerNotEitherRegistered(sender, "JobsManager", "Minter")
        self.protocol.pay(sender, self.address, value)
        return True

    @entry_point
    def migrate_to_new_minter(self, sender: str, new_minter: str) -> None:
        """Give all LPT and ETH to another Minter, which is registered afterwards.  Not stopped by a pause (R3).

        Errors: CallerNotControllerOwner, NewMinterIsCurrentMinter, NewMinterIsZero, NewMinterControllerMismatch,
        MinterNotRegistered; RevertedWithoutData of what is no Minter.  Source: rounds-and-issuance.md 4.6.
        """
        self._require_owner(sender)
        if new_minter == self.address:
            raise NewMinterIsCurrentMinter(new_minter)
        if new_minter == ZERO_ADDRESS:
            raise NewMinterIsZero()
        successor = self.protocol.at(new_minter)
        new_controller = successor.get_controller()
        if new_controller != self.controller:
            raise NewMinterControllerMismatch(new_controller, self.controller)
        registered = self.protocol.at(self.controller).get_contract("Minter")
        if registered != self.address:
            raise MinterNotRegistered(self.address, registered)
        token = self._contract("LivepeerToken")
        token.transfer(self.address, new_minter, token.balance_of(self.address))
        successor.deposit_eth(self.address, value=self.protocol.ether[self.address])

    # ---- views

    def get_controller(self) -> str:
        """The Controller that the Minter follows."""
        return self.controller

    def get_global_total_supply(self) -> int:
        """LPT on L2 and what circulates on L1 (R1)."""
        cache = self._contract("L2LPTDataCache")
        return to_word(self._contract("LivepeerToken").total_supply + cache.l1_circulating_supply)

    # ---- small parts

    @staticmethod
    def _require_inflation_change(inflation_change: int) -> None:
        if inflation_change > PPB_WHOLE:
            raise InvalidInflationChange(inflation_change, PPB_WHOLE)

    @staticmethod
    def _require_target_bonding_rate(target_bonding_rate: int) -> None:
        if target_bonding_rate > PPB_WHOLE:
            raise InvalidTargetBondingRate(target_bonding_rate, PPB_WHOLE)


class L2LPTDataCache(Contract):
    """What L2 knows of LPT on L1 (rounds-and-issuance.md 4.7).  Written by the bridge alone."""

    name = "L2LPTDataCache"
    l1_circulating_supply: int = 0

"""The Minter: custody of bonded LPT and of all ETH, and issuance (rounds-and-issuance.md 3 and 4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reference_model.arithmetic import fraction_ppb_down, part_ppb_down, ratio_ppb_down, to_stored_amount
from reference_model.constants import PPB_WHOLE
from reference_model.exceptions import (
    ETHTransferFailed,
    InsufficientETH,
    InvalidInflationChange,
    InvalidTargetBondingRate,
    RewardExceedsMintableTokens,
)
from reference_model.registry import Manager, entry_point

if TYPE_CHECKING:
    from reference_model.protocol import Protocol


class Minter(Manager):
    """Rates in parts per billion; tokens in LPT base units.

    The only one who mints.  The BondingManager may take LPT and ETH, the broker (id JobsManager) ETH.
    """

    name = "Minter"
    inflation: int = 0
    inflation_change: int = 0
    target_bonding_rate: int = 0
    current_mintable_tokens: int = 0
    current_minted_tokens: int = 0

    def __init__(self, protocol: Protocol, address: str) -> None:
        super().__init__(protocol, address)
        self.inflation = protocol.parameters.inflation
        self.inflation_change = protocol.parameters.inflation_change
        self.target_bonding_rate = protocol.parameters.target_bonding_rate

    # ---- parameters

    @entry_point
    def set_target_bonding_rate(self, sender: str, target_bonding_rate: int) -> None:
        """Set the share of supply that should be bonded to active orchestrators."""
        self._require_owner(sender)
        if target_bonding_rate > PPB_WHOLE:
            raise InvalidTargetBondingRate(target_bonding_rate, PPB_WHOLE)
        self._emit_parameter_update("targetBondingRate", self.target_bonding_rate, target_bonding_rate)
        self.target_bonding_rate = target_bonding_rate

    @entry_point
    def set_inflation_change(self, sender: str, inflation_change: int) -> None:
        """Set the step by which inflation moves each round."""
        self._require_owner(sender)
        if inflation_change > PPB_WHOLE:
            raise InvalidInflationChange(inflation_change, PPB_WHOLE)
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
        """
        self._require_caller(sender, "RoundsManager")
        self._require_running()
        supply = self.get_global_total_supply()
        total_bonded = self.protocol.bonding_manager.get_total_bonded()
        bonding_rate = ratio_ppb_down(total_bonded, supply) if supply > 0 else 0
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
        """Mint a share of the round's tokens: ⌊mintable · ⌊numerator · 10⁹ / denominator⌋ / 10⁹⌋."""
        self._require_caller(sender, "BondingManager")
        self._require_running()
        reward = fraction_ppb_down(self.current_mintable_tokens, numerator, denominator)
        if self.current_minted_tokens + reward > self.current_mintable_tokens:
            raise RewardExceedsMintableTokens(
                reward, self.current_minted_tokens, self.current_mintable_tokens
            )
        self.current_minted_tokens += reward
        self.protocol.token.mint(self.address, self.address, reward)
        return reward

    # ---- custody

    @entry_point
    def trusted_transfer_tokens(self, sender: str, to: str, amount: int) -> None:
        """Pay out LPT."""
        self._require_caller(sender, "BondingManager")
        self._require_running()
        self.protocol.token.transfer(self.address, to, amount)

    @entry_point
    def trusted_burn_tokens(self, sender: str, amount: int) -> None:
        """Burn LPT; the token refuses while the Minter has no burner role, as on Arbitrum."""
        self._require_caller(sender, "BondingManager")
        self._require_running()
        self.protocol.token.burn(self.address, amount)

    @entry_point
    def trusted_withdraw_eth(self, sender: str, to: str, amount: int) -> None:
        """Pay out ETH, with no more than 2,300 gas for the recipient."""
        self._require_either_caller(sender, "BondingManager", "JobsManager")
        self._require_running()
        balance = self.protocol.ether[self.address]
        if amount > balance:
            raise InsufficientETH(amount, balance)
        if not self.protocol.accepts_ether(to):
            raise ETHTransferFailed(to, amount)
        self.protocol.ether[self.address] -= amount
        self.protocol.ether[to] += amount

    @entry_point
    def deposit_eth(self, sender: str, *, value: int) -> bool:
        """Keep ETH.  Works while the system is paused."""
        self._require_either_caller(sender, "JobsManager", "Minter")
        self.protocol.pay(sender, self.address, value)
        return True

    # ---- views

    def get_global_total_supply(self) -> int:
        """LPT on L2 and what circulates on L1."""
        return self.protocol.token.total_supply + self.protocol.l1_circulating_supply

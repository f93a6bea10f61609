"""LPT: an ERC-20 token whose supply only two roles change (rounds-and-issuance.md 4.8)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reference_model.arithmetic import to_word
from reference_model.constants import MAX_UINT256, ZERO_ADDRESS
from reference_model.exceptions import (
    AccessControlBadConfirmation,
    AccessControlUnauthorizedAccount,
    ERC20InsufficientAllowance,
    ERC20InsufficientBalance,
    ERC20InvalidApprover,
    ERC20InvalidReceiver,
    ERC20InvalidSender,
    ERC20InvalidSpender,
    ERC2612ExpiredSignature,
    ERC2612InvalidSigner,
)
from reference_model.registry import Contract, entry_point
from reference_model.state import Ledger
from reference_model.types import Permit

if TYPE_CHECKING:
    from reference_model.protocol import Protocol

ADMIN_ROLE = "DEFAULT_ADMIN_ROLE"
MINTER_ROLE = "MINTER_ROLE"
BURNER_ROLE = "BURNER_ROLE"


class LivepeerToken(Contract):
    """Balances and allowances; Σ balances = total supply."""

    name = "LivepeerToken"
    total_supply: int = 0

    def __init__(self, protocol: Protocol, address: str, admin: str) -> None:
        super().__init__(protocol.journal, address)
        self.protocol = protocol
        self.balances = Ledger(protocol.journal)
        self.allowances = Ledger(protocol.journal)
        self.nonces = Ledger(protocol.journal)
        """Permits used, by owner."""
        self.roles = Ledger(protocol.journal, False)
        self.roles[ADMIN_ROLE, admin] = True

    # ---- transfers (ERC-20)

    @entry_point
    def transfer(self, sender: str, to: str, amount: int) -> bool:
        """Move the caller's tokens.  Errors: ERC20InvalidSender, ERC20InvalidReceiver, ERC20InsufficientBalance."""
        self._move(sender, to, amount)
        return True

    @entry_point
    def transfer_from(self, sender: str, owner: str, to: str, amount: int) -> bool:
        """Move tokens of an owner who has allowed it.  Errors: ERC20InsufficientAllowance; those of `transfer`."""
        self._spend_allowance(owner, sender, amount)
        self._move(owner, to, amount)
        return True

    # ---- allowances (ERC-20, ERC-2612)

    @entry_point
    def approve(self, sender: str, spender: str, amount: int) -> bool:
        """Set what the spender may take; 2²⁵⁶ − 1 never runs out.

        Errors: ERC20InvalidApprover, ERC20InvalidSpender.
        """
        self._approve(sender, spender, amount)
        return True

    @entry_point
    def increase_allowance(self, sender: str, spender: str, added_value: int) -> bool:
        """Raise what the spender may take.  Errors: those of `approve`; a panic above 2²⁵⁶ − 1."""
        self._approve(sender, spender, to_word(self.allowance(sender, spender) + added_value))
        return True

    @entry_point
    def decrease_allowance(self, sender: str, spender: str, subtracted_value: int) -> bool:
        """Lower what the spender may take.  Errors: ERC20InsufficientAllowance; those of `approve`."""
        current = self.allowance(sender, spender)
        if subtracted_value > current:
            raise ERC20InsufficientAllowance(spender, current, subtracted_value)
        self._approve(sender, spender, current - subtracted_value)
        return True

    @entry_point
    def permit(
        self, sender: str, owner: str, spender: str, value: int, deadline: int, v: int, r: bytes, s: bytes
    ) -> None:
        """Set what the spender may take, as the owner has signed it; anybody brings the signature (ERC-2612).

        It holds until `deadline` (seconds), for the owner's next nonce.  Errors: ERC2612ExpiredSignature;
        ECDSAInvalidSignature, ECDSAInvalidSignatureS; ERC2612InvalidSigner; those of `approve`.
        """
        if self.protocol.timestamp > deadline:
            raise ERC2612ExpiredSignature(deadline)
        permit = Permit(owner, spender, value, self.nonces[owner], deadline)
        self.nonces[owner] += 1
        signer = self.protocol.cryptography.recover_permit_signer(self.address, permit, v, r, s)
        if signer != owner:
            raise ERC2612InvalidSigner(signer, owner)
        self._approve(owner, spender, value)

    # ---- supply

    @entry_point
    def mint(self, sender: str, to: str, amount: int) -> None:
        """Create tokens.  Errors: AccessControlUnauthorizedAccount, ERC20InvalidReceiver; a panic above 2²⁵⁶ − 1."""
        self._require_role(MINTER_ROLE, sender)
        if to == ZERO_ADDRESS:
            raise ERC20InvalidReceiver(to)
        self.total_supply = to_word(self.total_supply + amount)
        self.balances[to] += amount
        self._emit("Transfer", **{"from": ZERO_ADDRESS, "to": to, "value": amount})
        self._emit("Mint", to=to, amount=amount)

    @entry_point
    def burn(self, sender: str, amount: int) -> None:
        """Destroy the caller's tokens.  Errors: AccessControlUnauthorizedAccount, ERC20InsufficientBalance."""
        self._require_role(BURNER_ROLE, sender)
        self._destroy(sender, amount)

    @entry_point
    def burn_from(self, sender: str, owner: str, amount: int) -> None:
        """Destroy tokens of an owner who has allowed it, be it the caller itself (R7).

        Errors: AccessControlUnauthorizedAccount, ERC20InsufficientAllowance, ERC20InsufficientBalance.
        """
        self._require_role(BURNER_ROLE, sender)
        self._spend_allowance(owner, sender, amount)
        self._destroy(owner, amount)

    # ---- roles

    @entry_point
    def grant_role(self, sender: str, role: str, account: str) -> None:
        """Give an account a role; nothing happens if it has it.  Errors: AccessControlUnauthorizedAccount."""
        self._require_role(ADMIN_ROLE, sender)
        if not self.roles[role, account]:
            self.roles[role, account] = True
            self._emit("RoleGranted", role=role, account=account, sender=sender)

    @entry_point
    def revoke_role(self, sender: str, role: str, account: str) -> None:
        """Take a role away; nothing happens if the account lacks it.  Errors: AccessControlUnauthorizedAccount."""
        self._require_role(ADMIN_ROLE, sender)
        self._end_role(sender, role, account)

    @entry_point
    def renounce_role(self, sender: str, role: str, caller_confirmation: str) -> None:
        """Give up a role of the caller, who names itself.  Errors: AccessControlBadConfirmation."""
        if caller_confirmation != sender:
            raise AccessControlBadConfirmation()
        self._end_role(sender, role, sender)

    # ---- views

    def balance_of(self, account: str) -> int:
        """LPT of an account."""
        return self.balances[account]

    def allowance(self, owner: str, spender: str) -> int:
        """What the spender may take of the owner's LPT; 2²⁵⁶ − 1 never runs out."""
        return self.allowances[owner, spender]

    def has_role(self, role: str, account: str) -> bool:
        """Whether an account has a role."""
        return self.roles[role, account]

    # ---- small parts

    def _require_role(self, role: str, account: str) -> None:
        if not self.roles[role, account]:
            raise AccessControlUnauthorizedAccount(account, role)

    def _end_role(self, sender: str, role: str, account: str) -> None:
        if self.roles[role, account]:
            self.roles[role, account] = False
            self._emit("RoleRevoked", role=role, account=account, sender=sender)

    def _approve(self, owner: str, spender: str, amount: int) -> None:
        self._set_allowance(owner, spender, amount)
        self._emit("Approval", owner=owner, spender=spender, value=amount)

    def _set_allowance(self, owner: str, spender: str, amount: int) -> None:
        if owner == ZERO_ADDRESS:
            raise ERC20InvalidApprover(owner)
        if spender == ZERO_ADDRESS:
            raise ERC20InvalidSpender(spender)
        self.allowances[owner, spender] = amount

    def _spend_allowance(self, owner: str, spender: str, amount: int) -> None:
        allowed = self.allowance(owner, spender)
        if allowed == MAX_UINT256:
            return
        if allowed < amount:
            raise ERC20InsufficientAllowance(spender, allowed, amount)
        self._set_allowance(owner, spender, allowed - amount)

    def _move(self, owner: str, to: str, amount: int) -> None:
        if owner == ZERO_ADDRESS:
            raise ERC20InvalidSender(owner)
        if to == ZERO_ADDRESS:
            raise ERC20InvalidReceiver(to)
        self._take(owner, amount)
        self.balances[to] += amount
        self._emit("Transfer", **{"from": owner, "to": to, "value": amount})

    def _destroy(self, owner: str, amount: int) -> None:
        if owner == ZERO_ADDRESS:
            raise ERC20InvalidSender(owner)
        self._take(owner, amount)
        self.total_supply -= amount
        self._emit("Transfer", **{"from": owner, "to": ZERO_ADDRESS, "value": amount})
        self._emit("Burn", burner=owner, amount=amount)

    def _take(self, owner: str, amount: int) -> None:
        balance = self.balances[owner]
        if balance < amount:
            raise ERC20InsufficientBalance(owner, balance, amount)
        self.balances[owner] = balance - amount

"""LPT: an ERC-20 token whose supply only two roles change (rounds-and-issuance.md 4.8)."""

from reference_model.constants import MAX_UINT256, ZERO_ADDRESS
from reference_model.exceptions import (
    AccessControlUnauthorizedAccount,
    ERC20InsufficientAllowance,
    ERC20InsufficientBalance,
    ERC20InvalidApprover,
    ERC20InvalidReceiver,
    ERC20InvalidSender,
    ERC20InvalidSpender,
)
from reference_model.registry import Contract, entry_point
from reference_model.state import Journal, Ledger

ADMIN_ROLE = "DEFAULT_ADMIN_ROLE"
MINTER_ROLE = "MINTER_ROLE"
BURNER_ROLE = "BURNER_ROLE"


class LivepeerToken(Contract):
    """Balances and allowances; Σ balances = total supply."""

    name = "LivepeerToken"
    total_supply: int = 0

    def __init__(self, journal: Journal, address: str, admin: str) -> None:
        super().__init__(journal, address)
        self.balances = Ledger(journal)
        self.allowances = Ledger(journal)
        self.roles = Ledger(journal, False)
        self.roles[ADMIN_ROLE, admin] = True

    def balance_of(self, account: str) -> int:
        """LPT of an account."""
        return self.balances[account]

    def allowance(self, owner: str, spender: str) -> int:
        """What the spender may take of the owner's LPT; 2²⁵⁶ − 1 never runs out."""
        return self.allowances[owner, spender]

    @entry_point
    def transfer(self, sender: str, to: str, amount: int) -> bool:
        """Move the caller's tokens."""
        self._move(sender, to, amount)
        return True

    @entry_point
    def transfer_from(self, sender: str, owner: str, to: str, amount: int) -> bool:
        """Move tokens of an owner who has allowed it."""
        self._spend_allowance(owner, sender, amount)
        self._move(owner, to, amount)
        return True

    @entry_point
    def approve(self, sender: str, spender: str, amount: int) -> bool:
        """Set what the spender may take."""
        self._approve(sender, spender, amount)
        return True

    @entry_point
    def increase_allowance(self, sender: str, spender: str, added_value: int) -> bool:
        """Raise what the spender may take."""
        self._approve(sender, spender, self.allowance(sender, spender) + added_value)
        return True

    @entry_point
    def decrease_allowance(self, sender: str, spender: str, subtracted_value: int) -> bool:
        """Lower what the spender may take."""
        current = self.allowance(sender, spender)
        if subtracted_value > current:
            raise ERC20InsufficientAllowance(spender, current, subtracted_value)
        self._approve(sender, spender, current - subtracted_value)
        return True

    @entry_point
    def mint(self, sender: str, to: str, amount: int) -> None:
        """Create tokens."""
        self._require_role(MINTER_ROLE, sender)
        if to == ZERO_ADDRESS:
            raise ERC20InvalidReceiver(to)
        self.total_supply += amount
        self.balances[to] += amount
        self._emit("Transfer", **{"from": ZERO_ADDRESS, "to": to, "value": amount})
        self._emit("Mint", to=to, amount=amount)

    @entry_point
    def burn(self, sender: str, amount: int) -> None:
        """Destroy the caller's tokens."""
        self._require_role(BURNER_ROLE, sender)
        self._destroy(sender, amount)

    @entry_point
    def burn_from(self, sender: str, owner: str, amount: int) -> None:
        """Destroy tokens of an owner who has allowed it, be it the caller itself."""
        self._require_role(BURNER_ROLE, sender)
        self._spend_allowance(owner, sender, amount)
        self._destroy(owner, amount)

    @entry_point
    def grant_role(self, sender: str, role: str, account: str) -> None:
        """Give an account a role."""
        self._require_role(ADMIN_ROLE, sender)
        if not self.roles[role, account]:
            self.roles[role, account] = True
            self._emit("RoleGranted", role=role, account=account, sender=sender)

    @entry_point
    def revoke_role(self, sender: str, role: str, account: str) -> None:
        """Take a role away."""
        self._require_role(ADMIN_ROLE, sender)
        if self.roles[role, account]:
            self.roles[role, account] = False
            self._emit("RoleRevoked", role=role, account=account, sender=sender)

    def _require_role(self, role: str, account: str) -> None:
        if not self.roles[role, account]:
            raise AccessControlUnauthorizedAccount(account, role)

    def _approve(self, owner: str, spender: str, amount: int) -> None:
        if owner == ZERO_ADDRESS:
            raise ERC20InvalidApprover(owner)
        if spender == ZERO_ADDRESS:
            raise ERC20InvalidSpender(spender)
        self.allowances[owner, spender] = amount
        self._emit("Approval", owner=owner, spender=spender, value=amount)

    def _spend_allowance(self, owner: str, spender: str, amount: int) -> None:
        allowed = self.allowance(owner, spender)
        if allowed == MAX_UINT256:
            return
        if allowed < amount:
            raise ERC20InsufficientAllowance(spender, allowed, amount)
        if owner == ZERO_ADDRESS:
            raise ERC20InvalidApprover(owner)
        self.allowances[owner, spender] = allowed - amount

    def _move(self, owner: str, to: str, amount: int) -> None:
        if owner == ZERO_ADDRESS:
            raise ERC20InvalidSender(owner)
        if to == ZERO_ADDRESS:
            raise ERC20InvalidReceiver(to)
        self._take(owner, amount)
        self.balances[to] += amount
        self._emit("Transfer", **{"from": owner, "to": to, "value": amount})

    def _destroy(self, owner: str, amount: int) -> None:
        self._take(owner, amount)
        self.total_supply -= amount
        self._emit("Transfer", **{"from": owner, "to": ZERO_ADDRESS, "value": amount})
        self._emit("Burn", burner=owner, amount=amount)

    def _take(self, owner: str, amount: int) -> None:
        balance = self.balances[owner]
        if balance < amount:
            raise ERC20InsufficientBalance(owner, balance, amount)
        self.balances[owner] = balance - amount

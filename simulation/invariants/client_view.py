"""What somebody knows who saw the first state and every event since: explorers and gateways keep books like this.

Nothing may change without its event, so these books must agree with the state at any time (payments.md 3.8).
"""

from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Any

from reference_model.constants import ZERO_ADDRESS
from reference_model.protocol import Protocol
from reference_model.state import Event

Given = Mapping[str, Any]


class ClientView:
    """Books kept from events alone."""

    def __init__(self, model: Protocol, parameters: dict[str, int]) -> None:
        votes, manager = model.bonding_votes, model.bonding_manager
        self.contracts = dict(model.controller.contracts)
        self.paused = model.controller.paused
        self.owner = model.controller.owner
        self.parameters = parameters
        self.lpt: dict[str, int] = defaultdict(int, model.token.balances)
        self.roles = {role for role, has in model.token.roles.items() if has}
        self.deposits: dict[str, int] = defaultdict(int)
        self.reserves: dict[str, int] = defaultdict(int)
        for account, record in model.ticket_broker.accounts.items():
            self.deposits[account], self.reserves[account] = record.deposit, record.reserve
        self.claims: dict[tuple[str, int, str], int] = defaultdict(int, model.ticket_broker.claims)
        self.bonded: dict[str, int] = defaultdict(int)
        self.fees: dict[str, int] = defaultdict(int)
        for account, record in manager.delegators.items():
            self.bonded[account], self.fees[account] = record.bonded_amount, record.fees
        self.delegates: dict[str, str] = defaultdict(lambda: ZERO_ADDRESS)
        self.votes: dict[str, int] = defaultdict(int)
        self.voting_bonds: dict[str, tuple[int, int]] = defaultdict(lambda: (0, 0))
        for account in list(votes.checkpoints):
            checkpoints = votes.checkpoints[account]
            if checkpoints:
                latest = checkpoints[max(checkpoints)]
                is_orchestrator = latest.delegate == account and latest.bonded_amount > 0
                self.delegates[account] = latest.delegate
                self.votes[account] = latest.delegated_amount if is_orchestrator else 0
                self.voting_bonds[account] = (latest.bonded_amount, latest.last_claim_round)
        self.block_hashes = dict(model.rounds_manager.block_hashes)
        self.commits = dict(model.controller.commits)
        self.service_uris = dict(model.service_registry.service_uris)
        self.staged = {update: block for update, block in model.governor.updates.items() if block}
        self._model = model

    def add(self, event: Event) -> None:
        """Enter an event."""
        # The Governor and the faucet have owners, too.
        if event.name == "OwnershipTransferred" and event.contract != "Controller":
            return
        if entry := _ENTRIES.get(event.name):
            entry(self, event.arguments)

    # ---- control

    def _set_contract_info(self, given: Given) -> None:
        self.contracts[given["id"]] = given["contractAddress"]
        self.commits[given["id"]] = given["gitCommitHash"]

    def _pause(self, given: Given) -> None:
        self.paused = True

    def _unpause(self, given: Given) -> None:
        self.paused = False

    def _ownership_transferred(self, given: Given) -> None:
        self.owner = given["newOwner"]

    def _parameter_changed(self, given: Given) -> None:
        self.parameters[given["param"]] = given["newValue"]

    def _new_round(self, given: Given) -> None:
        self.block_hashes[given["round"]] = given["blockHash"]

    def _service_uri_update(self, given: Given) -> None:
        self.service_uris[given["addr"]] = given["serviceURI"]

    def _update_staged(self, given: Given) -> None:
        update = self._model.cryptography.hash_update(given["update"])
        self.staged[update] = self._model.block_number + given["delay"]

    def _update_ended(self, given: Given) -> None:
        self.staged.pop(self._model.cryptography.hash_update(given["update"]), None)

    # ---- LPT

    def _transfer(self, given: Given) -> None:
        if given["from"] != ZERO_ADDRESS:
            self.lpt[given["from"]] -= given["value"]
        if given["to"] != ZERO_ADDRESS:
            self.lpt[given["to"]] += given["value"]

    def _role_granted(self, given: Given) -> None:
        self.roles.add((given["role"], given["account"]))

    def _role_revoked(self, given: Given) -> None:
        self.roles.discard((given["role"], given["account"]))

    # ---- escrow

    def _deposit_funded(self, given: Given) -> None:
        self.deposits[given["sender"]] += given["amount"]

    def _reserve_funded(self, given: Given) -> None:
        self.reserves[given["reserveHolder"]] += given["amount"]

    def _winning_ticket_transfer(self, given: Given) -> None:
        sender, amount = given["sender"], given["amount"]
        from_deposit = min(amount, self.deposits[sender])
        self.deposits[sender] -= from_deposit
        self.reserves[sender] -= amount - from_deposit

    def _reserve_claimed(self, given: Given) -> None:
        round_number = self._model.rounds_manager.current_round()
        self.claims[given["reserveHolder"], round_number, given["claimant"]] += given["amount"]

    def _withdrawal(self, given: Given) -> None:
        self.deposits[given["sender"]] = self.reserves[given["sender"]] = 0

    # ---- bonds

    def _earnings_claimed(self, given: Given) -> None:
        self.bonded[given["delegator"]] += given["rewards"]
        self.fees[given["delegator"]] += given["fees"]

    def _bond(self, given: Given) -> None:
        self.bonded[given["delegator"]] += given["additionalAmount"]

    def _rebond(self, given: Given) -> None:
        self.bonded[given["delegator"]] += given["amount"]

    def _unbond(self, given: Given) -> None:
        self.bonded[given["delegator"]] -= given["amount"]

    def _slashed(self, given: Given) -> None:
        self.bonded[given["transcoder"]] -= given["penalty"]

    def _withdraw_fees(self, given: Given) -> None:
        self.fees[given["delegator"]] -= given["amount"]

    # ---- votes

    def _delegate_changed(self, given: Given) -> None:
        self.delegates[given["delegator"]] = given["toDelegate"]

    def _delegate_votes_changed(self, given: Given) -> None:
        self.votes[given["delegate"]] = given["newBalance"]

    def _bonded_amount_changed(self, given: Given) -> None:
        self.voting_bonds[given["delegate"]] = (given["newBondedAmount"], given["newLastClaimRound"])


_ENTRIES: dict[str, Callable[[ClientView, Given], None]] = {
    "SetContractInfo": ClientView._set_contract_info,
    "Pause": ClientView._pause,
    "Unpause": ClientView._unpause,
    "OwnershipTransferred": ClientView._ownership_transferred,
    "ParameterChanged": ClientView._parameter_changed,
    "NewRound": ClientView._new_round,
    "ServiceURIUpdate": ClientView._service_uri_update,
    "UpdateStaged": ClientView._update_staged,
    "UpdateExecuted": ClientView._update_ended,
    "UpdateCancelled": ClientView._update_ended,
    "Transfer": ClientView._transfer,
    "RoleGranted": ClientView._role_granted,
    "RoleRevoked": ClientView._role_revoked,
    "DepositFunded": ClientView._deposit_funded,
    "ReserveFunded": ClientView._reserve_funded,
    "WinningTicketTransfer": ClientView._winning_ticket_transfer,
    "ReserveClaimed": ClientView._reserve_claimed,
    "Withdrawal": ClientView._withdrawal,
    "EarningsClaimed": ClientView._earnings_claimed,
    "Bond": ClientView._bond,
    "Rebond": ClientView._rebond,
    "Unbond": ClientView._unbond,
    "TranscoderSlashed": ClientView._slashed,
    "WithdrawFees": ClientView._withdraw_fees,
    "DelegateChanged": ClientView._delegate_changed,
    "DelegateVotesChanged": ClientView._delegate_votes_changed,
    "DelegatorBondedAmountChanged": ClientView._bonded_amount_changed,
}

"""Running totals of a run."""

from reference_model.state import Event


class Sums:
    """Running totals of what events report."""

    def __init__(self) -> None:
        self.lpt_in = self.lpt_out = self.fees_in = self.fees_out = 0
        self.funded = self.paid_by_tickets = self.withdrawn = self.minted_in_round = 0

    def add(self, event: Event, minter: str) -> None:
        """Take over what an event reports."""
        given = event.arguments
        if event.name == "NewRound":
            self.minted_in_round = 0
        elif event.name == "Bond":
            self.lpt_in += given["additionalAmount"]
        elif event.name == "Mint" and given["to"] == minter:
            self.lpt_in += given["amount"]
            self.minted_in_round += given["amount"]
        elif event.name in ("WithdrawStake", "TreasuryReward"):
            self.lpt_out += given["amount"]
        elif event.name == "TranscoderSlashed":
            self.lpt_out += given["penalty"]
        elif event.name == "WinningTicketTransfer":
            self.fees_in += given["amount"]
            self.paid_by_tickets += given["amount"]
        elif event.name == "WithdrawFees":
            self.fees_out += given["amount"]
        elif event.name in ("DepositFunded", "ReserveFunded"):
            self.funded += given["amount"]
        elif event.name == "Withdrawal":
            self.withdrawn += given["deposit"] + given["reserve"]

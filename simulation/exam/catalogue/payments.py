"""The ticket broker: escrow, exit, redemption."""

from simulation.exam.fault import BROKER, RESERVE, ROUND_AMOUNT, SENDER_ACCOUNT, TICKET_LIB, fault

FAULTS = (
    fault(
        "TicketRedeemedTwice",
        "a redeemed ticket is not remembered",
        BROKER,
        "_ticketBrokerStorage().usedTickets[ticketHash] = true;",
    ),
    fault(
        "ValidOneRoundLonger",
        "a ticket is in date for a round more than its validity period",
        BROKER,
        "if (creationRound + validityPeriod <= rounds.currentRound) {",
        "if (creationRound + validityPeriod < rounds.currentRound) {",
    ),
    fault(
        "RecipientUnchecked",
        "a ticket without recipient is taken for one of an inactive recipient",
        BROKER,
        """if (ticket.recipient == address(0)) {
            return abi.encodeWithSelector(TicketRecipientIsZero.selector);
        }
        """,
    ),
    fault(
        "SignerUnchecked",
        "anybody's signature will do",
        BROKER,
        "if (signer != ticket.sender) {",
        "if (signer == address(0)) {",
    ),
    fault(
        "BlockHashUnchecked",
        "the block hash of the creation round is not compared",
        BROKER,
        "if (blockHash != rounds.blockHash) {",
        "if (blockHash == 0) {",
    ),
    fault(
        "StaleBlockHash",
        "a batch keeps the block hash of one round for the hash of another",
        BROKER,
        "rounds.hashedRound = creationRound;",
    ),
    fault(
        "DrawForeseen",
        "the draw leaves the recipient's number out, so that the sender can foresee it",
        TICKET_LIB,
        "drawn := keccak256(buffer, add(signature.length, 0x20))",
        "drawn := keccak256(buffer, signature.length)",
    ),
    fault(
        "FundingKeepsUnlock",
        "funding says that it cancels the unlock, and does not",
        BROKER,
        "if (isCancelled) account = account.lock();",
    ),
    fault(
        "AnybodyCancelsUnlock",
        "whoever funds a sender cancels its unlock",
        BROKER,
        "return msg.sender == sender;",
        "return true;",
    ),
    fault(
        "UnlockRestarts",
        "a second unlock starts the unlock period again",
        BROKER,
        """require(
            !account.isUnlocking(), UnlockAlreadyInitiated(msg.sender, account.withdrawRound().toUint256())
        );
        """,
    ),
    fault(
        "ReserveWithdrawnTwice",
        "a withdrawal pays the reserve and leaves it in the escrow",
        BROKER,
        "toSenderAccount(0, 0, account.withdrawRound())",
        "toSenderAccount(0, account.reserve(), account.withdrawRound())",
    ),
    fault(
        "UnlockedARoundLate",
        "a sender in its withdraw round still pays, and cannot withdraw",
        SENDER_ACCOUNT,
        "account.withdrawRound().toUint256() <= round",
        "account.withdrawRound().toUint256() < round",
    ),
    fault(
        "ReserveDivisorOneTooLarge",
        "a reserve is shared by one more than there are",
        RESERVE,
        "(fundsRemaining + claimedByAll) / activeSetSize",
        "(fundsRemaining + claimedByAll) / (activeSetSize + 1)",
    ),
    fault(
        "ClaimLowersShares",
        "what others have claimed lowers the share of a claimant",
        RESERVE,
        "(fundsRemaining + claimedByAll) / activeSetSize",
        "fundsRemaining / activeSetSize",
    ),
    fault(
        "OldClaimsCount",
        "claims of past rounds count in the present one",
        ROUND_AMOUNT,
        "RoundAmount.unwrap(self) >> ROUND_SHIFT == round ? uint112(RoundAmount.unwrap(self)) : 0",
        "RoundAmount.unwrap(self) >> ROUND_SHIFT <= round ? uint112(RoundAmount.unwrap(self)) : 0",
    ),
    fault(
        "ClaimsOfAllForgotten",
        "what all together have claimed is not kept",
        BROKER,
        "$.claimedByAll[sender] = settlement.claimedByAll.plus(currentRound, fromReserve);",
    ),
    fault(
        "InactiveMayClaim",
        "an inactive recipient has a share of the reserve",
        BROKER,
        "if (!isActive) return 0;",
        "isActive;",
    ),
    fault(
        "SkippedTicketKeepsFunds",
        "a ticket whose recipient cannot be paid takes the sender's funds",
        BROKER,
        "$.accounts[sender] = settlement.account;",
    ),
    fault(
        "SurplusKept",
        "more ETH than is to be credited is taken",
        BROKER,
        "require(msg.value == requiredWei, ",
        "require(msg.value >= requiredWei, ",
    ),
    fault(
        "BatchStops",
        "a batch ends with the first ticket that fails",
        BROKER,
        "_redeem(_tickets[i], _sigs[i], _recipientRands[i], rounds);",
        """(bool isRedeemed,) = _redeem(_tickets[i], _sigs[i], _recipientRands[i], rounds);
            if (!isRedeemed) return;""",
    ),
    fault(
        "TransferOfDepositOnly",
        "event WinningTicketTransfer leaves out what the reserve paid",
        BROKER,
        "emit WinningTicketTransfer(settlement.sender, settlement.recipient, amount);",
        "emit WinningTicketTransfer(settlement.sender, settlement.recipient, settlement.fromDeposit);",
    ),
    fault(
        "ShortageNamesReserve",
        "error InsufficientFundsForFaceValue names the reserve, and not the claimable part",
        BROKER,
        "InsufficientFundsForFaceValue.selector, faceValue, account.deposit(), claimable",
        "InsufficientFundsForFaceValue.selector, faceValue, account.deposit(), account.reserve()",
    ),
    fault(
        "FundingEventsInOtherOrder",
        "funding both pots tells of the deposit first",
        BROKER,
        "emit ReserveFunded(sender, reserveAmount);\n        emit DepositFunded(sender, depositAmount);",
        "emit DepositFunded(sender, depositAmount);\n        emit ReserveFunded(sender, reserveAmount);",
    ),
    fault(
        "CancelWhilePaused",
        "an unlock can be cancelled while the system is paused",
        BROKER,
        "function cancelUnlock() external whenSystemNotPaused {",
        "function cancelUnlock() external {",
    ),
)

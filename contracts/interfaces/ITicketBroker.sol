// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Ticket} from "../types/Ticket.sol";

/// @title ITicketBroker
/// @notice Probabilistic micropayments. A sender (gateway) puts ETH into two pots and signs lottery tickets off chain;
/// only tickets that win come here, and pay their recipient (orchestrator) in fees.
///
/// Deposit: spent first, on tickets of any recipient. Reserve: spent when the deposit runs out; each orchestrator of
/// the active set may draw an equal share of it per round, so that a sender who promises too much cannot take one
/// orchestrator's share by paying another, or itself.
///
/// Exit: `unlock`, wait until the withdraw round, `withdraw`. A sender is locked while its withdraw round is zero or
/// in the future; only tickets of a locked sender can be redeemed.
///
/// All amounts are wei, all periods rounds. No ETH stays here: funds go on to the Minter at once, and a redemption only
/// turns escrow into fees that the BondingManager owes.
///
/// Needed for correctness: the RoundsManager never changes the block hash of a round, the BondingManager does not
/// change the size of the active set within a round, and its fee hook emits no event and calls nobody outside the
/// protocol. Needed for liveness: all three collaborators are registered, and this contract is registered with them
/// under both its ids (TicketBroker, JobsManager).
///
/// Besides those named at each function, an amount that does not fit 112 bits or a round that does not fit 32 bits
/// reverts with OpenZeppelin's SafeCastOverflowedUintDowncast, which carries the value.
interface ITicketBroker {
    /// @notice A sender's own record.
    /// @param deposit Wei in the deposit.
    /// @param withdrawRound First round in which the sender can withdraw; zero while no unlock is in progress.
    struct Sender {
        uint256 deposit;
        uint256 withdrawRound;
    }

    /// @notice A sender's reserve.
    /// @param fundsRemaining Wei in the reserve.
    /// @param claimedInCurrentRound Wei drawn from it in the current round, by all recipients.
    struct ReserveInfo {
        uint256 fundsRemaining;
        uint256 claimedInCurrentRound;
    }

    /// @notice Emitted when `amount` wei are added to the deposit of `sender`.
    event DepositFunded(address indexed sender, uint256 amount);

    /// @notice Emitted when `amount` wei are added to the reserve of `reserveHolder`.
    event ReserveFunded(address indexed reserveHolder, uint256 amount);

    /// @notice Emitted when a ticket takes `amount` wei from the reserve of `reserveHolder` for `claimant`.
    event ReserveClaimed(address indexed reserveHolder, address claimant, uint256 amount);

    /// @notice Emitted when `amount` wei leave the pots of `sender`: the deposit first, then the reserve. Clients keep
    /// their books by this event, so that it equals what the two pots lose.
    event WinningTicketTransfer(address indexed sender, address indexed recipient, uint256 amount);

    /// @notice Emitted last for each redeemed ticket, one of face value zero included.
    event WinningTicketRedeemed(
        address indexed sender,
        address indexed recipient,
        uint256 faceValue,
        uint256 winProb,
        uint256 senderNonce,
        uint256 recipientRand,
        bytes auxData
    );

    /// @notice Emitted when `sender` announces in `startRound` that it will withdraw in `endRound` or later.
    event Unlock(address indexed sender, uint256 startRound, uint256 endRound);

    /// @notice Emitted when `sender` is locked again.
    event UnlockCancelled(address indexed sender);

    /// @notice Emitted when `sender` has been paid both its pots.
    event Withdrawal(address indexed sender, uint256 deposit, uint256 reserve);

    // --- errors: parameters and funding ---

    /// @notice Thrown when the unlock period is to be zero (DEV-6): claims and a withdrawal could then fall into one
    /// round, and the claims would distort the shares of a reserve that is funded anew.
    error UnlockPeriodIsZero();

    /// @notice Thrown when the ticket validity period is to be zero.
    error TicketValidityPeriodIsZero();

    /// @notice Thrown when the ETH sent is not the sum of the amounts to be funded.
    error FundingValueMismatch(uint256 valueWei, uint256 requiredWei);

    // --- errors: redemption, in the order of the checks ---

    /// @notice Thrown when a ticket names no recipient.
    error TicketRecipientIsZero();

    /// @notice Thrown when a ticket names no sender.
    error TicketSenderIsZero();

    /// @notice Thrown when the auxiliary data of a ticket are not exactly a round and a block hash.
    error InvalidAuxDataLength(uint256 length, uint256 requiredLength);

    /// @notice Thrown when no block hash, or a zero one, is recorded for the creation round of a ticket: the round was
    /// never initialized, lies in the future, or was recorded without a hash.
    error CreationRoundHasNoBlockHash(uint256 creationRound);

    /// @notice Thrown when a ticket carries another block hash than the one recorded for its creation round.
    error CreationRoundBlockHashMismatch(uint256 creationRound, bytes32 blockHash, bytes32 recordedBlockHash);

    /// @notice Thrown when a ticket is older than the validity period allows: it can be redeemed in
    /// `validityPeriodRounds` rounds, `creationRound` being the first.
    error TicketExpired(uint256 creationRound, uint256 validityPeriodRounds, uint256 currentRound);

    /// @notice Thrown when the number revealed is not the one that the recipient committed to.
    /// @param recipientRandHash Commitment in the ticket.
    /// @param revealedHash Commitment to the number revealed.
    error RecipientRandMismatch(bytes32 recipientRandHash, bytes32 revealedHash);

    /// @notice Thrown when a ticket has been redeemed before.
    error TicketAlreadyUsed(bytes32 ticketHash);

    /// @notice Thrown when a signature is not r, s and v in 65 bytes. Compact signatures (ERC-2098) are refused: a
    /// second encoding would be a second draw.
    error InvalidSignatureLength(uint256 length, uint256 requiredLength);

    /// @notice Thrown when `s` of a signature lies in the upper half of the curve order, which makes it the twin of
    /// another signature by the same key.
    error MalleableSignature(bytes32 s);

    /// @notice Thrown when no address can be recovered from a signature: `v` is neither 27 nor 28, or `r` is on no
    /// curve point.
    error UnrecoverableSignature(uint8 v, bytes32 r);

    /// @notice Thrown when a ticket was signed by somebody else than its sender.
    error InvalidTicketSignature(address signer, address sender);

    /// @notice Thrown when a ticket lost: it wins if `draw` is less than `winProb`.
    error TicketDidNotWin(uint256 draw, uint256 winProb);

    /// @notice Thrown when the sender of a ticket may withdraw at any time, so that its tickets are void.
    error SenderUnlocked(address sender, uint256 withdrawRound, uint256 currentRound);

    /// @notice Thrown when both pots of `sender` are empty.
    error SenderHasNoFunds(address sender);

    /// @notice Thrown when deposit and claimable reserve together do not cover the face value (DEV-1). The ticket stays
    /// usable: it can be redeemed when the sender has added funds, or in the next round, when shares begin anew.
    /// @param claimableReserveWei What this recipient may still draw from the reserve in this round.
    error InsufficientFundsForFaceValue(
        uint256 faceValueWei, uint256 depositWei, uint256 claimableReserveWei
    );

    // --- errors: exit ---

    /// @notice Thrown when the sender has called `unlock` already.
    error UnlockAlreadyInitiated(address sender, uint256 withdrawRound);

    /// @notice Thrown when the sender has not called `unlock`, or has cancelled it.
    error NoUnlockInProgress(address sender);

    /// @notice Thrown when the sender wants to withdraw before its withdraw round.
    error SenderLocked(address sender, uint256 withdrawRound, uint256 currentRound);

    // --- parameters ---

    /// @notice Rounds between `unlock` and the withdraw round.
    function unlockPeriod() external view returns (uint256);

    /// @notice Rounds in which a ticket can be redeemed, its creation round included.
    function ticketValidityPeriod() external view returns (uint256);

    /// @notice Sets the unlock period to `_unlockPeriod` rounds. Senders that unlock already keep their withdraw round.
    /// @dev Errors: CallerNotControllerOwner, UnlockPeriodIsZero.
    function setUnlockPeriod(uint256 _unlockPeriod) external;

    /// @notice Sets the ticket validity period to `_ticketValidityPeriod` rounds, for tickets issued already too.
    /// @dev Errors: CallerNotControllerOwner, TicketValidityPeriodIsZero.
    function setTicketValidityPeriod(uint256 _ticketValidityPeriod) external;

    // --- funding ---

    /// @notice Adds the ETH sent to the caller's deposit, and cancels the caller's unlock if there is one.
    /// @dev Errors: SystemPaused.
    function fundDeposit() external payable;

    /// @notice Adds the ETH sent to the caller's reserve, and cancels the caller's unlock if there is one.
    /// @dev Errors: SystemPaused.
    function fundReserve() external payable;

    /// @notice Adds `_depositAmount` to the caller's deposit and `_reserveAmount` to its reserve, and cancels the
    /// caller's unlock if there is one. The ETH sent must be the sum.
    /// @dev Errors: SystemPaused, FundingValueMismatch; a panic if the sum overflows.
    function fundDepositAndReserve(uint256 _depositAmount, uint256 _reserveAmount) external payable;

    /// @notice Adds `_depositAmount` to the deposit of `_addr` and `_reserveAmount` to its reserve. The ETH sent must
    /// be the sum.
    /// @dev Warning: an unlock is cancelled only if `_addr` is the caller. Funds given to an unlocked sender can be
    /// withdrawn by it at once, and no ticket reaches them.
    /// Errors: SystemPaused, FundingValueMismatch; a panic if the sum overflows.
    function fundDepositAndReserveFor(address _addr, uint256 _depositAmount, uint256 _reserveAmount)
        external
        payable;

    // --- redemption ---

    /// @notice Redeems `_ticket`, signed by its sender with `_sig`, by revealing `_recipientRand`. Anybody may call;
    /// the recipient in the ticket is paid, in full or not at all.
    /// @dev The ticket is marked as used before anybody else's code runs, and for ever. Funds come from the deposit
    /// and, once that is empty, from the recipient's share of the reserve. Shares are rounded down; what is left over
    /// stays in the reserve. A ticket of face value zero pays nothing and is used up.
    /// Errors, in the order of the checks: SystemPaused, CurrentRoundNotInitialized, TicketRecipientIsZero,
    /// TicketSenderIsZero, InvalidAuxDataLength, CreationRoundHasNoBlockHash, CreationRoundBlockHashMismatch,
    /// TicketExpired, RecipientRandMismatch, TicketAlreadyUsed, InvalidSignatureLength, MalleableSignature,
    /// UnrecoverableSignature, InvalidTicketSignature, TicketDidNotWin, SenderUnlocked, SenderHasNoFunds,
    /// InsufficientFundsForFaceValue; then whatever the BondingManager throws, above all when the recipient is not
    /// active in the current round.
    function redeemWinningTicket(Ticket calldata _ticket, bytes calldata _sig, uint256 _recipientRand)
        external;

    /// @notice Redeems each of `_tickets` as `redeemWinningTicket` would, one after the other. A ticket that cannot be
    /// redeemed is skipped and leaves no trace.
    /// @dev Surplus signatures and numbers are ignored; if one is missing the whole batch reverts with a panic (0x32).
    /// The whole batch also reverts when a collaborator is not registered. A ticket whose payment runs out of gas is
    /// skipped, if enough gas is left to undo it; else the whole batch reverts.
    /// Errors: SystemPaused, CurrentRoundNotInitialized, ContractNotRegistered.
    function batchRedeemWinningTickets(
        Ticket[] calldata _tickets,
        bytes[] calldata _sigs,
        uint256[] calldata _recipientRands
    ) external;

    // --- exit ---

    /// @notice Announces the caller's withdrawal, which can follow `unlockPeriod` rounds later. Tickets stay redeemable
    /// until then.
    /// @dev Warning: after a withdrawal the sender stays unlocked until it cancels or funds itself again.
    /// Errors: SystemPaused, SenderHasNoFunds, UnlockAlreadyInitiated.
    function unlock() external;

    /// @notice Locks the caller again.
    /// @dev Errors: SystemPaused, NoUnlockInProgress.
    function cancelUnlock() external;

    /// @notice Pays the caller both its pots, from the withdraw round on. There is no partial withdrawal.
    /// @dev Warning: the Minter pays with a stipend of 2,300 gas, too little for a contract that does more than accept.
    /// Errors: SystemPaused, SenderHasNoFunds, NoUnlockInProgress, SenderLocked; what the Minter throws.
    function withdraw() external;

    // --- views ---

    /// @notice Whether `_sender` has called `unlock` and neither cancelled it nor funded itself since.
    function isUnlockInProgress(address _sender) external view returns (bool);

    /// @notice Deposit and withdraw round, and reserve of `_sender`.
    function getSenderInfo(address _sender)
        external
        view
        returns (Sender memory sender, ReserveInfo memory reserve);

    /// @notice Reserve of `_reserveHolder`.
    function getReserveInfo(address _reserveHolder) external view returns (ReserveInfo memory info);

    /// @notice Wei that `_claimant` has drawn from the reserve of `_reserveHolder` in the current round.
    function claimedReserve(address _reserveHolder, address _claimant) external view returns (uint256);

    /// @notice Wei that `_claimant` may still draw from the reserve of `_reserveHolder` in the current round; zero when
    /// it is not in the active set.
    /// @dev Rounded down. The reserve is divided by the size of the active set as locked for the round (DEV-2).
    function claimableReserve(address _reserveHolder, address _claimant) external view returns (uint256);

    /// @notice Hash that identifies `_ticket` and that its sender signs as an Ethereum message. Auxiliary data of any
    /// length are hashed.
    function getTicketHash(Ticket calldata _ticket) external pure returns (bytes32);

    /// @notice Whether the ticket with hash `_ticketHash` has been redeemed.
    function usedTickets(bytes32 _ticketHash) external view returns (bool);
}

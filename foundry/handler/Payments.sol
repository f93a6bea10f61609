// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SignedTicket, Tickets} from "./Tickets.sol";

/// @title Payments
/// @notice What gateways do, and whoever redeems their tickets, bounded so that it succeeds
/// (simulation/actions/payments.py).
abstract contract Payments is Tickets {
    /// @dev An upper bound of sums of fee factors, well below 2^256.
    uint256 private constant LARGEST_FEE_FACTOR = 2 ** 240;

    function fundNoRevert(uint256 senderSeed, uint256 depositSeed, uint256 reserveSeed, uint256 kind)
        external
        whileRunning
    {
        address sender = gateways[senderSeed % gateways.length];
        uint256 deposit = _weiAmount(depositSeed);
        uint256 reserve = _weiAmount(reserveSeed);
        if (sender.balance < deposit + reserve) return;
        kind %= 4;
        if (kind == 0) _must(_fundDeposit(sender, deposit));
        else if (kind == 1) _must(_fundReserve(sender, reserve));
        else _must(_fund(sender, sender, deposit, reserve));
    }

    function fundForNoRevert(uint256 payerSeed, uint256 holderSeed, uint256 depositSeed, uint256 reserveSeed)
        external
        whileRunning
    {
        address payer = _staker(payerSeed);
        uint256 deposit = _weiAmount(depositSeed);
        uint256 reserve = _weiAmount(reserveSeed);
        if (payer.balance < deposit + reserve) return;
        _must(_fund(payer, holders[holderSeed % holders.length], deposit, reserve));
    }

    function unlockNoRevert(uint256 senderSeed) external whileRunning {
        address sender = gateways[senderSeed % gateways.length];
        if (_hasFunds(sender) && !_isUnlocking(sender)) _must(_unlock(sender));
    }

    function cancelUnlockNoRevert(uint256 senderSeed) external whileRunning {
        address sender = gateways[senderSeed % gateways.length];
        if (_isUnlocking(sender)) _must(_cancelUnlock(sender));
    }

    function withdrawNoRevert(uint256 senderSeed) external whileRunning {
        address sender = gateways[senderSeed % gateways.length];
        if (_hasFunds(sender) && _isUnlocked(sender)) _must(_withdraw(sender));
    }

    function redeemNoRevert(uint256 senderSeed, uint256 recipientSeed, uint256 amountSeed, uint256 callerSeed)
        external
        whileRunning
    {
        (bool found, SignedTicket memory signed) = _goodTicket(senderSeed, recipientSeed, amountSeed);
        if (found) _must(_redeem(_anybody(callerSeed), signed));
    }

    /// @notice A batch with a good ticket, the same once more, and one for more than there is.
    function redeemBatchNoRevert(uint256 senderSeed, uint256 recipientSeed, uint256 amountSeed, uint256 kind)
        external
        whileRunning
    {
        (bool found, SignedTicket memory signed) = _goodTicket(senderSeed, recipientSeed, amountSeed);
        if (!found) return;
        SignedTicket[] memory batch = new SignedTicket[](1 + kind % 3);
        for (uint256 i = 0; i < batch.length; ++i) {
            batch[i] = signed;
        }
        if (batch.length == 3) {
            uint256 number = senderSeed % gateways.length;
            batch[0] = _sign(
                _ticketOf(gateways[number], signed.ticket.recipient, type(uint128).max), gatewayKeys[number]
            );
        }
        _must(_redeemBatch(attacker, batch));
        _holds(
            broker.usedTickets(_hashOf(signed.ticket)),
            "FN-1 a batch redeems what can be redeemed",
            attacker,
            0,
            1
        );
    }

    /// @dev A ticket that its sender can pay, for an orchestrator that can be paid; none if nobody is.
    function _goodTicket(uint256 senderSeed, uint256 recipientSeed, uint256 amountSeed)
        private
        returns (bool, SignedTicket memory none)
    {
        uint256 number = senderSeed % gateways.length;
        address sender = gateways[number];
        address recipient = _stakerWho(recipientSeed, _isActive);
        if (recipient == address(0) || !_hasFunds(sender) || _isUnlocked(sender)) return (false, none);
        uint256 available = _escrow(sender).deposit + broker.claimableReserve(sender, recipient);
        uint256 faceValue = available == 0 || amountSeed % 11 == 0 ? 0 : _part(amountSeed, available);
        if (!_feeFactorHasRoom(recipient, faceValue)) return (false, none);
        return (true, _sign(_ticketOf(sender, recipient, faceValue), gatewayKeys[number]));
    }

    function _isActive(address account) internal view returns (bool) {
        return manager.isActiveTranscoder(account);
    }

    /// @dev A fee factor has 256 bits; only dust behind a large reward factor could fill them.
    function _feeFactorHasRoom(address account, uint256 fees) internal view returns (bool) {
        return _rewardFactor(account) < LARGEST_FEE_FACTOR / (fees + 1);
    }

    function _weiAmount(uint256 seed) private pure returns (uint256) {
        return (seed % 5) * 10 ** ((seed / 5) % 23);
    }
}

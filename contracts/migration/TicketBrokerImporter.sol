// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {ContractIds} from "../libraries/ContractIds.sol";
import {TicketBroker} from "../payments/TicketBroker.sol";
import {Round} from "../types/Round.sol";
import {SenderAccount, toSenderAccount} from "../types/SenderAccount.sol";
import {TicketHash} from "../types/TicketHash.sol";
import {Importer} from "./Importer.sol";

/// @title TicketBrokerImporter
/// @notice Writes deposits, reserves and used tickets of another deployment. See IImporter.
/// @dev The ETH behind the deposits and reserves lies in the Minter and moves with it.
contract TicketBrokerImporter is Importer {
    struct ImportedSender {
        address sender;
        /// Wei.
        uint256 deposit;
        /// Wei.
        uint256 reserve;
        /// Zero while no unlock is in progress.
        Round withdrawRound;
    }

    struct ImportedClaim {
        address reserveHolder;
        address claimant;
        /// Wei drawn in the round of the batch.
        uint256 amount;
    }

    constructor(address _controller) Importer(_controller) {}

    /// @notice Writes both periods over those that the deployment set.
    function importParameters(uint256 number, uint256 unlockPeriod, uint256 ticketValidityPeriod)
        external
        batch(number)
    {
        _storage().unlockPeriodRounds = SafeCast.toUint32(unlockPeriod);
        _storage().ticketValidityPeriodRounds = SafeCast.toUint32(ticketValidityPeriod);
    }

    /// @notice Writes escrow.
    function importSenders(uint256 number, ImportedSender[] calldata imported) external batch(number) {
        for (uint256 i = 0; i < imported.length; ++i) {
            ImportedSender calldata one = imported[i];
            _requireNew(
                SenderAccount.unwrap(_storage().accounts[one.sender]) == 0,
                bytes32(uint256(uint160(one.sender)))
            );
            _storage().accounts[one.sender] = toSenderAccount(one.deposit, one.reserve, one.withdrawRound);
        }
    }

    /// @notice Writes what claimants have drawn from reserves in `round`.
    function importClaims(uint256 number, Round round, ImportedClaim[] calldata imported)
        external
        batch(number)
    {
        TicketBroker.TicketBrokerStorage storage $ = _storage();
        uint256 claimRound = round.toUint256();
        for (uint256 i = 0; i < imported.length; ++i) {
            address holder = imported[i].reserveHolder;
            address claimant = imported[i].claimant;
            uint256 amount = imported[i].amount;
            _requireNew(
                $.claimedBy[holder][claimant].inRound(claimRound) == 0,
                keccak256(abi.encode(holder, claimant))
            );
            $.claimedBy[holder][claimant] = $.claimedBy[holder][claimant].plus(claimRound, amount);
            $.claimedByAll[holder] = $.claimedByAll[holder].plus(claimRound, amount);
        }
    }

    /// @notice Marks tickets that were redeemed.
    function importUsedTickets(uint256 number, TicketHash[] calldata tickets) external batch(number) {
        for (uint256 i = 0; i < tickets.length; ++i) {
            _requireNew(!_storage().usedTickets[tickets[i]], tickets[i].toBytes32());
            _storage().usedTickets[tickets[i]] = true;
        }
    }

    function _homeId() internal pure override returns (bytes32) {
        return ContractIds.TICKET_BROKER;
    }

    /// @dev Nothing tells whether somebody has escrow: each account is looked at when it is written.
    function _isEmpty() internal pure override returns (bool) {
        return true;
    }

    function _storage() private pure returns (TicketBroker.TicketBrokerStorage storage $) {
        bytes32 slot = _slotOf("livepeer.storage.TicketBroker");
        assembly ("memory-safe") {
            $.slot := slot
        }
    }
}

// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {GovernorUpgradeable} from "@openzeppelin/contracts-upgradeable/governance/GovernorUpgradeable.sol";
import {IGovernor as IGovernorBase} from "@openzeppelin/contracts/governance/IGovernor.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {IGovernorCountingOverridable} from "../interfaces/IGovernorCountingOverridable.sol";
import {PPM_WHOLE} from "../types/Ppm.sol";

/// @title GovernorCountingOverridable
/// @notice See IGovernorCountingOverridable.
/// @dev For a proposal, with V(x) the votes and D(x) the delegate of x at its snapshot:
/// counted(x) = max(0, V(x) - deductions(x)) for those who voted, with deductions(x) = sum of V(y) over the voters y
/// with D(y) = x, y != x, if D(x) = x, and zero otherwise; votes[s] = sum of counted(x) over those who voted s.
abstract contract GovernorCountingOverridable is GovernorUpgradeable, IGovernorCountingOverridable {
    enum VoteType {
        Against,
        For,
        Abstain
    }

    struct Voter {
        // --- slot 0 ---
        /// LPT of delegators who voted themselves.
        uint120 deductions;
        /// LPT that this account's vote adds to the tally now.
        uint120 counted;
        bool hasVoted;
        VoteType support;
    }

    struct Tally {
        // --- slots 0 and 1 ---
        /// LPT by VoteType; against and for in the first slot.
        uint128[3] votes;
        // --- slot 2 ---
        mapping(address account => Voter) voters;
    }

    /// @custom:storage-location erc7201:livepeer.storage.GovernorCountingOverridable
    struct GovernorCountingOverridableStorage {
        // --- slot 0 ---
        mapping(uint256 proposalId => Tally) tallies;
    }

    /// @dev keccak256(abi.encode(uint256(keccak256("livepeer.storage.GovernorCountingOverridable")) - 1))
    /// & ~bytes32(uint256(0xff))
    bytes32 private constant GOVERNOR_COUNTING_OVERRIDABLE_STORAGE =
        0x7adeb6262bf39ac80ec0ddf752b2a959f507c421ef2ec750a21bbce8c72f8500;

    /// @inheritdoc IGovernorBase
    // solhint-disable-next-line func-name-mixedcase
    function COUNTING_MODE() external pure override returns (string memory) {
        return "support=bravo&quorum=for,abstain,against";
    }

    /// @inheritdoc IGovernorBase
    function hasVoted(uint256 _proposalId, address _account) external view override returns (bool) {
        return _tallyOf(_proposalId).voters[_account].hasVoted;
    }

    /// @inheritdoc IGovernorCountingOverridable
    function proposalVotes(uint256 _proposalId)
        external
        view
        returns (uint256 againstVotes, uint256 forVotes, uint256 abstainVotes)
    {
        uint128[3] storage votes = _tallyOf(_proposalId).votes;
        againstVotes = votes[uint8(VoteType.Against)];
        forVotes = votes[uint8(VoteType.For)];
        abstainVotes = votes[uint8(VoteType.Abstain)];
    }

    /// @inheritdoc IGovernorCountingOverridable
    function quota() public view virtual returns (uint256);

    /// @dev Votes and delegate of `account` at the end of `timepoint`.
    function _votesAndDelegateAt(address account, uint256 timepoint)
        internal
        view
        virtual
        returns (uint256 votes, address delegate);

    /// @dev As OpenZeppelin's, but the votes are looked up when they are counted: they come with the delegate.
    function _castVote(
        uint256 proposalId,
        address account,
        uint8 support,
        string memory reason,
        bytes memory params
    ) internal virtual override returns (uint256 weight) {
        // What is being voted on has not been queued: the treasury is asked only to tell what it is instead.
        if (GovernorUpgradeable.state(proposalId) != ProposalState.Active) {
            _validateStateBitmap(proposalId, _encodeStateBitmap(ProposalState.Active));
        }
        weight = _countVote(proposalId, account, support, 0, params);
        if (params.length == 0) emit VoteCast(account, proposalId, support, weight, reason);
        else emit VoteCastWithParams(account, proposalId, support, weight, reason, params);
    }

    /// @dev Returns the votes that the account has, which the event tells, not those that count.
    function _countVote(uint256 proposalId, address account, uint8 support, uint256, bytes memory)
        internal
        override
        returns (uint256 weight)
    {
        require(support <= uint8(type(VoteType).max), InvalidVoteType(support));
        Tally storage tally = _tallyOf(proposalId);
        Voter memory voter = tally.voters[account];
        require(!voter.hasVoted, VoteAlreadyCast());

        uint256 snapshot = proposalSnapshot(proposalId);
        address delegate;
        (weight, delegate) = _votesAndDelegateAt(account, snapshot);
        uint256 counted = weight;
        if (delegate == account) {
            counted = Math.saturatingSub(weight, voter.deductions);
        } else if (_isSelfDelegatedAt(delegate, snapshot)) {
            _override(tally, delegate, weight);
        }

        voter.hasVoted = true;
        voter.support = VoteType(support);
        voter.counted = SafeCast.toUint120(counted);
        tally.voters[account] = voter;
        tally.votes[support] += voter.counted;
    }

    function _isSelfDelegatedAt(address account, uint256 timepoint) private view returns (bool) {
        (, address delegate) = _votesAndDelegateAt(account, timepoint);
        return delegate == account;
    }

    /// @dev Takes `weight` of a delegator from the vote of its delegate, be it cast or not.
    function _override(Tally storage tally, address delegate, uint256 weight) private {
        Voter memory voter = tally.voters[delegate];
        voter.deductions += SafeCast.toUint120(weight);
        if (voter.hasVoted) {
            uint120 taken = uint120(Math.min(weight, voter.counted));
            voter.counted -= taken;
            tally.votes[uint8(voter.support)] -= taken;
        }
        tally.voters[delegate] = voter;
    }

    /// @dev All votes count, whatever they say.
    function _quorumReached(uint256 proposalId) internal view override returns (bool) {
        uint128[3] storage votes = _tallyOf(proposalId).votes;
        uint256 required = quorum(proposalSnapshot(proposalId));
        uint256 opinionated = uint256(votes[uint8(VoteType.Against)]) + votes[uint8(VoteType.For)];
        // Most often that is enough, and the other slot need not be read.
        return opinionated >= required || opinionated + votes[uint8(VoteType.Abstain)] >= required;
    }

    function _voteSucceeded(uint256 proposalId) internal view override returns (bool) {
        uint128[3] storage votes = _tallyOf(proposalId).votes;
        uint256 forVotes = votes[uint8(VoteType.For)];
        uint256 opinionated = forVotes + votes[uint8(VoteType.Against)];
        return forVotes * PPM_WHOLE > opinionated * quota();
    }

    function _tallyOf(uint256 proposalId) private view returns (Tally storage) {
        GovernorCountingOverridableStorage storage $;
        assembly ("memory-safe") {
            $.slot := GOVERNOR_COUNTING_OVERRIDABLE_STORAGE
        }
        return $.tallies[proposalId];
    }
}

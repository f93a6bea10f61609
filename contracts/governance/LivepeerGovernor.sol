// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {GovernorUpgradeable} from "@openzeppelin/contracts-upgradeable/governance/GovernorUpgradeable.sol";
import {
    TimelockControllerUpgradeable
} from "@openzeppelin/contracts-upgradeable/governance/TimelockControllerUpgradeable.sol";
import {
    GovernorTimelockControlUpgradeable
} from "@openzeppelin/contracts-upgradeable/governance/extensions/GovernorTimelockControlUpgradeable.sol";
import {
    GovernorVotesQuorumFractionUpgradeable
} from "@openzeppelin/contracts-upgradeable/governance/extensions/GovernorVotesQuorumFractionUpgradeable.sol";
import {
    GovernorVotesUpgradeable
} from "@openzeppelin/contracts-upgradeable/governance/extensions/GovernorVotesUpgradeable.sol";
import {IGovernor as IGovernorBase} from "@openzeppelin/contracts/governance/IGovernor.sol";
import {IERC5805} from "@openzeppelin/contracts/interfaces/IERC5805.sol";
import {IERC6372} from "@openzeppelin/contracts/interfaces/IERC6372.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {IBondingVotes} from "../interfaces/IBondingVotes.sol";
import {IGovernorCountingOverridable} from "../interfaces/IGovernorCountingOverridable.sol";
import {ILivepeerGovernor} from "../interfaces/ILivepeerGovernor.sol";
import {IManagerProxyTarget} from "../interfaces/IManagerProxyTarget.sol";
import {ContractIds} from "../libraries/ContractIds.sol";
import {ManagerProxyTarget} from "../registry/ManagerProxyTarget.sol";
import {PPM_WHOLE, Ppm, toPpm} from "../types/Ppm.sol";
import {GovernorCountingOverridable} from "./GovernorCountingOverridable.sol";

/// @title LivepeerGovernor
/// @notice See ILivepeerGovernor.
/// @dev What OpenZeppelin's modules do otherwise is overridden for one of three reasons: the deployed selectors and
/// operation ids (settings, signatures, salt), one source for votes and clock, or a slot less to write. Those of
/// GovernorVotes and of the ready times of proposals stay empty: the token lies beside the settings, and the
/// treasury knows when an operation is ready.
contract LivepeerGovernor is
    ManagerProxyTarget,
    GovernorVotesQuorumFractionUpgradeable,
    GovernorTimelockControlUpgradeable,
    GovernorCountingOverridable,
    ILivepeerGovernor
{
    /// @custom:storage-location erc7201:livepeer.storage.LivepeerGovernor
    struct LivepeerGovernorStorage {
        // --- slot 0: all but the threshold ---
        IBondingVotes token;
        Ppm quotaPpm;
        uint32 votingDelayRounds;
        uint32 votingPeriodRounds;
        // --- slot 1 ---
        /// LPT.
        uint256 proposalThreshold;
    }

    /// @dev keccak256(abi.encode(uint256(keccak256("livepeer.storage.LivepeerGovernor")) - 1))
    /// & ~bytes32(uint256(0xff))
    bytes32 private constant LIVEPEER_GOVERNOR_STORAGE =
        0x1de91ffcef1671c042121320e5b26caa4c7c3c1b35a69418d3d0cff209a57900;

    /// @dev Where GovernorTimelockControl keeps the operations of proposals; its own accessor is private.
    bytes32 private constant TIMELOCK_CONTROL_STORAGE =
        0x0d5829787b8befdbc6044ef7457d8a95c2a04bc99235349f1a212c063e59d400;

    /// @dev What the treasury has in place of a time once an operation has been executed.
    uint256 private constant OPERATION_DONE = 1;

    bytes32 private constant DEPLOYED_BALLOT_TYPEHASH = keccak256("Ballot(uint256 proposalId,uint8 support)");
    bytes32 private constant DEPLOYED_EXTENDED_BALLOT_TYPEHASH =
        keccak256("ExtendedBallot(uint256 proposalId,uint8 support,string reason,bytes params)");

    /// @dev Interfaces by which the deployed governor is known (ERC-165): those of OpenZeppelin 4.3 and 4.6, `cancel`
    /// with `proposalProposer`, and what a timelock adds.
    bytes4 private constant GOVERNOR_4_3 = 0xbf26d897;
    bytes4 private constant GOVERNOR_4_6 = 0x79dd796f;
    bytes4 private constant GOVERNOR_CANCEL = 0x51159c06;
    bytes4 private constant GOVERNOR_TIMELOCK = 0x6e665ced;

    constructor(address _controller) ManagerProxyTarget(_controller) {
        _disableInitializers();
    }

    /// @inheritdoc ILivepeerGovernor
    function initialize(
        uint256 initialVotingDelay,
        uint256 initialVotingPeriod,
        uint256 initialProposalThreshold,
        uint256 initialQuorum,
        uint256 initialQuota
    ) external initializer onlyControllerOwner {
        __Governor_init("LivepeerGovernor");
        _setVotingDelay(initialVotingDelay);
        _setVotingPeriod(initialVotingPeriod);
        _setProposalThreshold(initialProposalThreshold);
        __GovernorTimelockControl_init(
            TimelockControllerUpgradeable(payable(_registered(ContractIds.TREASURY)))
        );
        bumpGovernorVotesTokenAddress();
        // Kept by round, so it has to come after the token.
        __GovernorVotesQuorumFraction_init(initialQuorum);
        require(initialQuota < PPM_WHOLE, InvalidQuota(initialQuota, PPM_WHOLE));
        _storage().quotaPpm = toPpm(initialQuota);
    }

    // --- SETTINGS ---

    /// @inheritdoc ILivepeerGovernor
    function setVotingDelay(uint256 newVotingDelay) external onlyGovernance {
        _setVotingDelay(newVotingDelay);
    }

    /// @inheritdoc ILivepeerGovernor
    function setVotingPeriod(uint256 newVotingPeriod) external onlyGovernance {
        _setVotingPeriod(newVotingPeriod);
    }

    /// @inheritdoc ILivepeerGovernor
    function setProposalThreshold(uint256 newProposalThreshold) external onlyGovernance {
        _setProposalThreshold(newProposalThreshold);
    }

    /// @inheritdoc IGovernorBase
    function votingDelay() public view override returns (uint256) {
        return _storage().votingDelayRounds;
    }

    /// @inheritdoc IGovernorBase
    function votingPeriod() public view override returns (uint256) {
        return _storage().votingPeriodRounds;
    }

    /// @inheritdoc IGovernorBase
    function proposalThreshold() public view override returns (uint256) {
        return _storage().proposalThreshold;
    }

    /// @inheritdoc IGovernorCountingOverridable
    function quota()
        public
        view
        override(GovernorCountingOverridable, IGovernorCountingOverridable)
        returns (uint256)
    {
        return _storage().quotaPpm.toUint256();
    }

    /// @inheritdoc GovernorVotesQuorumFractionUpgradeable
    function quorumDenominator() public pure override returns (uint256) {
        return PPM_WHOLE;
    }

    // --- VOTES AND CLOCK ---

    /// @inheritdoc ILivepeerGovernor
    function votes() external view returns (address) {
        return _registeredOrZero(ContractIds.BONDING_VOTES);
    }

    /// @inheritdoc ILivepeerGovernor
    function bumpGovernorVotesTokenAddress() public {
        _storage().token = IBondingVotes(_registered(ContractIds.BONDING_VOTES));
    }

    /// @inheritdoc GovernorVotesUpgradeable
    function token() public view override returns (IERC5805) {
        return IERC5805(address(_storage().token));
    }

    /// @inheritdoc IERC6372
    function clock() public view override(GovernorUpgradeable, GovernorVotesUpgradeable) returns (uint48) {
        return _storage().token.clock();
    }

    /// @inheritdoc IERC6372
    // solhint-disable-next-line func-name-mixedcase
    function CLOCK_MODE()
        public
        view
        override(GovernorUpgradeable, GovernorVotesUpgradeable)
        returns (string memory)
    {
        return _storage().token.CLOCK_MODE();
    }

    /// @dev The end of a round is the start of the next.
    function _votesAndDelegateAt(address account, uint256 timepoint)
        internal
        view
        override
        returns (uint256, address)
    {
        return _storage().token.getVotesAndDelegateAtRoundStart(account, timepoint + 1);
    }

    // --- VOTING BY SIGNATURE ---

    /// @inheritdoc ILivepeerGovernor
    function castVoteBySig(uint256 proposalId, uint8 support, uint8 v, bytes32 r, bytes32 s)
        external
        returns (uint256)
    {
        bytes32 ballot = keccak256(abi.encode(DEPLOYED_BALLOT_TYPEHASH, proposalId, support));
        return _castVote(proposalId, _signer(ballot, v, r, s), support, "");
    }

    /// @inheritdoc ILivepeerGovernor
    function castVoteWithReasonAndParamsBySig(
        uint256 proposalId,
        uint8 support,
        string calldata reason,
        bytes calldata params,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external returns (uint256) {
        bytes32 ballot = keccak256(
            abi.encode(
                DEPLOYED_EXTENDED_BALLOT_TYPEHASH,
                proposalId,
                support,
                keccak256(bytes(reason)),
                keccak256(params)
            )
        );
        return _castVote(proposalId, _signer(ballot, v, r, s), support, reason, params);
    }

    function _signer(bytes32 ballot, uint8 v, bytes32 r, bytes32 s) private view returns (address) {
        return ECDSA.recover(_hashTypedDataV4(ballot), v, r, s);
    }

    // --- EXECUTION BY THE TREASURY ---

    /// @inheritdoc IGovernorBase
    function queue(
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash
    ) public override returns (uint256 proposalId) {
        proposalId = hashProposal(targets, values, calldatas, descriptionHash);
        _validateStateBitmap(proposalId, _encodeStateBitmap(ProposalState.Succeeded));
        emit ProposalQueued(
            proposalId, _queueOperations(proposalId, targets, values, calldatas, descriptionHash)
        );
    }

    /// @inheritdoc IGovernorBase
    /// @dev A proposal that has been queued had succeeded, and nothing can change that: the treasury knows the rest.
    function state(uint256 proposalId)
        public
        view
        override(GovernorUpgradeable, GovernorTimelockControlUpgradeable)
        returns (ProposalState)
    {
        bytes32 operationId = _operationIds()[proposalId];
        if (operationId == 0) return GovernorUpgradeable.state(proposalId);
        TimelockControllerUpgradeable.OperationState operation = _treasury().getOperationState(operationId);
        // Only a second holder of a role there can have done this.
        if (operation == TimelockControllerUpgradeable.OperationState.Done) return ProposalState.Executed;
        if (operation == TimelockControllerUpgradeable.OperationState.Unset) return ProposalState.Canceled;
        return ProposalState.Queued;
    }

    /// @inheritdoc IGovernorBase
    /// @dev Zero when it is not queued, or has been executed.
    function proposalEta(uint256 proposalId) public view override returns (uint256) {
        bytes32 operationId = _operationIds()[proposalId];
        if (operationId == 0) return 0;
        uint256 readyAt = _treasury().getTimestamp(operationId);
        return readyAt == OPERATION_DONE ? 0 : readyAt;
    }

    /// @inheritdoc IGovernorBase
    function proposalNeedsQueuing(uint256)
        public
        pure
        override(GovernorUpgradeable, GovernorTimelockControlUpgradeable)
        returns (bool)
    {
        return true;
    }

    function _queueOperations(
        uint256 proposalId,
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash
    ) internal override(GovernorUpgradeable, GovernorTimelockControlUpgradeable) returns (uint48) {
        TimelockControllerUpgradeable treasury = _treasury();
        uint256 delay = treasury.getMinDelay();
        _operationIds()[proposalId] =
            keccak256(abi.encode(targets, values, calldatas, bytes32(0), descriptionHash));
        treasury.scheduleBatch(targets, values, calldatas, 0, descriptionHash, delay);
        return SafeCast.toUint48(block.timestamp + delay);
    }

    function _executeOperations(
        uint256 proposalId,
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash
    ) internal override(GovernorUpgradeable, GovernorTimelockControlUpgradeable) {
        // Before the calls: whoever asks from inside them learns that the proposal has been executed.
        delete _operationIds()[proposalId];
        _treasury().executeBatch{value: msg.value}(targets, values, calldatas, 0, descriptionHash);
    }

    // --- INTERFACES ---

    /// @inheritdoc IERC165
    function supportsInterface(bytes4 interfaceId) public view override returns (bool) {
        return interfaceId == GOVERNOR_4_3 || interfaceId == GOVERNOR_4_6 || interfaceId == GOVERNOR_CANCEL
            || interfaceId == GOVERNOR_TIMELOCK || super.supportsInterface(interfaceId);
    }

    /// @inheritdoc IManagerProxyTarget
    function contractDependencies()
        external
        pure
        override(ManagerProxyTarget, IManagerProxyTarget)
        returns (bytes32[] memory ids)
    {
        ids = new bytes32[](2);
        ids[0] = ContractIds.BONDING_VOTES;
        ids[1] = ContractIds.TREASURY;
    }

    // --- OF TWO BASES, THE MORE DERIVED ---

    function _castVote(
        uint256 proposalId,
        address account,
        uint8 support,
        string memory reason,
        bytes memory params
    ) internal override(GovernorUpgradeable, GovernorCountingOverridable) returns (uint256) {
        return super._castVote(proposalId, account, support, reason, params);
    }

    function _cancel(
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash
    ) internal override(GovernorUpgradeable, GovernorTimelockControlUpgradeable) returns (uint256) {
        return super._cancel(targets, values, calldatas, descriptionHash);
    }

    function _executor()
        internal
        view
        override(GovernorUpgradeable, GovernorTimelockControlUpgradeable)
        returns (address)
    {
        return super._executor();
    }

    // --- INTERNAL ---

    function _setVotingDelay(uint256 newVotingDelay) private {
        LivepeerGovernorStorage storage $ = _storage();
        emit VotingDelaySet($.votingDelayRounds, newVotingDelay);
        $.votingDelayRounds = SafeCast.toUint32(newVotingDelay);
    }

    function _setVotingPeriod(uint256 newVotingPeriod) private {
        require(newVotingPeriod > 0, GovernorInvalidVotingPeriod(newVotingPeriod));
        LivepeerGovernorStorage storage $ = _storage();
        emit VotingPeriodSet($.votingPeriodRounds, newVotingPeriod);
        $.votingPeriodRounds = SafeCast.toUint32(newVotingPeriod);
    }

    function _setProposalThreshold(uint256 newProposalThreshold) private {
        LivepeerGovernorStorage storage $ = _storage();
        emit ProposalThresholdSet($.proposalThreshold, newProposalThreshold);
        $.proposalThreshold = newProposalThreshold;
    }

    function _treasury() private view returns (TimelockControllerUpgradeable) {
        return TimelockControllerUpgradeable(payable(_executor()));
    }

    function _operationIds() private view returns (mapping(uint256 proposalId => bytes32) storage) {
        GovernorTimelockControlStorage storage $;
        assembly ("memory-safe") {
            $.slot := TIMELOCK_CONTROL_STORAGE
        }
        return $._timelockIds;
    }

    function _storage() private pure returns (LivepeerGovernorStorage storage $) {
        assembly ("memory-safe") {
            $.slot := LIVEPEER_GOVERNOR_STORAGE
        }
    }
}

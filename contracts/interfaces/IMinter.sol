// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IManager} from "./IManager.sol";

/// @title IMinter
/// @notice Holds all ETH of the protocol (deposits, reserves, unclaimed fees) and all bonded LPT, and is the only
/// contract of the protocol that mints LPT.
/// @dev Rates are parts per billion (LIP-40). Once per round the Minter moves inflation one step towards the target
/// bonding rate, and fixes how many tokens the round may mint. Bonding rate and mintable tokens come from one and the
/// same figure of the supply: L2 and L1 together.
///
/// There is no setter of inflation. There is no event for what moves in and out: those who ask for it emit theirs.
/// Trust: the BondingManager and the TicketBroker may take whatever they ask for; nobody else may.
///
/// The Minter has no proxy. It is replaced by migration, in one transaction of governance: `migrateToNewMinter`, then
/// the token's minter role for the new one and not for the old one, then the new entry in the registry. A Minter that
/// is not registered does not know its collaborators: what needs one reverts with ContractNotRegistered, and only the
/// registered Minter can send ETH to it.
interface IMinter is IManager {
    /// @notice Emitted when a round's tokens are fixed.
    /// @param currentMintableTokens Most that may be minted in the round, in LPT base units.
    /// @param currentInflation Inflation of the round, in parts per billion.
    event SetCurrentRewardTokens(uint256 currentMintableTokens, uint256 currentInflation);

    /// @notice Thrown when the Minter is built with an inflation of more than the whole, 1,000,000,000.
    error InvalidInflation(uint256 inflation, uint256 maximum);

    /// @notice Thrown when the step of inflation would be more than the whole, 1,000,000,000.
    error InvalidInflationChange(uint256 inflationChange, uint256 maximum);

    /// @notice Thrown when the target bonding rate would be more than the whole, 1,000,000,000.
    error InvalidTargetBondingRate(uint256 targetBondingRate, uint256 maximum);

    /// @notice Thrown when a reward would take a round's minted tokens above its mintable ones.
    error RewardExceedsMintableTokens(
        uint256 reward, uint256 currentMintedTokens, uint256 currentMintableTokens
    );

    /// @notice Thrown when more ETH is asked for than the Minter has.
    error InsufficientETH(uint256 amount, uint256 balance);

    /// @notice Thrown when a recipient refuses ETH, or needs more than 2,300 gas to take it.
    error ETHTransferFailed(address recipient, uint256 amount);

    /// @notice Thrown when a Minter is to be replaced by itself.
    error NewMinterIsCurrentMinter(address minter);

    /// @notice Thrown when a Minter is to be replaced by nothing.
    error NewMinterIsZero();

    /// @notice Thrown when the new Minter obeys another Controller.
    error NewMinterControllerMismatch(address newMinterController, address controller);

    /// @notice Thrown when a Minter that is not, or no longer, registered is to be replaced.
    error MinterNotRegistered(address minter, address registered);

    // --- parameters ---

    /// @notice Inflation per round, in parts per billion. It has no ceiling.
    function inflation() external view returns (uint256);

    /// @notice Step by which inflation moves each round, in parts per billion.
    function inflationChange() external view returns (uint256);

    /// @notice Share of the global supply that should be bonded to active orchestrators, in parts per billion.
    function targetBondingRate() external view returns (uint256);

    /// @notice Sets the target bonding rate to `_targetBondingRate` parts per billion.
    /// @dev Errors: CallerNotControllerOwner, InvalidTargetBondingRate.
    function setTargetBondingRate(uint256 _targetBondingRate) external;

    /// @notice Sets the step of inflation to `_inflationChange` parts per billion.
    /// @dev Errors: CallerNotControllerOwner, InvalidInflationChange.
    function setInflationChange(uint256 _inflationChange) external;

    // --- issuance ---

    /// @notice Most that may be minted in the last initialized round, in LPT base units.
    function currentMintableTokens() external view returns (uint256);

    /// @notice What has been minted in that round, in LPT base units.
    function currentMintedTokens() external view returns (uint256);

    /// @notice LPT on L2 plus LPT that circulates on L1; invariant under bridging.
    function getGlobalTotalSupply() external view returns (uint256);

    /// @notice Moves inflation one step, up below the target bonding rate and down above it but not below zero, and
    /// fixes the mintable tokens with the new inflation. One step per call: rounds left out are not caught up.
    /// @dev Called by the RoundsManager when it initializes a round. An empty supply counts as a bonding rate of zero.
    ///
    /// Errors: CallerNotRegistered, SystemPaused, ContractNotRegistered; SafeCast's error above 2**112 - 1 tokens.
    function setCurrentRewardTokens() external;

    /// @notice Mints the share `_fracNum / _fracDenom` of the round's mintable tokens to the Minter and returns it.
    /// @dev The fraction is first rounded down to nine decimals, and its product with the tokens is rounded down
    /// again. So all shares of a whole never come to more than the mintable tokens, and large numerators do not
    /// overflow. A reward of nothing is minted too, with its events.
    ///
    /// Called by the BondingManager. Errors: CallerNotRegistered, SystemPaused, RewardExceedsMintableTokens; the
    /// token's when the Minter lacks the minter role.
    function createReward(uint256 _fracNum, uint256 _fracDenom) external returns (uint256);

    // --- custody ---

    /// @notice Sends `_amount` of the Minter's LPT to `_to`.
    /// @dev Called by the BondingManager. Errors: CallerNotRegistered, SystemPaused; the token's.
    function trustedTransferTokens(address _to, uint256 _amount) external;

    /// @notice Burns `_amount` of the Minter's LPT.
    /// @dev Called by the BondingManager. On Arbitrum the Minter has no burner role (LIP-73), so that it reverts there.
    ///
    /// Errors: CallerNotRegistered, SystemPaused; the token's.
    function trustedBurnTokens(uint256 _amount) external;

    /// @notice Sends `_amount` wei to `_to`, which gets 2,300 gas to take it.
    /// @dev Called by the TicketBroker, for withdrawn deposits, and the BondingManager, for fees.
    ///
    /// Errors: CallerNotEitherRegistered, SystemPaused, InsufficientETH, ETHTransferFailed.
    function trustedWithdrawETH(address payable _to, uint256 _amount) external;

    /// @notice Takes the ETH that comes with the call; returns true. Works while the system is paused, as migration of
    /// a paused system needs it (LIP-40).
    /// @dev Called by the TicketBroker, and by the registered Minter when it is replaced.
    ///
    /// Errors: CallerNotEitherRegistered.
    function depositETH() external payable returns (bool);

    /// @notice Sends all LPT and ETH to `_newMinter`. Works while the system is paused.
    /// @dev Warning: this is the first of four steps, see above. Until the others are done no reward can be minted.
    /// The new Minter starts with no mintable tokens: let orchestrators call `reward` before.
    ///
    /// Errors: CallerNotControllerOwner, NewMinterIsCurrentMinter, NewMinterIsZero, NewMinterControllerMismatch,
    /// MinterNotRegistered.
    function migrateToNewMinter(address _newMinter) external;

    /// @notice The Controller that this Minter obeys: what `controller` returns.
    function getController() external view returns (address);
}

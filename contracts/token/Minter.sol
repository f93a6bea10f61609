// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {IBondingManager} from "../interfaces/IBondingManager.sol";
import {IController} from "../interfaces/IController.sol";
import {IL2LPTDataCache} from "../interfaces/IL2LPTDataCache.sol";
import {ILivepeerToken} from "../interfaces/ILivepeerToken.sol";
import {IMinter} from "../interfaces/IMinter.sol";
import {ContractIds} from "../libraries/ContractIds.sol";
import {DirectManager} from "../registry/DirectManager.sol";
import {PPB_WHOLE, Ppb, fractionDown, isValidPpb, ppbDown, toPpb} from "../types/Ppb.sol";

/// @title Minter
/// @notice See IMinter.
/// @dev The answers of the token are not read: LPT reverts where another token would answer false.
///
/// There is no `receive`: ETH that does not come through `depositETH` is refused. ETH that is forced in changes
/// nothing, as no account of the protocol reads the balance.
contract Minter is DirectManager, IMinter {
    struct Rates {
        /// Has no ceiling.
        Ppb inflation;
        Ppb inflationChange;
        Ppb targetBondingRate;
    }

    /// Of the last initialized round, in LPT base units.
    struct Issuance {
        uint112 mintableTokens;
        /// Never more than `mintableTokens`.
        uint112 mintedTokens;
    }

    /// @custom:storage-location erc7201:livepeer.storage.Minter
    struct MinterStorage {
        // --- slot 0 ---
        Rates rates;
        // --- slot 1 ---
        Issuance issuance;
    }

    /// @dev keccak256(abi.encode(uint256(keccak256("livepeer.storage.Minter")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant MINTER_STORAGE =
        0xb6c75e827855df536e96da3673d4cf16896bb65dbff0c4bdd958e6bf40b98900;

    /// @dev What a recipient of ETH may spend: enough to emit an event, too little to call back.
    uint256 private constant ETH_TRANSFER_GAS = 2300;

    constructor(address _controller, uint256 _inflation, uint256 _inflationChange, uint256 _targetBondingRate)
        DirectManager(_controller)
    {
        require(isValidPpb(_inflation), InvalidInflation(_inflation, PPB_WHOLE));
        _requireValidInflationChange(_inflationChange);
        _requireValidTargetBondingRate(_targetBondingRate);
        _minterStorage().rates = Rates({
            inflation: toPpb(_inflation),
            inflationChange: toPpb(_inflationChange),
            targetBondingRate: toPpb(_targetBondingRate)
        });
    }

    // --- parameters ---

    /// @inheritdoc IMinter
    function setTargetBondingRate(uint256 _targetBondingRate) external onlyControllerOwner {
        _requireValidTargetBondingRate(_targetBondingRate);
        Rates storage rates = _minterStorage().rates;
        uint256 previous = rates.targetBondingRate.toUint256();
        rates.targetBondingRate = toPpb(_targetBondingRate);

        _emitParameterUpdate("targetBondingRate", previous, _targetBondingRate);
    }

    /// @inheritdoc IMinter
    function setInflationChange(uint256 _inflationChange) external onlyControllerOwner {
        _requireValidInflationChange(_inflationChange);
        Rates storage rates = _minterStorage().rates;
        uint256 previous = rates.inflationChange.toUint256();
        rates.inflationChange = toPpb(_inflationChange);

        _emitParameterUpdate("inflationChange", previous, _inflationChange);
    }

    // --- issuance ---

    /// @inheritdoc IMinter
    function setCurrentRewardTokens() external virtual {
        _requireCaller(ContractIds.ROUNDS_MANAGER);
        _requireRunning();
        MinterStorage storage $ = _minterStorage();

        uint256 globalSupply = getGlobalTotalSupply();
        Ppb inflation_ = _nextInflation($.rates, globalSupply);
        $.rates.inflation = inflation_;
        uint256 mintableTokens = inflation_.partDown(globalSupply);
        $.issuance = Issuance({mintableTokens: SafeCast.toUint112(mintableTokens), mintedTokens: 0});

        emit SetCurrentRewardTokens(mintableTokens, inflation_.toUint256());
    }

    /// @inheritdoc IMinter
    function createReward(uint256 _fracNum, uint256 _fracDenom) external virtual returns (uint256) {
        _requireCaller(ContractIds.BONDING_MANAGER);
        _requireRunning();
        Issuance storage issuance = _minterStorage().issuance;
        uint256 mintableTokens = issuance.mintableTokens;
        uint256 mintedTokens = issuance.mintedTokens;

        uint256 reward = fractionDown(mintableTokens, _fracNum, _fracDenom);
        require(
            mintedTokens + reward <= mintableTokens,
            RewardExceedsMintableTokens(reward, mintedTokens, mintableTokens)
        );
        // Fits, as the mintable tokens do.
        issuance.mintedTokens = uint112(mintedTokens + reward);
        _token().mint(address(this), reward);
        return reward;
    }

    // --- custody ---

    /// @inheritdoc IMinter
    function trustedTransferTokens(address _to, uint256 _amount) external virtual {
        _requireCaller(ContractIds.BONDING_MANAGER);
        _requireRunning();
        _token().transfer(_to, _amount);
    }

    /// @inheritdoc IMinter
    function trustedBurnTokens(uint256 _amount) external {
        _requireCaller(ContractIds.BONDING_MANAGER);
        _requireRunning();
        _token().burn(_amount);
    }

    /// @inheritdoc IMinter
    function trustedWithdrawETH(address payable _to, uint256 _amount) external {
        _requireEitherCaller(ContractIds.BONDING_MANAGER, ContractIds.JOBS_MANAGER);
        _requireRunning();
        require(_amount <= address(this).balance, InsufficientETH(_amount, address(this).balance));
        // A call with value brings its recipient ETH_TRANSFER_GAS by itself.
        (bool success,) = _to.call{value: _amount, gas: _amount == 0 ? ETH_TRANSFER_GAS : 0}("");
        require(success, ETHTransferFailed(_to, _amount));
    }

    /// @inheritdoc IMinter
    function depositETH() public payable virtual returns (bool) {
        if (msg.sender != _registeredOrZero(ContractIds.JOBS_MANAGER)) _requireRegisteredMinter();
        return true;
    }

    /// @inheritdoc IMinter
    function migrateToNewMinter(address _newMinter) external onlyControllerOwner {
        require(_newMinter != address(this), NewMinterIsCurrentMinter(_newMinter));
        require(_newMinter != address(0), NewMinterIsZero());
        address controller_ = controller();
        address newController = IMinter(_newMinter).getController();
        require(newController == controller_, NewMinterControllerMismatch(newController, controller_));
        address registered = IController(controller_).getContract(ContractIds.MINTER);
        require(registered == address(this), MinterNotRegistered(address(this), registered));

        ILivepeerToken token = _token();
        token.transfer(_newMinter, token.balanceOf(address(this)));
        IMinter(_newMinter).depositETH{value: address(this).balance}();
    }

    // --- views ---

    /// @inheritdoc IMinter
    function getController() external view returns (address) {
        return controller();
    }

    /// @inheritdoc IMinter
    function inflation() external view returns (uint256) {
        return _minterStorage().rates.inflation.toUint256();
    }

    /// @inheritdoc IMinter
    function inflationChange() external view returns (uint256) {
        return _minterStorage().rates.inflationChange.toUint256();
    }

    /// @inheritdoc IMinter
    function targetBondingRate() external view returns (uint256) {
        return _minterStorage().rates.targetBondingRate.toUint256();
    }

    /// @inheritdoc IMinter
    function currentMintableTokens() external view returns (uint256) {
        return _minterStorage().issuance.mintableTokens;
    }

    /// @inheritdoc IMinter
    function currentMintedTokens() external view returns (uint256) {
        return _minterStorage().issuance.mintedTokens;
    }

    /// @inheritdoc IMinter
    function getGlobalTotalSupply() public view returns (uint256) {
        IL2LPTDataCache cache = IL2LPTDataCache(_registered(ContractIds.L2_LPT_DATA_CACHE));
        return _token().totalSupply() + cache.l1CirculatingSupply();
    }

    /// @inheritdoc DirectManager
    function registrySubscriptions() external pure override returns (bytes32[] memory ids) {
        ids = new bytes32[](5);
        ids[0] = ContractIds.BONDING_MANAGER;
        ids[1] = ContractIds.ROUNDS_MANAGER;
        ids[2] = ContractIds.JOBS_MANAGER;
        ids[3] = ContractIds.LIVEPEER_TOKEN;
        ids[4] = ContractIds.L2_LPT_DATA_CACHE;
    }

    // --- internal ---

    function _mainCollaborator() internal pure override returns (bytes32) {
        return ContractIds.BONDING_MANAGER;
    }

    /// @dev With no supply there is nothing to bond, and nobody to ask for it.
    function _nextInflation(Rates memory rates, uint256 globalSupply) internal view returns (Ppb) {
        uint256 bondingRatePpb = globalSupply == 0
            ? 0
            : ppbDown(
                IBondingManager(_registered(ContractIds.BONDING_MANAGER)).getTotalBonded(), globalSupply
            );
        uint256 inflationPpb = rates.inflation.toUint256();
        uint256 changePpb = rates.inflationChange.toUint256();

        if (bondingRatePpb < rates.targetBondingRate.toUint256()) {
            // Fits: in all 2**32 rounds, with the largest step, it does not reach 2**63.
            return toPpb(inflationPpb + changePpb);
        }
        if (bondingRatePpb > rates.targetBondingRate.toUint256()) {
            return toPpb(changePpb > inflationPpb ? 0 : inflationPpb - changePpb);
        }
        return rates.inflation;
    }

    /// @dev Asks the Controller: while ETH moves in, a new Minter is not registered, and hence not kept up to date.
    function _requireRegisteredMinter() private view {
        require(
            msg.sender == IController(controller()).getContract(ContractIds.MINTER),
            CallerNotEitherRegistered(msg.sender, ContractIds.JOBS_MANAGER, ContractIds.MINTER)
        );
    }

    function _requireValidInflationChange(uint256 inflationChange_) private pure {
        require(isValidPpb(inflationChange_), InvalidInflationChange(inflationChange_, PPB_WHOLE));
    }

    function _requireValidTargetBondingRate(uint256 targetBondingRate_) private pure {
        require(isValidPpb(targetBondingRate_), InvalidTargetBondingRate(targetBondingRate_, PPB_WHOLE));
    }

    function _token() internal view returns (ILivepeerToken) {
        return ILivepeerToken(_registered(ContractIds.LIVEPEER_TOKEN));
    }

    function _minterStorage() internal pure returns (MinterStorage storage $) {
        assembly ("memory-safe") {
            $.slot := MINTER_STORAGE
        }
    }
}

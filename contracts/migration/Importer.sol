// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IController} from "../interfaces/IController.sol";
import {IImporter} from "../interfaces/IImporter.sol";
import {ManagerProxyTarget} from "../registry/ManagerProxyTarget.sol";

/// @title Importer
/// @notice See IImporter.
/// @dev What an importer keeps for itself has a namespace of its own and stays in the proxy for good: that is how a
/// sealed import stays sealed. It reads no collaborator from the registry, only its own entry.
abstract contract Importer is ManagerProxyTarget, IImporter {
    /// @custom:storage-location erc7201:livepeer.storage.Importer
    struct ImporterStorage {
        // --- slot 0 ---
        bytes32 digest;
        // --- slot 1 ---
        uint64 nextBatch;
        bool isSealed;
    }

    /// @dev keccak256(abi.encode(uint256(keccak256("livepeer.storage.Importer")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant IMPORTER_STORAGE =
        0x0e0add68dc254082e2d0a474f486a31374e8677dd140dc4524c7d534d69e0500;

    constructor(address _controller) ManagerProxyTarget(_controller) {}

    /// @dev Around every function that writes; `number` is its first argument.
    modifier batch(uint256 number) {
        _requireImporting();
        ImporterStorage storage $ = _importerStorage();
        require(number == $.nextBatch, BatchOutOfOrder(number, $.nextBatch));
        if (number == 0) require(_isEmpty(), ContractNotEmpty(address(this)));
        _;
        bytes32 digest = keccak256(abi.encode($.digest, keccak256(msg.data)));
        $.digest = digest;
        $.nextBatch = uint64(number + 1);
        emit BatchImported(number, digest);
    }

    /// @inheritdoc IImporter
    function sealImport(uint256 _batchCount, bytes32 _digest) external {
        _requireImporting();
        ImporterStorage storage $ = _importerStorage();
        require(
            _batchCount == $.nextBatch && _digest == $.digest,
            ImportDigestMismatch($.nextBatch, _batchCount, $.digest, _digest)
        );
        $.isSealed = true;
        emit ImportSealed(_batchCount, _digest);
    }

    /// @inheritdoc IImporter
    function nextBatch() external view returns (uint256) {
        return _importerStorage().nextBatch;
    }

    /// @inheritdoc IImporter
    function importDigest() external view returns (bytes32) {
        return _importerStorage().digest;
    }

    /// @inheritdoc IImporter
    function isImportSealed() external view returns (bool) {
        return _importerStorage().isSealed;
    }

    /// @dev Registry id of the only proxy behind which this code works.
    function _homeId() internal pure virtual returns (bytes32);

    /// @dev Whether nobody has used the contract yet; parameters that a deployment sets do not count.
    function _isEmpty() internal view virtual returns (bool);

    function _requireLength(uint256 length, uint256 required) internal pure {
        require(length == required, LengthMismatch(length, required));
    }

    function _requireNew(bool isNew, bytes32 key) internal pure {
        require(isNew, AlreadyImported(key));
    }

    /// @dev Where ERC-7201 puts the namespace of that name: the one of the contract whose place is taken.
    function _slotOf(string memory namespace) internal pure returns (bytes32) {
        return keccak256(abi.encode(uint256(keccak256(bytes(namespace))) - 1)) & ~bytes32(uint256(0xff));
    }

    function _requireImporting() private view whenSystemPaused onlyControllerOwner {
        address home = IController(controller()).getContract(_homeId());
        require(address(this) == home, NotBehindProxy(address(this), _homeId(), home));
        require(!_importerStorage().isSealed, ImportIsSealed());
    }

    function _importerStorage() private pure returns (ImporterStorage storage $) {
        assembly ("memory-safe") {
            $.slot := IMPORTER_STORAGE
        }
    }
}

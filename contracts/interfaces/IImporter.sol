// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title IImporter
/// @notice Code that stands behind a proxy for as long as state of another deployment is written there.
/// @dev An importer writes into the storage namespace of the contract whose place it takes, in numbered batches; that
/// contract finds the state when its own code is registered again. Every batch is reserved to the owner of the
/// Controller, needs a paused system and an importer that is not sealed, and runs behind one proxy only.
interface IImporter {
    /// @notice Emitted when batch `number` is written.
    /// @param digest Of all batches until now, this one included: see `importDigest`.
    event BatchImported(uint256 indexed number, bytes32 digest);

    /// @notice Emitted when nothing can be imported any more.
    event ImportSealed(uint256 batchCount, bytes32 digest);

    /// @notice Thrown when the code runs elsewhere than behind the proxy that is registered under `requiredId`.
    error NotBehindProxy(address self, bytes32 requiredId, address required);

    /// @notice Thrown when the import has ended.
    error ImportIsSealed();

    /// @notice Thrown when a batch comes twice, or before its turn.
    error BatchOutOfOrder(uint256 number, uint256 requiredNumber);

    /// @notice Thrown when what was imported is not what was meant to be.
    error ImportDigestMismatch(
        uint256 batchCount, uint256 requiredCount, bytes32 digest, bytes32 requiredDigest
    );

    /// @notice Thrown when the contract has a state of its own already.
    error ContractNotEmpty(address self);

    /// @notice Thrown when a record is there already.
    error AlreadyImported(bytes32 key);

    /// @notice Thrown when two lists of one batch that belong together differ in length.
    error LengthMismatch(uint256 length, uint256 requiredLength);

    /// @notice Ends the import for good, even if an importer is registered again.
    /// @param _batchCount Number of batches that must have been written.
    /// @param _digest What `importDigest` must be.
    function sealImport(uint256 _batchCount, bytes32 _digest) external;

    /// @notice Number of the batch that is expected next, from 0 on.
    function nextBatch() external view returns (uint256);

    /// @notice keccak256(previous digest, keccak256(calldata)), folded over all batches; zero before the first.
    function importDigest() external view returns (bytes32);

    /// @notice Whether the import has ended.
    function isImportSealed() external view returns (bool);
}

// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Vm
/// @notice The cheat codes of Foundry that are used here; forge-std, which has all of them, is not on npm.
interface Vm {
    struct ChainInfo {
        uint256 forkId;
        uint256 chainId;
    }

    struct StorageAccess {
        address account;
        bytes32 slot;
        bool isWrite;
        bytes32 previousValue;
        bytes32 newValue;
        bool reverted;
    }

    /// @dev `kind`: 0 call, 1 delegatecall, 3 staticcall, 4 create; `depth` is that of the accessed account.
    struct AccountAccess {
        ChainInfo chainInfo;
        uint8 kind;
        address account;
        address accessor;
        bool initialized;
        uint256 oldBalance;
        uint256 newBalance;
        bytes deployedCode;
        uint256 value;
        bytes data;
        bool reverted;
        StorageAccess[] storageAccesses;
        uint64 depth;
    }

    /// @notice Sets the block number.
    function roll(uint256 blockNumber) external;

    /// @notice Lets the next call come from `sender`.
    function prank(address sender) external;

    /// @notice Lets all calls come from `sender` until `stopPrank`.
    function startPrank(address sender) external;

    function stopPrank() external;

    /// @notice Sets the balance of `account` in wei.
    function deal(address account, uint256 balance) external;

    /// @notice Deploys a contract of the build ("File.sol:Contract"). Compiles faster than `new`, which would put a copy of
    /// the contract's code into the caller.
    function deployCode(string calldata artifact) external returns (address);

    function deployCode(string calldata artifact, bytes calldata constructorArguments)
        external
        returns (address);

    /// @notice Address of a private key.
    function addr(uint256 privateKey) external pure returns (address);

    /// @notice Signs `digest`.
    function sign(uint256 privateKey, bytes32 digest) external pure returns (uint8 v, bytes32 r, bytes32 s);

    /// @notice Name of an address in traces.
    function label(address account, string calldata name) external;

    /// @notice Starts to note every call, and stops again.
    function startStateDiffRecording() external;

    function stopAndReturnStateDiff() external returns (AccountAccess[] memory);
}

/// @dev Where Foundry answers them.
Vm constant VM = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));

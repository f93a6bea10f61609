// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title ContractIds
/// @notice The keys of the Controller's registry: keccak256 of the plain contract name.
library ContractIds {
    bytes32 internal constant BONDING_MANAGER = keccak256("BondingManager");
    bytes32 internal constant BONDING_MANAGER_TARGET = keccak256("BondingManagerTarget");
    bytes32 internal constant BONDING_VOTES = keccak256("BondingVotes");
    bytes32 internal constant BONDING_VOTES_TARGET = keccak256("BondingVotesTarget");
    bytes32 internal constant TICKET_BROKER = keccak256("TicketBroker");
    bytes32 internal constant TICKET_BROKER_TARGET = keccak256("TicketBrokerTarget");
    bytes32 internal constant ROUNDS_MANAGER = keccak256("RoundsManager");
    bytes32 internal constant ROUNDS_MANAGER_TARGET = keccak256("RoundsManagerTarget");
    bytes32 internal constant SERVICE_REGISTRY = keccak256("ServiceRegistry");
    bytes32 internal constant SERVICE_REGISTRY_TARGET = keccak256("ServiceRegistryTarget");
    bytes32 internal constant LIVEPEER_GOVERNOR = keccak256("LivepeerGovernor");
    bytes32 internal constant LIVEPEER_GOVERNOR_TARGET = keccak256("LivepeerGovernorTarget");
    bytes32 internal constant L2_MIGRATOR = keccak256("L2Migrator");
    bytes32 internal constant L2_MIGRATOR_TARGET = keccak256("L2MigratorTarget");

    /// @dev A second id of the TicketBroker proxy: the Minter asks for it.
    bytes32 internal constant JOBS_MANAGER = keccak256("JobsManager");
    bytes32 internal constant MINTER = keccak256("Minter");
    bytes32 internal constant LIVEPEER_TOKEN = keccak256("LivepeerToken");
    bytes32 internal constant LIVEPEER_TOKEN_FAUCET = keccak256("LivepeerTokenFaucet");
    bytes32 internal constant MERKLE_SNAPSHOT = keccak256("MerkleSnapshot");
    bytes32 internal constant L2_LPT_DATA_CACHE = keccak256("L2LPTDataCache");
    bytes32 internal constant TREASURY = keccak256("Treasury");
    /// @dev Never registered on a live network, which keeps slashing off.
    bytes32 internal constant VERIFIER = keccak256("Verifier");
}

// SPDX-License-Identifier: MIT
// The functions are named after what they do and are called by tests only.
// solhint-disable use-natspec, one-contract-per-file
pragma solidity 0.8.37;

/// @title A contract that the harness creates
contract EngineConformanceChild__Harness {
    event Born(address indexed creator, uint256 endowment);

    uint256 public value;

    constructor(uint256 initialValue) payable {
        value = initialValue;
        emit Born(msg.sender, msg.value);
    }
}

/// @title What the two engines of the test façade are compared with: one small function per EVM feature
contract EngineConformance__Harness {
    struct Row {
        address holder;
        uint256 amount;
        bytes note;
    }

    event Stored(address indexed sender, uint256 previousValue, uint256 newValue);
    event Noted(string indexed subject, bytes32 indexed id, bytes note, Row row);
    event Paid(address indexed from, uint256 amount);

    /// @notice Thrown when a test asks for it
    /// @param found The value that was given
    /// @param caller The account that called
    error Refused(uint256 found, address caller);

    /// @notice Thrown when a test asks for an error with arguments of dynamic type
    /// @param reason Any text
    /// @param data Any bytes
    error RefusedWithText(string reason, bytes data);

    uint256 public value;
    mapping(address holder => uint256 amount) public amountOf;
    address public immutable creator;

    constructor(uint256 initialValue) payable {
        value = initialValue;
        creator = msg.sender;
    }

    receive() external payable {
        emit Paid(msg.sender, msg.value);
    }

    // ---- STORAGE AND EVENTS ----

    function store(uint256 newValue) external returns (uint256 previousValue) {
        previousValue = value;
        value = newValue;
        emit Stored(msg.sender, previousValue, newValue);
    }

    function storeTwice(uint256 first, uint256 second) external {
        this.store(first);
        this.store(second);
    }

    function note(string calldata subject, bytes32 id, bytes calldata text, Row calldata row) external {
        emit Noted(subject, id, text, row);
    }

    function credit(address holder, uint256 amount) external payable {
        amountOf[holder] += amount;
    }

    // ---- FAILURES ----

    function refuse(uint256 found) external view {
        revert Refused(found, msg.sender);
    }

    function refuseWithText(string calldata reason, bytes calldata data) external pure {
        revert RefusedWithText(reason, data);
    }

    function refuseWithString(string calldata reason) external pure {
        // solhint-disable-next-line gas-custom-errors
        revert(reason);
    }

    function refuseSilently() external pure {
        // solhint-disable-next-line gas-custom-errors, reason-string
        revert();
    }

    function storeThenRefuse(uint256 newValue) external {
        value = newValue;
        revert Refused(newValue, msg.sender);
    }

    function storeAndCatch(uint256 newValue) external returns (bool failed) {
        try this.storeThenRefuse(newValue) {}
        catch {
            failed = true;
        }
    }

    function divide(uint256 numerator, uint256 denominator) external pure returns (uint256) {
        return numerator / denominator;
    }

    function add(uint256 first, uint256 second) external pure returns (uint256) {
        return first + second;
    }

    function burnAllGas() external pure {
        assembly {
            invalid()
        }
    }

    // ---- ENVIRONMENT ----

    function environment()
        external
        view
        returns (uint256 chainId, uint256 blockNumber, uint256 timestamp, uint256 baseFee, uint256 gasLimit)
    {
        return (block.chainid, block.number, block.timestamp, block.basefee, block.gaslimit);
    }

    function environmentOfTransaction() external returns (uint256 blockNumber, uint256 timestamp) {
        value = block.number;
        return (block.number, block.timestamp);
    }

    function hashOfBlock(uint256 blockNumber) external view returns (bytes32) {
        return blockhash(blockNumber);
    }

    function hashOfPreviousBlock() external returns (bytes32) {
        value = block.number;
        return blockhash(block.number - 1);
    }

    function caller() external view returns (address) {
        return msg.sender;
    }

    // ---- OPCODES AND PRECOMPILES ----

    function swapTransient(uint256 newValue) public returns (uint256 previousValue) {
        assembly ("memory-safe") {
            previousValue := tload(0)
            tstore(0, newValue)
        }
    }

    function swapTransientTwice(uint256 first, uint256 second) external returns (uint256, uint256) {
        return (swapTransient(first), swapTransient(second));
    }

    function copyMemory(bytes memory data) public pure returns (bytes memory copy) {
        copy = new bytes(data.length);
        assembly ("memory-safe") {
            mcopy(add(copy, 32), add(data, 32), mload(data))
        }
    }

    function pushZero() external pure returns (uint256 zero) {
        assembly {
            zero := 0
        }
    }

    function recover(bytes32 digest, uint8 v, bytes32 r, bytes32 s) external pure returns (address) {
        return ecrecover(digest, v, r, s);
    }

    function hashWithSha256(bytes calldata data) external pure returns (bytes32) {
        return sha256(data);
    }

    // ---- VALUE AND OTHER CONTRACTS ----

    function pay(address payable recipient, uint256 amount) external {
        (bool success, bytes memory reply) = recipient.call{value: amount}("");
        if (!success) revert RefusedWithText("payment failed", reply);
    }

    function create(uint256 initialValue) external payable returns (EngineConformanceChild__Harness child) {
        child = new EngineConformanceChild__Harness{value: msg.value}(initialValue);
    }

    function callBack(EngineConformance__Harness other, uint256 newValue)
        external
        returns (address, uint256)
    {
        other.store(newValue);
        return (msg.sender, EngineConformance__Harness(payable(msg.sender)).value());
    }

    // ---- ENCODINGS ----

    function echoRows(Row[] calldata rows) external pure returns (Row[] memory) {
        return rows;
    }

    function echoWords(int64 signed, bool flag, bytes4 selector, uint8[3] calldata list, string calldata text)
        external
        pure
        returns (int64 signed_, bool flag_, bytes4 selector_, uint8[3] memory list_, string memory text_)
    {
        return (signed, flag, selector, list, text);
    }

    function unnamed() external pure returns (uint256, address) {
        return (7, address(9));
    }

    function overloaded() external pure returns (uint256) {
        return 0;
    }

    function overloaded(uint256 first) external pure returns (uint256) {
        return first;
    }
}

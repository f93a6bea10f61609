// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IController} from "../interfaces/IController.sol";
import {IManager} from "../interfaces/IManager.sol";
import {IRegistrySubscriber} from "../interfaces/IRegistrySubscriber.sol";

/// @title Controller
/// @notice See IController.
/// @dev Entries are pushed to their readers, not pulled: an upgrade is rare and pays for it, an operation of a user
/// is frequent and does not. What must hold after every transaction: for each attached subscriber and each id that
/// it subscribes to, its entry equals `getContract(id)`, and its pause flag equals `paused()`.
contract Controller is IController {
    struct ContractInfo {
        address contractAddress;
        bytes20 gitCommitHash;
    }

    struct Subscription {
        /// Ids that the subscriber is registered under; attached as long as there is one.
        bytes32[] registeredUnder;
        /// Ids whose entries it receives.
        bytes32[] ids;
        /// keccak256 of `ids`: tells cheaply that an upgraded target asks for what its predecessor asked for.
        bytes32 idsHash;
    }

    /// @dev Bytes of a list of one id: offset, length, id. What is shorter was not meant as a list: a fallback.
    uint256 private constant SHORTEST_ANSWER = 96;

    /// @inheritdoc IController
    address public owner;
    /// @inheritdoc IController
    bool public paused;

    mapping(bytes32 id => ContractInfo) private _registry;
    mapping(bytes32 id => address[]) private _subscribers;
    mapping(address subscriber => Subscription) private _subscriptions;
    /// @dev All attached subscribers: those who must learn of a pause.
    address[] private _attached;

    constructor() {
        owner = msg.sender;
        paused = true;
    }

    modifier onlyOwner() {
        require(msg.sender == owner, CallerNotOwner(msg.sender, owner));
        _;
    }

    /// @inheritdoc IController
    function setContractInfo(bytes32 _id, address _contractAddress, bytes20 _gitCommitHash)
        external
        onlyOwner
    {
        require(
            _contractAddress == address(0) || _contractAddress.code.length > 0,
            ContractHasNoCode(_id, _contractAddress)
        );
        ContractInfo storage info = _registry[_id];
        address previous = info.contractAddress;
        info.contractAddress = _contractAddress;
        info.gitCommitHash = _gitCommitHash;
        emit SetContractInfo(_id, _contractAddress, _gitCommitHash);

        if (previous == _contractAddress) return;
        if (_subscriptions[previous].registeredUnder.length > 0) _leave(previous, _id);
        _tellSubscribers(_id, _contractAddress);
        _tryAttach(_id, _contractAddress);
    }

    /// @inheritdoc IController
    function updateController(bytes32 _id, address _controller) external onlyOwner {
        address manager = getContract(_id);
        require(manager.code.length > 0, ContractHasNoCode(_id, manager));
        bytes32[] memory registeredUnder = _subscriptions[manager].registeredUnder;
        if (registeredUnder.length > 0) _detach(manager);
        IManager(manager).setController(_controller);
        if (_controller.code.length == 0) return;
        // The new one need not know the contract yet, nor be of this kind: then it attaches it later or never.
        for (uint256 i = 0; i < registeredUnder.length; ++i) {
            try IController(_controller).attach(registeredUnder[i]) {} catch {}
        }
    }

    /// @inheritdoc IController
    function attach(bytes32 _id) external {
        _tryAttach(_id, getContract(_id));
    }

    /// @inheritdoc IController
    function pause() external onlyOwner {
        require(!paused, SystemPaused());
        paused = true;
        emit Pause();
        _tellPause(true);
    }

    /// @inheritdoc IController
    function unpause() external onlyOwner {
        require(paused, SystemNotPaused());
        paused = false;
        emit Unpause();
        _tellPause(false);
    }

    /// @inheritdoc IController
    function transferOwnership(address newOwner) external onlyOwner {
        require(newOwner != address(0), NewOwnerIsZero());
        emit OwnershipTransferred(owner, newOwner);
        owner = newOwner;
    }

    /// @inheritdoc IController
    function getContract(bytes32 _id) public view returns (address) {
        return _registry[_id].contractAddress;
    }

    /// @inheritdoc IController
    function getContractInfo(bytes32 _id) external view returns (address, bytes20) {
        ContractInfo storage info = _registry[_id];
        return (info.contractAddress, info.gitCommitHash);
    }

    /// @inheritdoc IController
    function getSubscribers(bytes32 _id) external view returns (address[] memory) {
        return _subscribers[_id];
    }

    /// @inheritdoc IController
    function isAttached(address _subscriber) external view returns (bool) {
        return _subscriptions[_subscriber].registeredUnder.length > 0;
    }

    // --- subscribers ---

    /// @dev Contracts of other kinds (tokens, targets, the treasury) are left alone: they do not answer
    /// `registrySubscriptions`. One that points to another Controller waits for `updateController` there.
    function _tryAttach(bytes32 id, address subscriber) private {
        if (subscriber.code.length == 0) return;
        (bool isAnswered, bytes memory answer) =
            subscriber.staticcall(abi.encodeCall(IRegistrySubscriber.registrySubscriptions, ()));
        if (!isAnswered || answer.length < SHORTEST_ANSWER) return;
        bytes32[] memory ids = abi.decode(answer, (bytes32[]));
        if (IManager(subscriber).controller() != address(this)) return;

        bytes32[] storage registeredUnder = _subscriptions[subscriber].registeredUnder;
        for (uint256 i = 0; i < registeredUnder.length; ++i) {
            if (registeredUnder[i] == id) return;
        }
        registeredUnder.push(id);
        if (registeredUnder.length > 1) return;

        _attached.push(subscriber);
        IRegistrySubscriber(subscriber).onPauseUpdate(paused);
        _subscribe(subscriber, ids);
        // A proxy knows what its target reads only once it has been told its target.
        _resubscribe(subscriber);
    }

    function _leave(address subscriber, bytes32 id) private {
        bytes32[] storage registeredUnder = _subscriptions[subscriber].registeredUnder;
        for (uint256 i = 0; i < registeredUnder.length; ++i) {
            if (registeredUnder[i] == id) {
                if (registeredUnder.length == 1) {
                    _detach(subscriber);
                } else {
                    registeredUnder[i] = registeredUnder[registeredUnder.length - 1];
                    registeredUnder.pop();
                }
                return;
            }
        }
    }

    function _detach(address subscriber) private {
        _unsubscribe(subscriber);
        delete _subscriptions[subscriber];
        _remove(_attached, subscriber);
    }

    function _tellSubscribers(bytes32 id, address contractAddress) private {
        // A copy: an upgraded target may subscribe to, or leave, the list that is being walked.
        address[] memory subscribers = _subscribers[id];
        for (uint256 i = 0; i < subscribers.length; ++i) {
            IRegistrySubscriber(subscribers[i]).onRegistryUpdate(id, contractAddress);
            // Only the entry that a subscriber names first can change what else it reads.
            if (_subscriptions[subscribers[i]].ids[0] == id) _resubscribe(subscribers[i]);
        }
    }

    function _tellPause(bool isPaused) private {
        uint256 count = _attached.length;
        for (uint256 i = 0; i < count; ++i) {
            IRegistrySubscriber(_attached[i]).onPauseUpdate(isPaused);
        }
    }

    function _resubscribe(address subscriber) private {
        bytes32[] memory ids = IRegistrySubscriber(subscriber).registrySubscriptions();
        if (keccak256(abi.encode(ids)) == _subscriptions[subscriber].idsHash) return;
        _unsubscribe(subscriber);
        _subscribe(subscriber, ids);
    }

    function _subscribe(address subscriber, bytes32[] memory ids) private {
        Subscription storage subscription = _subscriptions[subscriber];
        subscription.ids = ids;
        subscription.idsHash = keccak256(abi.encode(ids));
        for (uint256 i = 0; i < ids.length; ++i) {
            _subscribers[ids[i]].push(subscriber);
            IRegistrySubscriber(subscriber).onRegistryUpdate(ids[i], getContract(ids[i]));
        }
    }

    /// @dev Entries are cleared from the last to the first: a proxy forgets its target last, as it needs it to tell
    /// what it subscribes to.
    function _unsubscribe(address subscriber) private {
        bytes32[] memory ids = _subscriptions[subscriber].ids;
        for (uint256 i = ids.length; i > 0; --i) {
            _remove(_subscribers[ids[i - 1]], subscriber);
            IRegistrySubscriber(subscriber).onRegistryUpdate(ids[i - 1], address(0));
        }
    }

    function _remove(address[] storage list, address member) private {
        uint256 last = list.length - 1;
        for (uint256 i = 0; i <= last; ++i) {
            if (list[i] == member) {
                list[i] = list[last];
                list.pop();
                return;
            }
        }
    }
}

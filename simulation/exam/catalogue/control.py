"""The control plane: Controller, Manager, ManagerProxy, ServiceRegistry, Governor. C1 to C6: control-plane.md 6."""

from simulation.exam.fault import BASE, CONTROLLER, GOVERNOR, PROXY, SERVICES, Fault, fault
from simulation.planted_faults import PlantedFault

FAULTS = (
    Fault(
        "TargetWithoutCode",
        "an address without code is registered as a target (C1)",
        (
            PlantedFault(
                "Controller",
                "TakesAnyAddress",
                (
                    (
                        CONTROLLER,
                        "_contractAddress == address(0) || _contractAddress.code.length > 0,",
                        "true,",
                    ),
                ),
            ),
            PlantedFault(
                "ManagerProxy",
                "TakesTargetWithoutCode",
                ((PROXY, "if (target != address(0)) dep", "if (target.code.length > 0) dep"),),
            ),
        ),
    ),
    Fault(
        "ProxyAsTarget",
        "a proxy is taken as its own target (C2)",
        (
            PlantedFault(
                "ManagerProxy",
                "TakesItself",
                (
                    (PROXY, "require(contractAddress != address(this), TargetIsProxy(id));", ""),
                    (
                        PROXY,
                        "if (target != address(0)) dep",
                        "if (target != address(0) && target != address(this)) dep",
                    ),
                ),
            ),
        ),
    ),
    fault(
        "KeepsEntriesOfMoved",
        "a contract that moves to another Controller keeps the old entries (C6)",
        CONTROLLER,
        "_detach(manager);",
        "{}",
    ),
    fault(
        "PauseUntold",
        "contracts are not told of a pause",
        CONTROLLER,
        "_tellPause(true);",
    ),
    fault(
        "ProxyMissesPause",
        "a proxy forgets that it is paused with the next call of the Controller",
        PROXY,
        "function onPauseUpdate(bool isPaused) external onlyController {\n        _managerStorage()",
        "function onPauseUpdate(bool isPaused) external onlyController {\n        if (!isPaused) _managerStorage()",
    ),
    fault(
        "StaleEntry",
        "an entry that is cleared lives on with those who read it",
        CONTROLLER,
        "_tellSubscribers(_id, _contractAddress);",
        "if (_contractAddress != address(0)) _tellSubscribers(_id, _contractAddress);",
    ),
    fault(
        "FirstTargetForGood",
        "a proxy keeps its first target: upgrades have no effect",
        PROXY,
        "$.target = contractAddress;",
        "if ($.target == address(0)) $.target = contractAddress;",
    ),
    fault(
        "AnybodyPauses",
        "who pauses is not looked at",
        CONTROLLER,
        "function pause() external onlyOwner {",
        "function pause() external {",
    ),
    fault(
        "OwnershipToNobody",
        "the Controller can be given to the zero address",
        CONTROLLER,
        "require(newOwner != address(0), NewOwnerIsZero());",
    ),
    fault(
        "OwnershipSwapped",
        "event OwnershipTransferred names the new owner first",
        CONTROLLER,
        "emit OwnershipTransferred(owner, newOwner);",
        "emit OwnershipTransferred(newOwner, owner);",
    ),
    fault(
        "SecondCallerRefused",
        "of two contracts that may call only the first is let in",
        BASE,
        "msg.sender == _registeredOrZero(firstId) || msg.sender == _registeredOrZero(secondId)",
        "msg.sender == _registeredOrZero(firstId)",
        contracts=("Minter",),
    ),
    fault(
        "ParameterChangeSwapped",
        "event ParameterChanged names the new value first",
        BASE,
        "emit ParameterChanged(param, previousValue, newValue);",
        "emit ParameterChanged(param, newValue, previousValue);",
    ),
    fault(
        "ServiceUntold",
        "a service URI is stored, and not told",
        SERVICES,
        "emit ServiceURIUpdate(msg.sender, _serviceURI);",
    ),
    fault(
        "UpdateReplayed",
        "an executed update of the Governor goes on waiting (G11)",
        GOVERNOR,
        "delete updates[updateHash];\n\n        for",
        "for",
    ),
    fault(
        "UpdateOneBlockLate",
        "an update of the Governor can be executed one block after its delay",
        GOVERNOR,
        "block.number >= executableFromBlock,",
        "block.number > executableFromBlock,",
    ),
    fault(
        "AnybodyCancelsUpdates",
        "who cancels an update of the Governor is not looked at",
        GOVERNOR,
        "function cancel(Update calldata _update) external onlyOwner {",
        "function cancel(Update calldata _update) external {",
    ),
)

// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title EtherRecipient__Mock
/// @notice Takes plain ETH in one of four ways. The way is part of the code, so that to look it up costs no gas.
contract EtherRecipient__Mock {
    enum Behaviour {
        Accept,
        EmitEvent,
        WriteStorage,
        Refuse
    }

    event Received(uint256 amount);

    error Refused();

    Behaviour private immutable BEHAVIOUR;
    uint256 public received;

    constructor(Behaviour behaviour) {
        BEHAVIOUR = behaviour;
    }

    receive() external payable {
        if (BEHAVIOUR == Behaviour.EmitEvent) emit Received(msg.value);
        if (BEHAVIOUR == Behaviour.WriteStorage) received += msg.value;
        if (BEHAVIOUR == Behaviour.Refuse) revert Refused();
    }
}

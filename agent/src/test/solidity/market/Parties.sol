// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IRegistry} from "../../../main/solidity/interfaces/IRegistry.sol";

/// A registry as the market sees it: who is active, with which rated power.
contract Parties {
    mapping(address account => bool) private active;
    mapping(address account => uint64) private rated;

    function register(address account, uint64 ratedPowerW) external {
        active[account] = true;
        rated[account] = ratedPowerW;
    }

    function suspend(address account) external {
        active[account] = false;
    }

    function activeParty(address account) external view returns (bytes32 id, IRegistry.Role role, uint64 ratedPowerW) {
        if (!active[account]) return (0, IRegistry.Role.NONE, 0);
        role = rated[account] > 0 ? IRegistry.Role.PILE : IRegistry.Role.USER;
        return (keccak256(abi.encode(account)), role, rated[account]);
    }
}

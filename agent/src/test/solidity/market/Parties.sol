// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IRegistry} from "../../../main/solidity/interfaces/IRegistry.sol";

/// A registry as the market sees it: who is active, with which rated power and meter, and who owes something. It takes
/// obligations from anybody; {OrderObligations} and {MarketGas} have the registry itself.
contract Parties {
    mapping(address account => bytes32) public idOf;
    mapping(bytes32 id => bool) public isActive;
    mapping(bytes32 id => mapping(address => uint32)) public obligationsFrom;
    mapping(bytes32 id => IRegistry.Party) private parties;
    bool private stubborn;

    error NotActive(bytes32 id);
    error Stubborn();

    function register(address account, uint64 ratedPowerW) external {
        bytes32 id = keccak256(abi.encode(account));
        idOf[account] = id;
        isActive[id] = true;
        (parties[id].account, parties[id].ratedPowerW) = (account, ratedPowerW);
        parties[id].role = ratedPowerW > 0 ? IRegistry.Role.PILE : IRegistry.Role.USER;
    }

    /// 64 bytes, both coordinates.
    function meter(address account, bytes calldata key) external {
        bytes1 parity = bytes1(uint8(2 + (uint8(key[63]) & 1)));
        parties[idOf[account]].meterKey = keccak256(abi.encodePacked(parity, key[:32]));
    }

    function suspend(address account) external {
        isActive[keccak256(abi.encode(account))] = false;
    }

    function move(address from, address to) external {
        bytes32 id = idOf[from];
        (idOf[from], idOf[to], parties[id].account) = (0, id, to);
    }

    /// Lets nobody go any more.
    function becomeStubborn() external {
        stubborn = true;
    }

    function isObligor(address) external pure returns (bool) {
        return true;
    }

    function party(bytes32 id) external view returns (IRegistry.Party memory) {
        return parties[id];
    }

    function activeParty(address account) external view returns (bytes32 id, IRegistry.Role role, uint64 ratedPowerW) {
        id = idOf[account];
        if (!isActive[id]) return (0, IRegistry.Role.NONE, 0);
        return (id, parties[id].role, parties[id].ratedPowerW);
    }

    function raiseObligation(bytes32 id) external {
        if (!isActive[id]) revert NotActive(id);
        obligationsFrom[id][msg.sender]++;
        parties[id].obligations++;
    }

    function lowerObligation(bytes32 id) external {
        if (stubborn) revert Stubborn();
        obligationsFrom[id][msg.sender]--;
        parties[id].obligations--;
    }
}

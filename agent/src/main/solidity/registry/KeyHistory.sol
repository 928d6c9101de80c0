// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IRegistry} from "../interfaces/IRegistry.sol";

/// @notice Who signed for a party, and when: what was signed in time stays good when its signer moves
/// on to other keys, is revoked, or leaves (P1-33).
abstract contract KeyHistory is IRegistry {
    mapping(bytes32 id => Keys[]) private _histories;

    /// @inheritdoc IRegistry
    function keysAt(bytes32 id, uint64 time) external view returns (Keys memory keys) {
        Keys[] storage history = _histories[id];
        (uint256 low, uint256 high) = (0, history.length);
        while (low < high) {
            uint256 middle = (low + high) / 2;
            if (history[middle].from <= time) low = middle + 1;
            else high = middle;
        }
        if (low > 0) keys = history[low - 1];
    }

    /// @dev These are in force from now on.
    function _remember(
        bytes32 id,
        address account,
        uint64 notAfter,
        Role role,
        bytes32 identityKey
    ) internal {
        uint40 end = notAfter > type(uint40).max ? type(uint40).max : uint40(notAfter);
        Keys memory keys = Keys(account, uint40(block.timestamp), end, role, identityKey);
        Keys[] storage history = _histories[id];
        uint256 count = history.length;
        if (count > 0 && history[count - 1].from == keys.from) history[count - 1] = keys;
        else history.push(keys);
    }

    /// @dev From now on nobody signs for the party.
    function _forget(bytes32 id, Role role) internal {
        _remember(id, address(0), 0, role, 0);
    }
}

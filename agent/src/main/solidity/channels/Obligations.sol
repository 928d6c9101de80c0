// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IRegistry} from "../interfaces/IRegistry.sol";

/// @title How a pile's bond stays where it is while the pile has an open channel (P1-11)
/// @notice An open channel is an obligation of each party that is registered as a charging pile: until it is settled the
/// pile can't deregister, and nothing of its bond is free. Without a registry nobody is obliged.
/// @dev The registry has named this contract before it is made: its address follows from the deployer's nonce.
abstract contract Obligations {
    /// Some two and a half times what the registry needs to write that an obligation is over.
    uint256 private constant LOWER_GAS = 30_000;

    /// @notice Whose piles are obliged; 0: nobody's.
    IRegistry public immutable registry;

    /// @notice The registered id of a party that a channel obliges, whatever account that party has moved to since.
    mapping(bytes32 channelId => mapping(address party => bytes32 id)) public obligedBy;

    /// @notice Whether an account takes no channels that others open with it.
    mapping(address account => bool) public refusesChannels;

    event ChannelsRefused(address indexed account, bool refuses);
    /// @notice The registry did not take back what it had taken: never, by its own rules.
    event ObligationKept(bytes32 indexed channelId, bytes32 indexed id);

    /// @notice This account takes no channels that others open.
    error ChannelRefused(address account);
    error NoRegistry(address registry);
    /// @notice The registry was not made with this contract among those that oblige.
    error NotAnObligor(address registry);
    /// @notice Bonds would be free before a channel, closed at the last moment, can be settled.
    error BondsFreeTooSoon(uint64 longestChallenge, uint256 longestWait);
    /// @notice A pile that is leaving, accused, revoked or short of its bond takes on no channel.
    error PileNotActive(bytes32 id);

    /// @param longestWait seconds from the request to close a channel to its settlement, at most
    constructor(IRegistry registry_, uint256 longestWait) {
        registry = registry_;
        if (address(registry_) == address(0)) return;
        if (address(registry_).code.length == 0) revert NoRegistry(address(registry_));
        if (!registry_.isObligor(address(this))) revert NotAnObligor(address(registry_));
        uint64 bonded = registry_.longestChallenge();
        if (bonded < longestWait) revert BondsFreeTooSoon(bonded, longestWait);
    }

    /// @notice The caller takes no channels any more that others open with it, or takes them again.
    function refuseChannels(bool refuse) external {
        refusesChannels[msg.sender] = refuse;
        emit ChannelsRefused(msg.sender, refuse);
    }

    /// @dev Whether the party is a pile, which the channel now obliges.
    function _oblige(bytes32 channelId, address party) internal returns (bool) {
        if (address(registry) == address(0)) return false;
        (bytes32 id, IRegistry.Role role,) = registry.activeParty(party);
        if (id == 0) {
            bytes32 inactive = registry.idOf(party);
            if (inactive != 0 && registry.party(inactive).role == IRegistry.Role.PILE) revert PileNotActive(inactive);
            return false;
        }
        if (role != IRegistry.Role.PILE) return false;
        obligedBy[channelId][party] = id;
        registry.raiseObligation(id);
        return true;
    }

    /// @dev Whether an account speaks for a party that the channel obliges, whose account of then may be lost: the one
    /// that the party has now, or the owner of its bond.
    function _speaksFor(bytes32 channelId, address party, address account) internal view returns (bool) {
        bytes32 id = obligedBy[channelId][party];
        if (id == 0) return false;
        IRegistry.Party memory obliged = registry.party(id);
        return account == obliged.account || account == obliged.owner;
    }

    /// @dev Ends what `_oblige` began. Reverts only for want of gas, so that nothing holds up a settlement. Whoever sends
    /// too little for the registry has a 64th of it left, which is too little to go on.
    function _relieve(bytes32 channelId, address party) internal {
        bytes32 id = obligedBy[channelId][party];
        delete obligedBy[channelId][party];
        try registry.lowerObligation{gas: LOWER_GAS}(id) {}
        catch {
            emit ObligationKept(channelId, id);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @notice Who is registered, as what, with which keys and which bond (P1-05, P1-10 to P1-12).
/// What the other contracts may read of {Registry}, and the one thing they may write: that a party
/// owes something, which keeps it from leaving with its bond.
interface IRegistry {
    /// @dev The numbers are those in a certificate. Who buys and who sells is a matter of each trade.
    enum Role {
        NONE,
        USER,
        PILE,
        HUB,
        AGENCY,
        COMPANY
    }

    /// @param account signs for the party
    /// @param role NONE while the party is unknown or gone
    /// @param keyVersion K-version, which rises with each issue
    /// @param ratedPowerW of a pile; 0 for everybody else
    /// @param owner whom the bond belongs to: the company that locked it, or the account at the first
    /// registration; no key generation centre can change it
    /// @param obligations open channels, orders and the like
    /// @param notBefore Unix seconds
    /// @param notAfter the first second at which the certificate no longer holds
    /// @param unlockAt when the bond of a deregistered party is free; 0 while it is registered
    /// @param bond in the token's smallest unit
    /// @param company id of the registrar of a pile; 0 for none
    /// @param identityKey keccak256 of the 96 bytes of y_ID, compressed
    /// @param nodeKey keccak256 of the 33 bytes of the key of the encrypted link
    /// @param meterKey keccak256 of the 33 bytes of the key that signs meter records; 0 for none
    struct Party {
        address account;
        Role role;
        uint16 keyVersion;
        uint64 ratedPowerW;
        address owner;
        uint32 obligations;
        uint64 notBefore;
        uint64 notAfter;
        uint64 unlockAt;
        uint128 bond;
        bytes32 company;
        bytes32 identityKey;
        bytes32 nodeKey;
        bytes32 meterKey;
    }

    /// @notice The keys of a party from one moment to the next change.
    /// @param account that signs for it; 0: none does, for its key is revoked or it is gone
    /// @param from Unix seconds
    /// @param notAfter the first second at which the certificate no longer holds
    /// @param role NONE: it has not been registered yet
    /// @param identityKey keccak256 of the 96 bytes of y_ID, compressed
    struct Keys {
        address account;
        uint40 from;
        uint40 notAfter;
        Role role;
        bytes32 identityKey;
    }

    /// @param id keccak256 of the party's name in ASCII
    function party(bytes32 id) external view returns (Party memory);

    /// @notice The keys that were in force at a time, Unix seconds, also of a party that is gone.
    function keysAt(bytes32 id, uint64 time) external view returns (Keys memory);

    /// @return id of the party that signs with this account now; 0 for none
    function idOf(address account) external view returns (bytes32 id);

    /// @notice Whether it may take on something new: registered, its certificate in time and not
    /// revoked, its bond whole, and not suspended by a verdict against it.
    function isActive(bytes32 id) external view returns (bool);

    /// @notice Whether the key generation centre has revoked the key that the party has now.
    function isRevoked(bytes32 id) external view returns (bool);

    /// @notice The party of an account if it {isActive}; zeros otherwise.
    function activeParty(
        address account
    ) external view returns (bytes32 id, Role role, uint64 ratedPowerW);

    /// @notice Seconds that the bond of a party stays locked once it has deregistered. A contract that raises obligations
    /// refuses to be made where that is shorter than what it may have to wait for.
    function longestChallenge() external view returns (uint64);

    /// @notice Whether a contract may raise and lower obligations; fixed when the registry was made.
    function isObligor(address contract_) external view returns (bool);

    /// @notice An active party owes something from now on. Only a contract that was named when the
    /// registry was made; reverts when the party is not active.
    function raiseObligation(bytes32 id) external;

    /// @notice What the calling contract had raised is done with. Never reverts for what was raised.
    function lowerObligation(bytes32 id) external;

    /// @notice How many obligations of a party one contract has raised and not lowered.
    function obligationsFrom(bytes32 id, address contract_) external view returns (uint32);
}

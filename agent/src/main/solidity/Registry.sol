// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IRegistry} from "./interfaces/IRegistry.sol";
import {Payouts} from "./payments/Payouts.sol";
import {BondRule} from "./registry/BondRule.sol";
import {Certificates} from "./registry/Certificates.sol";
import {KeyHistory} from "./registry/KeyHistory.sol";
import {Verdicts} from "./registry/Verdicts.sol";

/// @notice Who trades, certified by one key generation centre, and the bonds of charging piles
/// (P1-05, P1-08 to P1-12).
/// @dev Nobody owns it, nothing in it can be replaced or stopped. The centre decides who comes in
/// and can shut a party out of new business; it can't touch a bond, and can't move a registered
/// party to another account. A company registers and rotates its piles and owns their bonds; it has
/// no say in what a pile's account signs. A party leaves when it owes nothing, and gets its bond
/// after the longest challenge period, unless a final verdict took it.
contract Registry is IRegistry, Certificates, Payouts, Verdicts, KeyHistory {
    using SafeCast for uint256;

    /// @param token in which bonds are locked
    /// @param kgc Ethereum key of the key generation centre
    /// @param kgcParameters SHA-256 fingerprint of its public parameters
    /// @param agency may accuse; not the court
    /// @param court rules on appeals
    /// @param minBond of a pile, whatever its power
    /// @param bondPerKw price cap times the hours that can be owed inside one dispute window
    /// @param longestChallenge seconds, of all contracts that raise obligations: one day or more
    /// @param appealWindow seconds to appeal against a verdict: three days or more
    /// @param rulingWindow seconds to rule on an appeal: one day or more
    /// @param obligors the contracts that may raise and lower obligations; they may be deployed later
    struct Terms {
        IERC20 token;
        address kgc;
        bytes32 kgcParameters;
        address agency;
        address court;
        uint64 minBond;
        uint64 bondPerKw;
        uint64 longestChallenge;
        uint64 appealWindow;
        uint64 rulingWindow;
        address[] obligors;
    }

    /// @notice In whose smallest unit bonds are counted.
    IERC20 public immutable token;
    uint64 public immutable minBond;
    uint64 public immutable bondPerKw;
    /// @inheritdoc IRegistry
    uint64 public immutable longestChallenge;

    /// @inheritdoc IRegistry
    mapping(address => bool) public isObligor;
    /// @inheritdoc IRegistry
    mapping(address account => bytes32) public idOf;
    /// @inheritdoc IRegistry
    mapping(bytes32 id => mapping(address => uint32)) public obligationsFrom;
    /// @notice Up to which version the centre has revoked a party's keys.
    mapping(bytes32 id => uint16) public revokedThrough;

    uint64 private constant SHORTEST_CHALLENGE = 1 days;

    mapping(bytes32 id => Party) private _parties;

    event Registered(
        bytes32 indexed id,
        address indexed account,
        bytes32 indexed company,
        Certificate certificate
    );
    event BondLocked(bytes32 indexed id, address indexed from, uint128 amount, uint128 bond);
    event BondAssigned(bytes32 indexed id, address indexed owner);
    event Deregistered(bytes32 indexed id, uint64 unlockAt);
    event Released(bytes32 indexed id, address indexed owner, uint128 bond);
    event Revoked(bytes32 indexed id, uint16 throughVersion);
    event ObligationsChanged(bytes32 indexed id, address indexed by, uint32 open);

    error BadObligor(address obligor);
    error NotAnObligor(address caller);
    error NoObligation(bytes32 id, address caller);
    error OldKeyVersion(uint16 version, uint16 last);
    error AccountTaken(address account, bytes32 by);
    error DifferentParty(bytes32 id);
    error NotTheCompany(address caller);
    error NotTheHolder(address caller);
    error NotRegistered(bytes32 id);
    error NotActive(bytes32 id);
    error Leaving(bytes32 id, uint64 unlockAt);
    error StillLocked(bytes32 id, uint64 unlockAt);
    error OpenObligations(bytes32 id, uint32 open);

    constructor(
        Terms memory terms
    )
        Certificates(terms.kgc, terms.kgcParameters)
        Verdicts(terms.agency, terms.court, terms.appealWindow, terms.rulingWindow)
    {
        if (terms.kgc == terms.agency || terms.kgc == terms.court) {
            revert BadJudges(terms.agency, terms.court);
        }
        if (address(terms.token).code.length == 0) revert NoToken(address(terms.token));
        token = terms.token;
        _checkWindow(terms.longestChallenge, SHORTEST_CHALLENGE);
        BondRule.bond(terms.minBond, 0, 1);
        minBond = terms.minBond;
        bondPerKw = terms.bondPerKw;
        longestChallenge = terms.longestChallenge;
        for (uint256 i = 0; i < terms.obligors.length; i++) {
            address obligor = terms.obligors[i];
            if (obligor == address(0) || isObligor[obligor]) revert BadObligor(obligor);
            isObligor[obligor] = true;
        }
    }

    /// @notice Registers a party, or gives it a later version of its keys. Locks what the bond lacks,
    /// from the caller. A company's pile is registered and rotated by the company's account; for
    /// anybody else the certificate and the account's signature are enough, so that somebody who has
    /// gas may send them. To another account a party moves only by itself or its bond's owner: a
    /// company that wants another account assigns its piles' bonds to it first.
    /// @param kgcSignature of the centre on {certificateDigest}
    /// @param possession of the account on {possessionDigest}; empty when the account is the caller
    function register(
        Certificate calldata c,
        bytes calldata kgcSignature,
        bytes calldata possession
    ) external nonReentrant {
        _checkCertificate(c, kgcSignature, possession);
        Party storage p = _parties[c.id];
        uint16 last = p.keyVersion > revokedThrough[c.id] ? p.keyVersion : revokedThrough[c.id];
        if (c.keyVersion <= last) revert OldKeyVersion(c.keyVersion, last);
        bytes32 holder = idOf[c.account];
        if (holder != 0 && holder != c.id) revert AccountTaken(c.account, holder);
        if (c.company != 0) _checkCompany(c.company);
        if (p.role == Role.NONE) {
            p.role = c.role;
            p.company = c.company;
            p.owner = c.company == 0 ? c.account : msg.sender;
        } else {
            _checkReissue(p, c);
            delete idOf[p.account];
        }
        idOf[c.account] = c.id;
        p.account = c.account;
        p.keyVersion = c.keyVersion;
        p.ratedPowerW = c.ratedPowerW;
        p.notBefore = c.notBefore;
        p.notAfter = c.notAfter;
        p.identityKey = keccak256(c.identityKey);
        p.nodeKey = keccak256(c.nodeKey);
        p.meterKey = c.meterKey.length == 0 ? bytes32(0) : keccak256(c.meterKey);
        _remember(c.id, c.account, c.notAfter, c.role, p.identityKey);
        emit Registered(c.id, c.account, c.company, c);
        uint128 required = _requiredBond(p);
        if (required > p.bond) _lock(c.id, p, required - p.bond);
    }

    /// @notice Adds to a bond; the amount is the bond's owner's from now on, whoever gave it.
    function topUp(bytes32 id, uint128 amount) external nonReentrant {
        _lock(id, _staying(id), amount);
    }

    /// @notice Gives a bond to another owner, as when a company changes its account.
    function assignBond(bytes32 id, address owner) external {
        Party storage p = _known(id);
        if (msg.sender != p.owner || owner == address(0)) revert NotTheHolder(msg.sender);
        p.owner = owner;
        emit BondAssigned(id, owner);
    }

    /// @notice Leaves, by the account or the bond's owner, when nothing is owed. What a certificate's
    /// end or a revocation can't prevent.
    function deregister(bytes32 id) external {
        Party storage p = _staying(id);
        if (!_speaksFor(id, msg.sender)) revert NotTheHolder(msg.sender);
        if (p.obligations != 0) revert OpenObligations(id, p.obligations);
        p.unlockAt = uint64(block.timestamp) + longestChallenge;
        emit Deregistered(id, p.unlockAt);
    }

    /// @notice Pays a bond that is free to its owner, for anybody who asks, and forgets the party but
    /// for its key's version. What the token refuses to pay waits for {claim}.
    function release(bytes32 id) external nonReentrant {
        Party storage p = _known(id);
        if (p.unlockAt == 0 || block.timestamp < p.unlockAt) revert StillLocked(id, p.unlockAt);
        if (_isAccused(id)) revert VerdictPending(id);
        (address owner, uint128 bond, uint16 version) = (p.owner, p.bond, p.keyVersion);
        delete idOf[p.account];
        _forget(id, p.role);
        delete _parties[id];
        _parties[id].keyVersion = version;
        emit Released(id, owner, bond);
        _pay(address(token), owner, bond);
    }

    /// @notice The centre revokes all versions of a party's key up to this one, whether they were
    /// registered or not. Anybody may bring its signature: the centre needs no network.
    function revoke(bytes32 id, uint16 keyVersion, bytes calldata kgcSignature) external {
        if (msg.sender != kgc) _checkSigned(kgc, revocationDigest(id, keyVersion), kgcSignature);
        if (keyVersion <= revokedThrough[id]) return;
        revokedThrough[id] = keyVersion;
        Role role = _parties[id].role;
        if (role != Role.NONE && isRevoked(id)) _forget(id, role);
        emit Revoked(id, keyVersion);
    }

    /// @inheritdoc IRegistry
    function raiseObligation(bytes32 id) external {
        if (!isObligor[msg.sender]) revert NotAnObligor(msg.sender);
        if (!isActive(id)) revert NotActive(id);
        obligationsFrom[id][msg.sender]++;
        emit ObligationsChanged(id, msg.sender, ++_parties[id].obligations);
    }

    /// @inheritdoc IRegistry
    function lowerObligation(bytes32 id) external {
        if (obligationsFrom[id][msg.sender] == 0) revert NoObligation(id, msg.sender);
        obligationsFrom[id][msg.sender]--;
        emit ObligationsChanged(id, msg.sender, --_parties[id].obligations);
    }

    /// @inheritdoc IRegistry
    function party(bytes32 id) external view returns (Party memory) {
        return _parties[id];
    }

    /// @inheritdoc IRegistry
    function activeParty(
        address account
    ) external view returns (bytes32 id, Role role, uint64 ratedPowerW) {
        bytes32 found = idOf[account];
        if (!isActive(found)) return (0, Role.NONE, 0);
        return (found, _parties[found].role, _parties[found].ratedPowerW);
    }

    /// @inheritdoc IRegistry
    function isActive(bytes32 id) public view returns (bool) {
        Party storage p = _parties[id];
        return
            p.role != Role.NONE &&
            p.unlockAt == 0 &&
            block.timestamp >= p.notBefore &&
            block.timestamp < p.notAfter &&
            !isRevoked(id) &&
            !_isSuspended(id) &&
            p.bond >= _requiredBond(p);
    }

    /// @inheritdoc IRegistry
    function isRevoked(bytes32 id) public view returns (bool) {
        return _parties[id].keyVersion <= revokedThrough[id];
    }

    /// @inheritdoc Verdicts
    function complaintDigest(
        bytes32 accused,
        uint128 amount,
        bytes32 harmed,
        bytes32 evidence
    ) public view override returns (bytes32) {
        return _hashTypedDataV4(_complaint(accused, amount, harmed, evidence));
    }

    /// @notice What a pile of this power locks.
    function bondFor(uint64 ratedPowerW) external view returns (uint128) {
        return BondRule.bond(minBond, bondPerKw, ratedPowerW);
    }

    function _requiredBond(Party storage p) private view returns (uint128) {
        return p.role == Role.PILE ? BondRule.bond(minBond, bondPerKw, p.ratedPowerW) : 0;
    }

    function _lock(bytes32 id, Party storage p, uint128 amount) private {
        p.bond = (uint256(p.bond) + amount).toUint128();
        emit BondLocked(id, msg.sender, amount, p.bond);
        _take(address(token), amount);
    }

    function _checkCompany(bytes32 id) private view {
        Party storage company = _parties[id];
        if (!isActive(id) || company.role != Role.COMPANY || msg.sender != company.account) {
            revert NotTheCompany(msg.sender);
        }
    }

    function _checkReissue(Party storage p, Certificate calldata c) private view {
        if (p.unlockAt != 0) revert Leaving(c.id, p.unlockAt);
        if (p.role != c.role || p.company != c.company) revert DifferentParty(c.id);
        if (p.account != c.account && !_speaksFor(c.id, msg.sender)) revert NotTheHolder(msg.sender);
    }

    function _known(bytes32 id) private view returns (Party storage p) {
        p = _parties[id];
        if (p.role == Role.NONE) revert NotRegistered(id);
    }

    function _staying(bytes32 id) private view returns (Party storage p) {
        p = _known(id);
        if (p.unlockAt != 0) revert Leaving(id, p.unlockAt);
    }

    function _accusableBond(bytes32 id) internal view override returns (uint128) {
        Party storage p = _known(id);
        if (p.unlockAt != 0 && block.timestamp >= p.unlockAt) revert NotAccusable(id);
        return p.bond;
    }

    function _payeeOf(bytes32 harmed) internal view override returns (address) {
        Role role = _parties[harmed].role;
        bool trades = role == Role.USER || role == Role.PILE || role == Role.HUB;
        return trades ? _parties[harmed].owner : address(0);
    }

    function _speaksFor(bytes32 id, address caller) internal view override returns (bool) {
        return caller == _parties[id].account || caller == _parties[id].owner;
    }

    function _slash(bytes32 id, address payee, uint128 amount) internal override {
        _parties[id].bond -= amount;
        _pay(address(token), payee, amount);
    }
}

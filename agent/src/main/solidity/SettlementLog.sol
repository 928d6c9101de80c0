// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {MultiSignature} from "./bls/MultiSignature.sol";
import {IRegistry} from "./interfaces/IRegistry.sol";
import {ISettlementLog} from "./interfaces/ISettlementLog.sol";
import {Settlements} from "./settlement/Settlements.sol";

/// @title Settlement certificates, once for each match (P1-02, P1-06, P1-33)
/// @notice A certificate that seller and buyer signed is final. One that only one of them signed opens
/// a time in which the other may bring its own instead; it stays one side's word when that time is
/// over, until the other signs it too. Anybody may bring what the parties signed. Nobody owns the log,
/// and it holds no money.
/// @dev What is known of a match is kept for the match and its two parties together: strangers who sign
/// for somebody else's match id stand in nobody's way. A signature counts by the keys in force when it
/// settled, so that it survives its signer's next keys, revocation and departure, or by the keys of
/// now; what only one side says, it says by its key of now.
contract SettlementLog is ISettlementLog, EIP712 {
    using Settlements for Settlements.Settlement;

    uint64 private constant SHORTEST_WINDOW = 1 hours;
    uint64 private constant LONGEST_WINDOW = 30 days;

    /// @param digest of the claim; of the agreed certificate once there is one
    /// @param counter digest of what the other side said instead; 0 for none
    /// @param windowEnds when the other side's time to answer a claim is over
    /// @param bySeller whose claim it is
    /// @param attested the multi-signature on the agreed certificate was verified here
    struct Entry {
        bytes32 digest;
        bytes32 counter;
        uint64 energyMwh;
        uint64 amount;
        uint64 windowEnds;
        bool bySeller;
        bool agreed;
        bool attested;
    }

    IRegistry public immutable registry;
    /// @notice Seconds that the other side has to answer a claim.
    uint64 public immutable window;

    mapping(bytes32 key => Entry) private _entries;

    event Claimed(
        bytes32 indexed matchId,
        bytes32 indexed seller,
        bytes32 indexed buyer,
        bool bySeller,
        bytes32 digest,
        uint64 energyMwh,
        uint64 amount,
        uint64 windowEnds
    );
    event Contested(
        bytes32 indexed matchId,
        bytes32 indexed seller,
        bytes32 indexed buyer,
        bool bySeller,
        bytes32 digest,
        uint64 energyMwh,
        uint64 amount
    );
    event Agreed(
        bytes32 indexed matchId,
        bytes32 indexed seller,
        bytes32 indexed buyer,
        bytes32 digest,
        Settlements.Settlement settlement
    );
    /// @dev signers is H(L).
    event Attested(bytes32 indexed matchId, bytes32 indexed seller, bytes32 indexed buyer, bytes32 signers);

    error BadWindow(uint64 seconds_);
    error NoRegistry(address registry);
    /// @dev Neither side signed.
    error Unsigned();
    /// @dev Forged, changed, malleated, or made for another chain, contract or match.
    error NotSignedBy(address expected);
    error NotYetSettled(uint64 settledAt);
    error Expired(uint64 expiry);
    error NotRegistered(bytes32 party);
    /// @dev Only drivers and piles sell and buy (P1-01); a company signs for none of its piles (P1-12).
    error WrongRole(bytes32 party, IRegistry.Role role);
    /// @dev When it settled, the party's key was revoked or the party gone, and this is not its key of now.
    error NoKeyThen(bytes32 party, uint64 settledAt);
    /// @dev The party's certificate had ended when it says it settled.
    error NoLongerCertified(bytes32 party, uint64 notAfter);
    /// @dev One side's word by a key that it no longer has, or by a party that is gone.
    error NotItsKeyNow(bytes32 party);
    /// @dev Both signed another one before.
    error AgreedOtherwise(bytes32 digest);
    /// @dev This side has said something else before.
    error SaidOtherwise(bytes32 digest);
    error WindowClosed(uint64 windowEnds);
    error NotAgreed(bytes32 digest);
    error NotASigner(bytes32 party);
    error NotTheRegisteredKey(string name);
    error BadMultiSignature();

    constructor(IRegistry registry_, uint64 window_) EIP712("Chargepile Settlement", "1") {
        if (address(registry_).code.length == 0) revert NoRegistry(address(registry_));
        if (window_ < SHORTEST_WINDOW || window_ > LONGEST_WINDOW) revert BadWindow(window_);
        registry = registry_;
        window = window_;
    }

    /// @notice What each side signs.
    function settlementDigest(Settlements.Settlement calldata s) public view returns (bytes32) {
        return _hashTypedDataV4(s.hash());
    }

    /// @notice Presents a certificate with one signature or both; the same one again changes nothing.
    /// @param sellerSignature empty when the seller has not signed, like buyerSignature
    function present(
        Settlements.Settlement calldata s,
        bytes calldata sellerSignature,
        bytes calldata buyerSignature
    ) external {
        bytes32 digest = s.hash();
        Entry storage entry = _entries[_key(s.matchId, s.seller, s.buyer)];
        if (entry.agreed) {
            if (entry.digest != digest) revert AgreedOtherwise(entry.digest);
            return;
        }
        _check(s, entry, digest);
        (bool bySeller, bool sellerNow) = _signed(s, s.seller, sellerSignature);
        (bool byBuyer, bool buyerNow) = _signed(s, s.buyer, buyerSignature);
        if (!bySeller && !byBuyer) revert Unsigned();
        if ((bySeller && byBuyer) || _answers(entry, digest, bySeller)) {
            _agree(entry, s, digest);
        } else {
            if (!sellerNow && !buyerNow) revert NotItsKeyNow(bySeller ? s.seller : s.buyer);
            _say(entry, s, digest, bySeller);
        }
    }

    /// @notice Verifies the parties' short multi-signature on an agreed certificate, on chain, by the
    /// precompiles of EIP-2537. It needs some 510,000 gas, and no payment waits for it: off chain
    /// anybody verifies the same for nothing (P1-19).
    /// @param signers sorted by name, seller and buyer among them, with the keys registered when it settled
    /// @param signature S: a point of G1, 128 bytes uncompressed
    function attest(
        Settlements.Settlement calldata s,
        MultiSignature.Signer[] calldata signers,
        bytes calldata signature
    ) external {
        bytes32 digest = s.hash();
        Entry storage entry = _entries[_key(s.matchId, s.seller, s.buyer)];
        if (!entry.agreed || entry.digest != digest) revert NotAgreed(digest);
        if (entry.attested) return;
        bytes32 set = _verify(s, signers, signature);
        entry.attested = true;
        emit Attested(s.matchId, s.seller, s.buyer, set);
    }

    /// @inheritdoc ISettlementLog
    function settlementOf(
        bytes32 matchId,
        bytes32 seller,
        bytes32 buyer
    ) external view returns (Status status, uint64 energyMwh, uint64 amount, bytes32 digest) {
        Entry storage entry = _entries[_key(matchId, seller, buyer)];
        return (_status(entry), entry.energyMwh, entry.amount, entry.digest);
    }

    /// @notice All that is kept of a match.
    function entryOf(bytes32 matchId, bytes32 seller, bytes32 buyer) external view returns (Entry memory) {
        return _entries[_key(matchId, seller, buyer)];
    }

    /// @dev Whether one side's signature is what was missing on what the other has said.
    function _answers(Entry storage entry, bytes32 digest, bool bySeller) private view returns (bool) {
        if (entry.digest == 0) return false;
        bool claimant = bySeller == entry.bySeller;
        return digest == (claimant ? entry.counter : entry.digest);
    }

    function _agree(Entry storage entry, Settlements.Settlement calldata s, bytes32 digest) private {
        entry.digest = digest;
        entry.energyMwh = s.sold.energyMwh;
        entry.amount = s.sold.amount;
        entry.agreed = true;
        emit Agreed(s.matchId, s.seller, s.buyer, digest, s);
    }

    /// @dev One side's word: the first is a claim, the other side's other word contests it, in time.
    function _say(Entry storage entry, Settlements.Settlement calldata s, bytes32 digest, bool bySeller) private {
        (uint64 energy, uint64 amount) = (s.sold.energyMwh, s.sold.amount);
        if (entry.digest == 0) {
            uint64 windowEnds = uint64(block.timestamp) + window;
            entry.digest = digest;
            entry.energyMwh = energy;
            entry.amount = amount;
            entry.windowEnds = windowEnds;
            entry.bySeller = bySeller;
            emit Claimed(s.matchId, s.seller, s.buyer, bySeller, digest, energy, amount, windowEnds);
            return;
        }
        bytes32 said = bySeller == entry.bySeller ? entry.digest : entry.counter;
        if (said == digest) return;
        if (said != 0) revert SaidOtherwise(said);
        if (block.timestamp >= entry.windowEnds) revert WindowClosed(entry.windowEnds);
        entry.counter = digest;
        emit Contested(s.matchId, s.seller, s.buyer, bySeller, digest, energy, amount);
    }

    /// @dev What one side has said in time the other may sign whenever it likes: else a claim brought in
    /// its last second could not be agreed to.
    function _check(Settlements.Settlement calldata s, Entry storage entry, bytes32 digest) private view {
        s.checkForm();
        if (block.timestamp < s.settledAt) revert NotYetSettled(s.settledAt);
        bool said = digest == entry.digest || digest == entry.counter;
        if (!said && block.timestamp >= s.expiry) revert Expired(s.expiry);
    }

    /// @dev Whether a party signed, and whether by the account that it has now; a signature that is there
    /// must be good.
    function _signed(
        Settlements.Settlement calldata s,
        bytes32 id,
        bytes calldata signature
    ) private view returns (bool signed, bool now_) {
        IRegistry.Keys memory then_ = registry.keysAt(id, s.settledAt);
        if (then_.role == IRegistry.Role.NONE) revert NotRegistered(id);
        if (!_trades(then_.role)) revert WrongRole(id, then_.role);
        if (signature.length == 0) return (false, false);
        (address signer, ECDSA.RecoverError fault, ) = ECDSA.tryRecoverCalldata(settlementDigest(s), signature);
        if (fault != ECDSA.RecoverError.NoError) revert NotSignedBy(then_.account);
        IRegistry.Keys memory today = registry.keysAt(id, uint64(block.timestamp));
        now_ = signer == today.account;
        if (signer == then_.account && s.settledAt < then_.notAfter) return (true, now_);
        if (now_ && block.timestamp < today.notAfter) return (true, true);
        if (then_.account == address(0)) revert NoKeyThen(id, s.settledAt);
        if (signer == then_.account) revert NoLongerCertified(id, then_.notAfter);
        revert NotSignedBy(then_.account);
    }

    function _verify(
        Settlements.Settlement calldata s,
        MultiSignature.Signer[] memory signers,
        bytes memory signature
    ) private view returns (bytes32 set) {
        bytes[] memory keys = MultiSignature.compressed(signers);
        string memory seller;
        string memory buyer;
        for (uint256 i = 0; i < signers.length; i++) {
            bytes32 id = keccak256(bytes(signers[i].name));
            IRegistry.Keys memory party = registry.keysAt(id, s.settledAt);
            if (party.identityKey != keccak256(keys[i])) revert NotTheRegisteredKey(signers[i].name);
            if (id == s.seller) seller = signers[i].name;
            else if (id == s.buyer) buyer = signers[i].name;
            else if (party.role == IRegistry.Role.COMPANY) revert WrongRole(id, party.role);
        }
        if (bytes(seller).length == 0) revert NotASigner(s.seller);
        if (bytes(buyer).length == 0) revert NotASigner(s.buyer);
        if (!MultiSignature.verify(signers, keys, s.encode(seller, buyer), signature)) revert BadMultiSignature();
        return MultiSignature.setHash(signers, keys);
    }

    function _status(Entry storage entry) private view returns (Status) {
        if (entry.agreed) return Status.AGREED;
        if (entry.digest == 0) return Status.NONE;
        if (entry.counter != 0) return Status.CONTESTED;
        return block.timestamp < entry.windowEnds ? Status.CLAIMED : Status.UNOPPOSED;
    }

    function _trades(IRegistry.Role role) private pure returns (bool) {
        return role == IRegistry.Role.USER || role == IRegistry.Role.PILE;
    }

    function _key(bytes32 matchId, bytes32 seller, bytes32 buyer) private pure returns (bytes32) {
        return keccak256(abi.encode(matchId, seller, buyer));
    }
}

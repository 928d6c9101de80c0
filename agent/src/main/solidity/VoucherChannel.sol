// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {ConditionalVoucher, CooperativeClose, Voucher, Vouchers} from "./channels/Vouchers.sol";
import {Obligations} from "./channels/Obligations.sol";
import {Preimages} from "./channels/Preimages.sol";
import {IRegistry} from "./interfaces/IRegistry.sol";
import {IVoucherChannel} from "./interfaces/IVoucherChannel.sol";
import {Payouts, Permit} from "./payments/Payouts.sol";

/// @title Two-way payment channels by cumulative vouchers (P2-13, P2-15, P2-16, P2-18)
/// @notice A and B deposit tokens, then pay each other off chain: each direction has vouchers whose cumulative amount
/// only grows, so the largest is the latest and an old one proves less, never more. Closing, either presents what it
/// was given; anybody else may too, within the challenge period; then
///     payout of B = clamp(deposit of B + c_AB - c_BA, 0, deposits of both), and A has the rest.
/// There is no penalty: a stale voucher gains its presenter nothing that the other's better one does not take back.
///
/// Who must be trusted: nobody. There is no owner, upgrade, pause or fee; only the two parties' signatures move what
/// they deposited. Signatures are the accounts' own (ECDSA, low s), never asked of a contract (ERC-1271): a contract,
/// or an account that delegates to one (EIP-7702), could take back what it has signed.
///
/// A party that `registry` knows as a charging pile is obliged by its open channels, and its bond with it (P1-11). No
/// pile is bound against its will: it refuses channels that others open (`refuseChannels`), and ends one that it never
/// wanted at once, by leaving all in it to the other side (`renounce`). Should its account be lost, its next one and the
/// owner of its bond can still have the channel closed.
///
/// A channel is kept as three words under an id that commits to its token and parties; calls name these again.
contract VoucherChannel is IVoucherChannel, EIP712, Payouts, Preimages, Obligations {
    using Vouchers for Voucher;
    using Vouchers for ConditionalVoucher;
    using Vouchers for CooperativeClose;

    /// @notice Seconds: no challenge period is shorter. Well above the time in which a chain becomes final.
    uint32 public constant SHORTEST_PERIOD = 1 hours;

    /// @notice Seconds: a channel's challenge period lies between these.
    uint32 public immutable minChallengePeriod;
    uint32 public immutable maxChallengePeriod;

    /// @notice Seconds from the request to close until the latest expiry for which a channel waits.
    uint32 public immutable maxLock;

    mapping(bytes32 channelId => Channel) private _channels;

    /// @param registry_ of the piles that channels oblige, which has named this contract; 0: none are obliged
    constructor(uint32 minChallengePeriod_, uint32 maxChallengePeriod_, uint32 maxLock_, IRegistry registry_)
        EIP712("Chargepile Voucher", "1")
        Obligations(registry_, uint256(maxChallengePeriod_) + maxLock_)
    {
        if (minChallengePeriod_ < SHORTEST_PERIOD) revert PeriodTooShort(minChallengePeriod_, SHORTEST_PERIOD);
        if (minChallengePeriod_ > maxChallengePeriod_) revert PeriodsOutOfOrder();
        minChallengePeriod = minChallengePeriod_;
        maxChallengePeriod = maxChallengePeriod_;
        maxLock = maxLock_;
    }

    // Opening

    /// @notice Opens a channel between the caller (A) and `b`, with a deposit of A, which it has approved (or none).
    /// @param openNonce any number that A has not yet used with this token and `b`: no two channels have one id
    function open(address token, address b, uint64 openNonce, uint32 challengePeriod, uint128 amount)
        external
        nonReentrant
        returns (bytes32 channelId)
    {
        return _open(Parties(token, msg.sender, b, openNonce), challengePeriod, amount);
    }

    /// @notice As `open`, with A's approval as a permit.
    function openWithPermit(
        address token,
        address b,
        uint64 openNonce,
        uint32 challengePeriod,
        uint128 amount,
        Permit calldata permit
    ) external nonReentrant returns (bytes32 channelId) {
        _usePermit(token, amount, permit);
        return _open(Parties(token, msg.sender, b, openNonce), challengePeriod, amount);
    }

    /// @notice Adds to the deposit of a party. Anybody may, and it is the party's from then on.
    function deposit(Parties calldata parties, address participant, uint128 amount) external nonReentrant {
        _deposit(parties, participant, amount);
    }

    function depositWithPermit(Parties calldata parties, address participant, uint128 amount, Permit calldata permit)
        external
        nonReentrant
    {
        _usePermit(parties.token, amount, permit);
        _deposit(parties, participant, amount);
    }

    // Closing

    /// @notice Pays out at once by the last payments that both have signed. Anybody may submit it. What was deposited
    /// since is paid to whom it was deposited for.
    function cooperativeClose(
        Parties calldata parties,
        CooperativeClose calldata agreed,
        bytes calldata signatureA,
        bytes calldata signatureB
    ) external nonReentrant {
        (bytes32 id, Channel storage channel) = _channel(parties);
        if (agreed.channelId != id) revert OtherChannel(id, agreed.channelId);
        if (channel.state != State.Open && channel.state != State.Closing) revert WrongState(id, channel.state);
        if (block.timestamp > agreed.deadline) revert TooLate(agreed.deadline);
        bytes32 digest = hashCooperativeClose(agreed);
        _signedBy(parties.a, digest, signatureA);
        _signedBy(parties.b, digest, signatureB);
        (uint128 payoutA, uint128 payoutB) = _payouts(channel, agreed.paidByA, agreed.paidByB);
        _settle(id, parties, channel, payoutA, payoutB, true);
    }

    /// @notice A party leaves all deposits to the other, at once: the other can't be due more.
    function renounce(Parties calldata parties) external nonReentrant {
        (bytes32 id, Channel storage channel) = _channel(parties);
        if (channel.state != State.Open && channel.state != State.Closing) revert WrongState(id, channel.state);
        bool byA = msg.sender == parties.a;
        if (!byA && msg.sender != parties.b) revert NotAParty(msg.sender);
        uint128 all = channel.depositA + channel.depositB;
        emit Renounced(id, msg.sender);
        _settle(id, parties, channel, byA ? 0 : all, byA ? all : 0, false);
    }

    /// @notice A party asks to close, and presents the best voucher it was given (or none: an empty signature). From now
    /// on nothing can be deposited, and the end of the challenge period is fixed. Where the channel obliges a party, the
    /// account that this has now and the owner of its bond may ask too, for the account of then may be lost; and anybody
    /// while nothing is deposited.
    function requestClose(Parties calldata parties, Voucher calldata voucher, bytes calldata signature)
        external
        nonReentrant
    {
        (bytes32 id, Channel storage channel) = _channel(parties);
        if (channel.state != State.Open) revert WrongState(id, channel.state);
        if (!_mayClose(id, parties, channel)) revert NotAParty(msg.sender);
        uint64 settleableAt = uint64(block.timestamp) + channel.challengePeriod;
        channel.state = State.Closing;
        channel.closedAt = uint64(block.timestamp);
        channel.settleableAt = settleableAt;
        emit CloseRequested(id, msg.sender, settleableAt);
        if (signature.length != 0) _present(parties, id, channel, voucher, signature);
    }

    /// @notice Anybody presents a better voucher within the challenge period.
    function challenge(Parties calldata parties, Voucher calldata voucher, bytes calldata signature)
        external
        nonReentrant
    {
        (bytes32 id, Channel storage channel) = _closing(parties);
        _present(parties, id, channel, voucher, signature);
    }

    /// @notice Anybody presents a better conditional voucher whose lock is open: its preimage is registered before the
    /// expiry, which this call does where nobody has yet.
    function redeem(
        Parties calldata parties,
        ConditionalVoucher calldata voucher,
        bytes32 preimage,
        bytes calldata signature
    ) external nonReentrant {
        (bytes32 id, Channel storage channel) = _closing(parties);
        if (registeredAt[voucher.hashlock] == 0) registerPreimage(preimage);
        uint64 time = registeredAt[voucher.hashlock];
        if (time == 0 || time >= voucher.expiry) revert LockNotOpened(voucher.hashlock, time, voucher.expiry);
        _checkConditional(parties, id, channel, voucher, signature);
        _raise(parties, id, channel, voucher.payer, voucher.cumulative, voucher.seq, voucher.evidence);
    }

    /// @notice Lets a channel wait for the preimage of a conditional voucher: until a challenge period after its expiry,
    /// so that one that becomes public at the last moment can still be redeemed. Only its payee may: the payer could make
    /// the other side wait for a lock that nobody accepted. It pays no more than there is: where the payee has paid too,
    /// it presents its own voucher before. The lock itself is not kept: no lock can crowd out another, and the settlement
    /// knows none.
    function hold(Parties calldata parties, ConditionalVoucher calldata voucher, bytes calldata signature)
        external
        nonReentrant
    {
        if (msg.sender != _payeeOf(parties, voucher.payer)) revert NotThePayee(msg.sender);
        _hold(parties, voucher, signature);
    }

    /// @notice As `hold`, by anybody who has the payee's signature on `hashHold`.
    function holdFor(
        Parties calldata parties,
        ConditionalVoucher calldata voucher,
        bytes calldata signature,
        bytes calldata byPayee
    ) external nonReentrant {
        _signedBy(_payeeOf(parties, voucher.payer), hashHold(voucher), byPayee);
        _hold(parties, voucher, signature);
    }

    /// @notice Pays out, once the channel has waited long enough. Anybody may call; with 600 000 gas it never fails.
    function settle(Parties calldata parties) external nonReentrant {
        (bytes32 id, Channel storage channel) = _channel(parties);
        if (channel.state != State.Closing) revert WrongState(id, channel.state);
        if (block.timestamp < channel.settleableAt) revert NotYet(channel.settleableAt);
        (uint128 payoutA, uint128 payoutB) = _payouts(channel, channel.cumulativeA, channel.cumulativeB);
        _settle(id, parties, channel, payoutA, payoutB, false);
    }

    // Reading

    function channelIdOf(Parties calldata parties) external view returns (bytes32) {
        return _idOf(parties.token, parties.a, parties.b, parties.openNonce);
    }

    function channelOf(bytes32 channelId) external view returns (Channel memory) {
        return _channels[channelId];
    }

    /// @notice What the parties would be paid by the vouchers presented so far.
    function payoutsOf(bytes32 channelId) external view returns (uint128 payoutA, uint128 payoutB) {
        Channel storage channel = _channels[channelId];
        return _payouts(channel, channel.cumulativeA, channel.cumulativeB);
    }

    /// @notice What a payer signs (EIP-712).
    function hashVoucher(Voucher calldata voucher) public view returns (bytes32) {
        return _hashTypedDataV4(voucher.hash());
    }

    function hashConditionalVoucher(ConditionalVoucher calldata voucher) public view returns (bytes32) {
        return _hashTypedDataV4(voucher.hash());
    }

    /// @notice What a payee signs to let somebody else `holdFor` it.
    function hashHold(ConditionalVoucher calldata voucher) public view returns (bytes32) {
        return _hashTypedDataV4(voucher.hashHold());
    }

    function hashCooperativeClose(CooperativeClose calldata agreed) public view returns (bytes32) {
        return _hashTypedDataV4(agreed.hash());
    }

    // Within

    function _open(Parties memory parties, uint32 challengePeriod, uint128 amount) private returns (bytes32 id) {
        if (challengePeriod < minChallengePeriod || challengePeriod > maxChallengePeriod) {
            revert PeriodOutOfBounds(challengePeriod, minChallengePeriod, maxChallengePeriod);
        }
        if (parties.b == address(0) || parties.b == parties.a || parties.b == address(this)) {
            revert PartyNotPossible(parties.b);
        }
        if (refusesChannels[parties.b]) revert ChannelRefused(parties.b);
        if (parties.token.code.length == 0) revert NoToken(parties.token);
        id = _idOf(parties.token, parties.a, parties.b, parties.openNonce);
        Channel storage channel = _channels[id];
        if (channel.state != State.None) revert ChannelExists(id);
        channel.state = State.Open;
        channel.challengePeriod = challengePeriod;
        channel.obligesA = _oblige(id, parties.a);
        channel.obligesB = _oblige(id, parties.b);
        emit ChannelOpened(id, parties.a, parties.b, parties.token, parties.openNonce, challengePeriod);
        if (amount == 0) return id;
        channel.depositA = amount;
        emit Deposited(id, parties.a, amount, amount);
        _take(parties.token, amount);
    }

    /// @dev Closing moves nothing by itself, so that who is bound by a channel may ask for it, whoever holds its keys.
    function _mayClose(bytes32 id, Parties calldata parties, Channel storage channel) private view returns (bool) {
        if (msg.sender == parties.a || msg.sender == parties.b) return true;
        if (channel.depositA == 0 && channel.depositB == 0) return true;
        return _speaksFor(id, parties.a, msg.sender) || _speaksFor(id, parties.b, msg.sender);
    }

    function _deposit(Parties calldata parties, address participant, uint128 amount) private {
        (bytes32 id, Channel storage channel) = _channel(parties);
        if (channel.state != State.Open) revert WrongState(id, channel.state);
        if (amount == 0) revert NothingToDeposit();
        uint256 deposits = uint256(channel.depositA) + channel.depositB + amount;
        if (deposits > type(uint128).max) revert DepositTooLarge(deposits);
        uint128 total;
        if (participant == parties.a) total = channel.depositA += amount;
        else if (participant == parties.b) total = channel.depositB += amount;
        else revert NotAParty(participant);
        emit Deposited(id, participant, amount, total);
        _take(parties.token, amount);
    }

    function _present(
        Parties calldata parties,
        bytes32 id,
        Channel storage channel,
        Voucher calldata voucher,
        bytes calldata signature
    ) private {
        if (voucher.channelId != id) revert OtherChannel(id, voucher.channelId);
        _signedBy(voucher.payer, hashVoucher(voucher), signature);
        _raise(parties, id, channel, voucher.payer, voucher.cumulative, voucher.seq, voucher.evidence);
    }

    function _hold(Parties calldata parties, ConditionalVoucher calldata voucher, bytes calldata signature) private {
        (bytes32 id, Channel storage channel) = _closing(parties);
        if (block.timestamp >= voucher.expiry) revert TooLate(voucher.expiry);
        uint64 latest = channel.closedAt + maxLock;
        if (voucher.expiry > latest) revert LockTooLong(voucher.expiry, latest);
        _checkConditional(parties, id, channel, voucher, signature);
        uint256 most = uint256(channel.depositA) + channel.depositB;
        most += voucher.payer == parties.a ? channel.cumulativeB : channel.cumulativeA;
        if (voucher.cumulative > most) revert LockTooLarge(voucher.cumulative, most);
        uint64 until = voucher.expiry + channel.challengePeriod;
        if (until > channel.settleableAt) channel.settleableAt = until;
        emit LockHeld(id, voucher.payer, voucher.cumulative, voucher.hashlock, voucher.expiry, channel.settleableAt);
    }

    function _checkConditional(
        Parties calldata parties,
        bytes32 id,
        Channel storage channel,
        ConditionalVoucher calldata voucher,
        bytes calldata signature
    ) private view {
        if (voucher.channelId != id) revert OtherChannel(id, voucher.channelId);
        uint128 presented = _presentedOf(parties, channel, voucher.payer);
        if (voucher.cumulative <= presented) revert NotBetter(voucher.cumulative, presented);
        _signedBy(voucher.payer, hashConditionalVoucher(voucher), signature);
    }

    function _raise(
        Parties calldata parties,
        bytes32 id,
        Channel storage channel,
        address payer,
        uint128 cumulative,
        uint64 seq,
        bytes32 evidence
    ) private {
        uint128 presented = _presentedOf(parties, channel, payer);
        if (cumulative <= presented) revert NotBetter(cumulative, presented);
        if (payer == parties.a) channel.cumulativeA = cumulative;
        else channel.cumulativeB = cumulative;
        emit VoucherPresented(id, payer, cumulative, seq, evidence);
    }

    function _settle(
        bytes32 id,
        Parties calldata parties,
        Channel storage channel,
        uint128 payoutA,
        uint128 payoutB,
        bool cooperative
    ) private {
        (bool obligesA, bool obligesB) = (channel.obligesA, channel.obligesB);
        delete _channels[id];
        _channels[id].state = State.Settled;
        emit ChannelSettled(id, payoutA, payoutB, cooperative);
        if (obligesA) _relieve(id, parties.a);
        if (obligesB) _relieve(id, parties.b);
        _pay(parties.token, parties.a, payoutA);
        _pay(parties.token, parties.b, payoutB);
    }

    function _payouts(Channel storage channel, uint128 paidByA, uint128 paidByB)
        private
        view
        returns (uint128 payoutA, uint128 payoutB)
    {
        uint256 deposits = uint256(channel.depositA) + channel.depositB;
        uint256 plus = uint256(channel.depositB) + paidByA;
        uint256 ofB = plus <= paidByB ? 0 : plus - paidByB;
        if (ofB > deposits) ofB = deposits;
        // Deposits fit 128 bits.
        return (uint128(deposits - ofB), uint128(ofB));
    }

    function _presentedOf(Parties calldata parties, Channel storage channel, address payer)
        private
        view
        returns (uint128)
    {
        if (payer == parties.a) return channel.cumulativeA;
        if (payer == parties.b) return channel.cumulativeB;
        revert NotAParty(payer);
    }

    function _payeeOf(Parties calldata parties, address payer) private pure returns (address) {
        if (payer == parties.a) return parties.b;
        if (payer == parties.b) return parties.a;
        revert NotAParty(payer);
    }

    function _closing(Parties calldata parties) private view returns (bytes32 id, Channel storage channel) {
        (id, channel) = _channel(parties);
        if (channel.state != State.Closing) revert WrongState(id, channel.state);
        if (block.timestamp >= channel.settleableAt) revert TooLate(channel.settleableAt);
    }

    function _channel(Parties calldata parties) private view returns (bytes32 id, Channel storage channel) {
        id = _idOf(parties.token, parties.a, parties.b, parties.openNonce);
        channel = _channels[id];
    }

    function _idOf(address token, address a, address b, uint64 openNonce) private view returns (bytes32) {
        return keccak256(abi.encode(block.chainid, address(this), token, a, b, openNonce));
    }

    function _signedBy(address party, bytes32 digest, bytes calldata signature) private pure {
        (address signer, ECDSA.RecoverError problem,) = ECDSA.tryRecoverCalldata(digest, signature);
        if (problem != ECDSA.RecoverError.NoError || signer != party) revert NotSignedBy(party);
    }
}

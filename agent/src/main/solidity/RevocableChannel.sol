// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {AgreedPayouts, State, States} from "./channels/States.sol";
import {Obligations} from "./channels/Obligations.sol";
import {IRegistry} from "./interfaces/IRegistry.sol";
import {Payouts} from "./payments/Payouts.sol";

/// @title Payment channels with revoked states and a penalty: paper 1's channel, on an EVM (P1-23 to P1-29, P1-34, P1-35)
/// @notice Both sign each new split of the deposits, then each reveals the secret of its own former version. Who closes
/// with a version waits for a delay; anybody who shows that version's secret within it gives everything to the other
/// side. So cheating costs all, where `VoucherChannel` only gains nothing; but an own lost state must never be published.
///
/// | paper 1 | here |
/// | Founding Transaction | `open`, by the state of version 0 that both have signed |
/// | Commitment Transaction | `close` with a state that the other has signed |
/// | sequence number | `delay` |
/// | Breach Remedy Transaction | `punish` |
///
/// Who must be trusted: nobody; no owner, no upgrade, no pause. Signatures are the accounts' own, as in `VoucherChannel`.
contract RevocableChannel is EIP712, Payouts, Obligations {
    using States for State;
    using States for AgreedPayouts;

    enum Phase {
        None,
        Open,
        Closing,
        Settled
    }

    /// @notice What a channel's id commits to. Times in unix seconds; nobody opens it after `openUntil`.
    struct Terms {
        address token;
        address a;
        address b;
        uint64 openNonce;
        uint32 delay;
        uint64 openUntil;
    }

    /// @notice Amounts in the token's base units. `obligesA`: A is a registered pile, which this channel keeps from
    /// leaving. The last three are those of the state that was closed with.
    struct Channel {
        uint128 deposits;
        Phase phase;
        bool obligesA;
        bool obligesB;
        bool closedByA;
        uint64 settleableAt;
        uint128 balanceA;
        uint128 balanceB;
        bytes32 revocation;
    }

    /// @notice Seconds: no delay is shorter. Well above the time in which a chain becomes final (P1-25).
    uint32 public constant SHORTEST_DELAY = 1 hours;

    /// @notice Seconds: a channel's delay lies between these.
    uint32 public immutable minDelay;
    uint32 public immutable maxDelay;

    mapping(bytes32 channelId => Channel) private _channels;

    event ChannelOpened(bytes32 indexed channelId, address indexed a, address indexed b, Terms terms, State first);
    event ChannelClosing(bytes32 indexed channelId, address indexed by, uint64 version, bytes32 revocation, uint64 settleableAt);
    event Punished(bytes32 indexed channelId, address indexed cheat, bytes32 preimage);
    event ChannelSettled(bytes32 indexed channelId, uint128 payoutA, uint128 payoutB);

    error DelaysOutOfOrder();
    error DelayTooShort(uint32 delay, uint32 shortest);
    error DelayOutOfBounds(uint32 delay, uint32 min, uint32 max);
    error PartyNotPossible(address party);
    error NotAParty(address account);
    error WrongPhase(bytes32 channelId, Phase phase);
    /// @notice What is signed is of another channel than the call.
    error OtherChannel(bytes32 channelId, bytes32 ofSigned);
    error NotTheFirst(uint64 version);
    error NotSignedBy(address party);
    error TooLate(uint64 end);
    error NotYet(uint64 settleableAt);
    error PayoutsAreNotDeposits(uint256 payouts, uint256 deposits);
    error NotTheSecret(bytes32 revocation);

    /// @param registry_ of the piles that channels oblige, which has named this contract; 0: none are obliged
    constructor(uint32 minDelay_, uint32 maxDelay_, IRegistry registry_)
        EIP712("Chargepile Revocable Channel", "1")
        Obligations(registry_, maxDelay_)
    {
        if (minDelay_ < SHORTEST_DELAY) revert DelayTooShort(minDelay_, SHORTEST_DELAY);
        if (minDelay_ > maxDelay_) revert DelaysOutOfOrder();
        minDelay = minDelay_;
        maxDelay = maxDelay_;
    }

    /// @notice Opens a channel with what both have signed: the state of version 0, whose balances are the deposits. Either
    /// has approved its own; anybody submits.
    function open(Terms calldata terms, State calldata first, bytes calldata byA, bytes calldata byB)
        external
        nonReentrant
    {
        (bytes32 id, Channel storage channel) = _channel(terms);
        if (channel.phase != Phase.None) revert WrongPhase(id, channel.phase);
        if (block.timestamp > terms.openUntil) revert TooLate(terms.openUntil);
        if (terms.delay < minDelay || terms.delay > maxDelay) {
            revert DelayOutOfBounds(terms.delay, minDelay, maxDelay);
        }
        if (terms.b == terms.a || terms.b == address(this)) revert PartyNotPossible(terms.b);
        if (terms.token.code.length == 0) revert NoToken(terms.token);
        if (first.version != 0) revert NotTheFirst(first.version);
        if (first.channelId != id) revert OtherChannel(id, first.channelId);
        bytes32 digest = hashState(first);
        _signedBy(terms.a, digest, byA);
        _signedBy(terms.b, digest, byB);
        channel.phase = Phase.Open;
        // Reverts where the sum does not fit.
        channel.deposits = first.balanceA + first.balanceB;
        channel.obligesA = _oblige(id, terms.a);
        channel.obligesB = _oblige(id, terms.b);
        emit ChannelOpened(id, terms.a, terms.b, terms, first);
        // Some tokens refuse to move nothing.
        if (first.balanceA != 0) _takeFrom(terms.token, terms.a, first.balanceA);
        if (first.balanceB != 0) _takeFrom(terms.token, terms.b, first.balanceB);
    }

    /// @notice Pays out at once what both have signed. Anybody may submit it.
    function cooperativeClose(
        Terms calldata terms,
        AgreedPayouts calldata agreed,
        bytes calldata byA,
        bytes calldata byB
    ) external nonReentrant {
        (bytes32 id, Channel storage channel) = _channel(terms);
        if (channel.phase != Phase.Open && channel.phase != Phase.Closing) revert WrongPhase(id, channel.phase);
        if (agreed.channelId != id) revert OtherChannel(id, agreed.channelId);
        if (block.timestamp > agreed.deadline) revert TooLate(agreed.deadline);
        _mustBeDeposits(channel, agreed.payoutA, agreed.payoutB);
        bytes32 digest = hashAgreedPayouts(agreed);
        _signedBy(terms.a, digest, byA);
        _signedBy(terms.b, digest, byB);
        _settle(id, terms, channel, agreed.payoutA, agreed.payoutB);
    }

    /// @notice A party closes with a state that the other has signed. Its own signature is this call.
    function close(Terms calldata terms, State calldata state, bytes calldata byOther) external nonReentrant {
        (bytes32 id, Channel storage channel) = _channel(terms);
        if (channel.phase != Phase.Open) revert WrongPhase(id, channel.phase);
        bool isA = msg.sender == terms.a;
        if (!isA && msg.sender != terms.b) revert NotAParty(msg.sender);
        if (state.channelId != id) revert OtherChannel(id, state.channelId);
        _mustBeDeposits(channel, state.balanceA, state.balanceB);
        _signedBy(isA ? terms.b : terms.a, hashState(state), byOther);
        bytes32 revocation = isA ? state.revocationA : state.revocationB;
        uint64 settleableAt = uint64(block.timestamp) + terms.delay;
        channel.phase = Phase.Closing;
        channel.closedByA = isA;
        channel.settleableAt = settleableAt;
        channel.balanceA = state.balanceA;
        channel.balanceB = state.balanceB;
        channel.revocation = revocation;
        emit ChannelClosing(id, msg.sender, state.version, revocation, settleableAt);
    }

    /// @notice Anybody shows, within the delay, that the version closed with was revoked: the other side has everything.
    function punish(Terms calldata terms, bytes32 preimage) external nonReentrant {
        (bytes32 id, Channel storage channel) = _channel(terms);
        if (channel.phase != Phase.Closing) revert WrongPhase(id, channel.phase);
        if (block.timestamp >= channel.settleableAt) revert TooLate(channel.settleableAt);
        if (sha256(abi.encode(preimage)) != channel.revocation) revert NotTheSecret(channel.revocation);
        (bool byA, uint128 deposits) = (channel.closedByA, channel.deposits);
        emit Punished(id, byA ? terms.a : terms.b, preimage);
        _settle(id, terms, channel, byA ? 0 : deposits, byA ? deposits : 0);
    }

    /// @notice Pays out by the state closed with, after the delay. Anybody may call; with 600 000 gas it never fails.
    function settle(Terms calldata terms) external nonReentrant {
        (bytes32 id, Channel storage channel) = _channel(terms);
        if (channel.phase != Phase.Closing) revert WrongPhase(id, channel.phase);
        if (block.timestamp < channel.settleableAt) revert NotYet(channel.settleableAt);
        _settle(id, terms, channel, channel.balanceA, channel.balanceB);
    }

    function channelIdOf(Terms calldata terms) external view returns (bytes32) {
        return _idOf(terms);
    }

    function channelOf(bytes32 channelId) external view returns (Channel memory) {
        return _channels[channelId];
    }

    /// @notice What both sign (EIP-712).
    function hashState(State calldata state) public view returns (bytes32) {
        return _hashTypedDataV4(state.hash());
    }

    function hashAgreedPayouts(AgreedPayouts calldata agreed) public view returns (bytes32) {
        return _hashTypedDataV4(agreed.hash());
    }

    function _settle(bytes32 id, Terms calldata terms, Channel storage channel, uint128 payoutA, uint128 payoutB)
        private
    {
        (bool obligesA, bool obligesB) = (channel.obligesA, channel.obligesB);
        delete _channels[id];
        _channels[id].phase = Phase.Settled;
        emit ChannelSettled(id, payoutA, payoutB);
        if (obligesA) _relieve(id, terms.a);
        if (obligesB) _relieve(id, terms.b);
        _pay(terms.token, terms.a, payoutA);
        _pay(terms.token, terms.b, payoutB);
    }

    function _mustBeDeposits(Channel storage channel, uint128 toA, uint128 toB) private view {
        uint256 payouts = uint256(toA) + toB;
        if (payouts != channel.deposits) revert PayoutsAreNotDeposits(payouts, channel.deposits);
    }

    function _channel(Terms calldata terms) private view returns (bytes32 id, Channel storage channel) {
        id = _idOf(terms);
        channel = _channels[id];
    }

    function _idOf(Terms calldata terms) private view returns (bytes32) {
        return keccak256(abi.encode(block.chainid, address(this), terms));
    }

    function _signedBy(address party, bytes32 digest, bytes calldata signature) private pure {
        (address signer, ECDSA.RecoverError problem,) = ECDSA.tryRecoverCalldata(digest, signature);
        if (problem != ECDSA.RecoverError.NoError || signer != party) revert NotSignedBy(party);
    }
}

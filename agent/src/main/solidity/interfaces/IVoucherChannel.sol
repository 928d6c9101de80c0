// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title What a voucher channel consists of, what it tells its watchers, and why it refuses
interface IVoucherChannel {
    enum State {
        None,
        Open,
        Closing,
        Settled
    }

    /// @notice What a channel's id commits to. `a` is who opened it and chose `openNonce`.
    struct Parties {
        address token;
        address a;
        address b;
        uint64 openNonce;
    }

    /// @notice Amounts are in the token's base units, times in unix seconds. `cumulativeA` is what A has paid to B by
    /// the best voucher presented. `obligesA`: A is a registered pile, which this channel keeps from leaving. A settled
    /// channel keeps its state alone.
    struct Channel {
        uint128 depositA;
        uint128 depositB;
        uint128 cumulativeA;
        uint128 cumulativeB;
        State state;
        uint32 challengePeriod;
        uint64 closedAt;
        uint64 settleableAt;
        bool obligesA;
        bool obligesB;
    }

    event ChannelOpened(
        bytes32 indexed channelId,
        address indexed a,
        address indexed b,
        address token,
        uint64 openNonce,
        uint32 challengePeriod
    );
    event Deposited(bytes32 indexed channelId, address indexed participant, uint128 amount, uint128 deposit);
    event CloseRequested(bytes32 indexed channelId, address indexed by, uint64 settleableAt);
    event VoucherPresented(
        bytes32 indexed channelId, address indexed payer, uint128 cumulative, uint64 seq, bytes32 evidence
    );
    event LockHeld(
        bytes32 indexed channelId, address indexed payer, uint128 cumulative, bytes32 hashlock, uint64 expiry, uint64 settleableAt
    );
    event Renounced(bytes32 indexed channelId, address indexed by);
    event ChannelSettled(bytes32 indexed channelId, uint128 payoutA, uint128 payoutB, bool cooperative);

    error PeriodsOutOfOrder();
    error PeriodTooShort(uint32 period, uint32 shortest);
    error PeriodOutOfBounds(uint32 period, uint32 min, uint32 max);
    /// @notice The two parties must be two accounts, neither zero nor this contract.
    error PartyNotPossible(address party);
    error NotAParty(address account);
    error ChannelExists(bytes32 channelId);
    error WrongState(bytes32 channelId, State state);
    error DepositTooLarge(uint256 deposits);
    error NothingToDeposit();
    /// @notice The voucher is of another channel than the call.
    error OtherChannel(bytes32 channelId, bytes32 ofVoucher);
    error NotSignedBy(address party);
    error NotBetter(uint128 cumulative, uint128 presented);
    error TooLate(uint64 end);
    error NotYet(uint64 settleableAt);
    /// @notice The preimage is of another hash, or became public at or after the expiry.
    error LockNotOpened(bytes32 hashlock, uint64 registeredAt, uint64 expiry);
    error LockTooLong(uint64 expiry, uint64 latest);
    /// @notice More than the payee can ever be paid by it, unless a better voucher of its own is presented before.
    error LockTooLarge(uint128 cumulative, uint256 most);
    error NotThePayee(address caller);
}

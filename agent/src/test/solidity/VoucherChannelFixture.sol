// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ConditionalVoucher, CooperativeClose, Voucher} from "../../main/solidity/channels/Vouchers.sol";
import {IRegistry} from "../../main/solidity/interfaces/IRegistry.sol";
import {IVoucherChannel} from "../../main/solidity/interfaces/IVoucherChannel.sol";
import {Permit} from "../../main/solidity/payments/Payouts.sol";
import {VoucherChannel} from "../../main/solidity/VoucherChannel.sol";
import {Test} from "./foundry/Test.sol";
import {Money} from "./tokens/Money.sol";

/// A car (A), a pile (B), somebody else, money, and channels between the two.
abstract contract VoucherChannelFixture is Test {
    uint32 internal constant HOUR = 3600;
    uint32 internal constant DAY = 24 * HOUR;
    uint32 internal constant MAX_LOCK = 7 * DAY;
    IRegistry internal constant NO_REGISTRY = IRegistry(address(0));

    uint256 internal carKey;
    uint256 internal pileKey;
    address internal car;
    address internal pile;
    address internal other;
    Money internal money;
    VoucherChannel internal channels;

    function setUp() public virtual {
        vm.warp(1_800_000_000);
        (carKey, car) = keyOf("car");
        (pileKey, pile) = keyOf("pile");
        other = accountOf("somebody else");
        money = new Money();
        channels = new VoucherChannel(HOUR, 30 * DAY, MAX_LOCK, NO_REGISTRY);
    }

    function parties(uint64 openNonce) internal view returns (IVoucherChannel.Parties memory) {
        return IVoucherChannel.Parties(address(money), car, pile, openNonce);
    }

    /// A channel with these deposits, open.
    function opened(uint64 openNonce, uint128 depositA, uint128 depositB)
        internal
        returns (IVoucherChannel.Parties memory of_, bytes32 id)
    {
        of_ = parties(openNonce);
        fund(car, depositA);
        vm.prank(car);
        id = channels.open(address(money), pile, openNonce, DAY, depositA);
        if (depositB > 0) {
            fund(pile, depositB);
            vm.prank(pile);
            channels.deposit(of_, pile, depositB);
        }
    }

    function fund(address account, uint256 amount) internal {
        money.mint(account, amount);
        vm.prank(account);
        money.approve(address(channels), type(uint256).max);
    }

    /// The car's permit of this amount for the channels, valid now.
    function permitFor(uint256 amount) internal view returns (Permit memory) {
        bytes32 type_ =
            keccak256("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)");
        bytes32 struct_ =
            keccak256(abi.encode(type_, car, address(channels), amount, money.nonces(car), block.timestamp));
        (uint8 v, bytes32 r, bytes32 s) =
            vm.sign(carKey, keccak256(abi.encodePacked(hex"1901", money.DOMAIN_SEPARATOR(), struct_)));
        return Permit(block.timestamp, v, r, s);
    }

    function voucher(bytes32 id, address payer, uint128 cumulative) internal pure returns (Voucher memory) {
        return Voucher(id, payer, cumulative, 1, keccak256("meter record"));
    }

    function conditional(bytes32 id, address payer, uint128 cumulative, bytes32 preimage, uint64 expiry)
        internal
        pure
        returns (ConditionalVoucher memory)
    {
        return ConditionalVoucher(id, payer, cumulative, 1, 0, sha256(abi.encode(preimage)), expiry);
    }

    function keyFor(address payer) internal view returns (uint256) {
        return payer == car ? carKey : pileKey;
    }

    function signed(Voucher memory v) internal view returns (bytes memory) {
        return sign(keyFor(v.payer), channels.hashVoucher(v));
    }

    function signed(ConditionalVoucher memory v) internal view returns (bytes memory) {
        return sign(keyFor(v.payer), channels.hashConditionalVoucher(v));
    }

    function signed(uint256 key, CooperativeClose memory agreed) internal view returns (bytes memory) {
        return sign(key, channels.hashCooperativeClose(agreed));
    }

    /// The payee of `payer` asks to close with a voucher of this amount; 0: with none.
    function closedWith(IVoucherChannel.Parties memory of_, bytes32 id, address payer, uint128 cumulative) internal {
        Voucher memory v = voucher(id, payer, cumulative);
        bytes memory signature = cumulative == 0 ? bytes("") : signed(v);
        vm.prank(payer == car ? pile : car);
        channels.requestClose(of_, v, signature);
    }

    function challengedWith(IVoucherChannel.Parties memory of_, bytes32 id, address payer, uint128 cumulative)
        internal
    {
        Voucher memory v = voucher(id, payer, cumulative);
        bytes memory signature = signed(v);
        vm.prank(other);
        channels.challenge(of_, v, signature);
    }

    function settledAfter(IVoucherChannel.Parties memory of_, uint256 seconds_) internal {
        vm.warp(block.timestamp + seconds_);
        vm.prank(other);
        channels.settle(of_);
    }

    function stateOf(bytes32 id) internal view returns (IVoucherChannel.State) {
        return channels.channelOf(id).state;
    }

    function assertState(bytes32 id, IVoucherChannel.State expected) internal view {
        assertEq(uint256(stateOf(id)), uint256(expected), "state");
    }

    function assertPaid(uint256 toCar, uint256 toPile) internal view {
        assertEq(money.balanceOf(car), toCar, "the car's money");
        assertEq(money.balanceOf(pile), toPile, "the pile's money");
    }
}

// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {ConditionalVoucher, CooperativeClose, Voucher} from "../../main/solidity/channels/Vouchers.sol";
import {IVoucherChannel} from "../../main/solidity/interfaces/IVoucherChannel.sol";
import {Permit} from "../../main/solidity/payments/Payouts.sol";
import {VoucherChannel} from "../../main/solidity/VoucherChannel.sol";
import {VoucherChannelFixture} from "./VoucherChannelFixture.sol";

/// An account that once was a plain one and now says of every signature that it is, or is not, its own (ERC-1271).
contract Wallet {
    bytes4 private immutable _answer;

    constructor(bytes4 answer) {
        _answer = answer;
    }

    function isValidSignature(bytes32, bytes calldata) external view returns (bytes4) {
        return _answer;
    }
}

/// Signatures where they do not belong, and parties that do not play fair.
contract VoucherChannelAttacksTest is VoucherChannelFixture {
    uint256 private constant ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141;

    IVoucherChannel.Parties private of_;
    bytes32 private id;

    function setUp() public override {
        super.setUp();
        (of_, id) = opened(1, 100, 20);
        closedWith(of_, id, car, 0);
    }

    function refused(Voucher memory v, bytes memory signature) private {
        vm.expectRevert(abi.encodeWithSelector(IVoucherChannel.NotSignedBy.selector, v.payer));
        channels.challenge(of_, v, signature);
    }

    // Replay

    function test_aVoucherOfAnotherChannelIsRefused() public {
        (, bytes32 otherId) = opened(2, 100, 0);
        Voucher memory v = voucher(otherId, car, 50);
        bytes memory signature = signed(v);
        vm.expectRevert(abi.encodeWithSelector(IVoucherChannel.OtherChannel.selector, id, otherId));
        channels.challenge(of_, v, signature);
        v.channelId = id;
        refused(v, signature);
    }

    function test_aVoucherForAnotherContractIsRefused() public {
        Voucher memory v = voucher(id, car, 50);
        bytes32 digest = new VoucherChannel(HOUR, DAY, MAX_LOCK, NO_REGISTRY).hashVoucher(v);
        refused(v, sign(carKey, digest));
    }

    function test_aVoucherForAnotherChainIsRefused() public {
        Voucher memory v = voucher(id, car, 50);
        vm.chainId(block.chainid + 1);
        bytes32 digest = channels.hashVoucher(v);
        bytes32 idThere = channels.channelIdOf(of_);
        vm.chainId(block.chainid - 1);
        assertNotEq(idThere, id, "the id names the chain too");
        refused(v, sign(carKey, digest));
    }

    function test_oneTypeIsNotTakenForAnother() public {
        ConditionalVoucher memory c = conditional(id, car, 50, "R", uint64(block.timestamp + HOUR));
        bytes memory byConditional = signed(c);
        Voucher memory v = Voucher(c.channelId, c.payer, c.cumulative, c.seq, c.evidence);
        bytes memory byVoucher = signed(v);
        refused(v, byConditional);
        vm.expectRevert(abi.encodeWithSelector(IVoucherChannel.NotSignedBy.selector, car));
        channels.redeem(of_, c, "R", byVoucher);
        CooperativeClose memory agreed = CooperativeClose(id, 100, 20, uint64(block.timestamp));
        vm.expectRevert(abi.encodeWithSelector(IVoucherChannel.NotSignedBy.selector, car));
        channels.cooperativeClose(of_, agreed, byVoucher, byVoucher);
    }

    function test_anAgreementOfAnotherChannelIsRefused() public {
        (, bytes32 otherId) = opened(2, 100, 20);
        CooperativeClose memory agreed = CooperativeClose(otherId, 0, 120, uint64(block.timestamp));
        (bytes memory byCar, bytes memory byPile) = (signed(carKey, agreed), signed(pileKey, agreed));
        vm.expectRevert(abi.encodeWithSelector(IVoucherChannel.OtherChannel.selector, id, otherId));
        channels.cooperativeClose(of_, agreed, byCar, byPile);
    }

    function test_noFieldOfAVoucherCanBeAltered() public {
        Voucher memory v = voucher(id, car, 50);
        bytes memory signature = signed(v);
        Voucher memory altered = voucher(id, car, 51);
        refused(altered, signature);
        altered = voucher(id, pile, 50);
        refused(altered, signature);
        altered = voucher(id, car, 50);
        altered.seq++;
        refused(altered, signature);
        altered = voucher(id, car, 50);
        altered.evidence = 0;
        refused(altered, signature);
        channels.challenge(of_, v, signature);
    }

    function test_aLockCanNotBeAltered() public {
        uint64 expiry = uint64(block.timestamp + HOUR);
        ConditionalVoucher memory v = conditional(id, car, 50, "R", expiry);
        bytes memory signature = signed(v);
        ConditionalVoucher memory longer = conditional(id, car, 50, "R", expiry + 1);
        vm.expectRevert(abi.encodeWithSelector(IVoucherChannel.NotSignedBy.selector, car));
        channels.redeem(of_, longer, "R", signature);
        vm.expectRevert(abi.encodeWithSelector(IVoucherChannel.NotSignedBy.selector, car));
        vm.prank(pile);
        channels.hold(of_, longer, signature);
        ConditionalVoucher memory easier = conditional(id, car, 50, "S", expiry);
        vm.expectRevert(abi.encodeWithSelector(IVoucherChannel.NotSignedBy.selector, car));
        channels.redeem(of_, easier, "S", signature);
        assertEq(channels.registeredAt(easier.hashlock), 0, "a refused call registers nothing");
    }

    // Signatures

    function test_theOtherOfTheTwoSignaturesOfAVoucherIsRefused() public {
        Voucher memory v = voucher(id, car, 50);
        (uint8 yParity, bytes32 r, bytes32 s) = vm.sign(carKey, channels.hashVoucher(v));
        bytes32 high = bytes32(ORDER - uint256(s));
        refused(v, abi.encodePacked(r, high, yParity == 27 ? uint8(28) : uint8(27)));
    }

    function test_vIs27Or28AndASignatureHas65Bytes() public {
        Voucher memory v = voucher(id, car, 50);
        (uint8 yParity, bytes32 r, bytes32 s) = vm.sign(carKey, channels.hashVoucher(v));
        refused(v, abi.encodePacked(r, s, yParity - 27));
        refused(v, abi.encodePacked(r, s, yParity, uint8(0)));
        refused(v, abi.encodePacked(r, s));
        refused(v, "");
        refused(v, abi.encodePacked(bytes32(0), bytes32(0), uint8(27)));
        refused(v, abi.encodePacked(r, bytes32(ORDER / 2 + 1), yParity));
    }

    function testFuzz_noOtherKeySignsForAParty(uint256 key, uint128 cumulative) public {
        key = bound(key, 1, ORDER - 1);
        vm.assume(key != carKey);
        Voucher memory v = voucher(id, car, uint128(bound(cumulative, 1, type(uint128).max)));
        refused(v, sign(key, channels.hashVoucher(v)));
    }

    function test_aStrangerIsNoPayer() public {
        (uint256 key, address stranger) = keyOf("stranger");
        Voucher memory v = voucher(id, stranger, 50);
        bytes memory signature = sign(key, channels.hashVoucher(v));
        vm.expectRevert(abi.encodeWithSelector(IVoucherChannel.NotAParty.selector, stranger));
        channels.challenge(of_, v, signature);
    }

    function test_thePayerOfNothingIsNobody() public {
        Voucher memory v = voucher(id, address(0), 50);
        refused(v, abi.encodePacked(bytes32(0), bytes32(0), uint8(27)));
    }

    function test_aPayerThatBecomesAContractTakesNothingBack() public {
        Voucher memory v = voucher(id, car, 50);
        bytes memory signature = signed(v);
        vm.etch(car, address(new Wallet(0xffffffff)).code);
        channels.challenge(of_, v, signature);
        (, uint128 toPile) = channels.payoutsOf(id);
        assertEq(toPile, 70, "by the voucher that it had signed");
    }

    function test_aContractThatSaysYesToEverythingSignsNothing() public {
        Voucher memory v = voucher(id, car, 50);
        vm.etch(car, address(new Wallet(0x1626ba7e)).code);
        refused(v, hex"1234");
    }

    // Permit

    function test_aPermitSubmittedByAnotherFirstDoesNoHarm() public {
        money.mint(car, 50);
        Permit memory permit = permitFor(50);
        vm.prank(other);
        money.permit(car, address(channels), 50, permit.deadline, permit.v, permit.r, permit.s);
        vm.prank(car);
        bytes32 opened_ = channels.openWithPermit(address(money), pile, 3, DAY, 50, permit);
        assertEq(channels.channelOf(opened_).depositA, 50, "deposit");
        fund(car, 5);
        vm.prank(car);
        channels.depositWithPermit(parties(3), pile, 5, permit);
        assertEq(channels.channelOf(opened_).depositB, 5, "deposit");
    }

    // What nobody can do

    function test_whoOpensOrDepositsSpendsItsOwnMoneyOnly() public {
        (IVoucherChannel.Parties memory open_, bytes32 openId) = opened(2, 100, 0);
        fund(car, 1000);
        fund(pile, 1000);
        fund(other, 50);
        vm.startPrank(other);
        bytes32 own = channels.open(address(money), pile, 1, DAY, 30);
        channels.deposit(open_, car, 10);
        channels.deposit(open_, pile, 10);
        bytes memory tooLittle =
            abi.encodeWithSelector(IERC20Errors.ERC20InsufficientBalance.selector, other, 0, 1);
        vm.expectRevert(tooLittle);
        channels.open(address(money), pile, 2, DAY, 1);
        vm.expectRevert(tooLittle);
        channels.deposit(open_, car, 1);
        vm.stopPrank();
        assertPaid(1000, 1000);
        assertEq(money.balanceOf(other), 0, "the caller's money");
        assertEq(channels.channelOf(own).depositA, 30, "its own channel");
        assertEq(channels.channelOf(openId).depositA, 110, "deposit of A");
        assertEq(channels.channelOf(openId).depositB, 10, "deposit of B");
    }

    function test_settledIsTheEnd() public {
        Voucher memory v = voucher(id, car, 50);
        bytes memory signature = signed(v);
        CooperativeClose memory agreed = CooperativeClose(id, 100, 20, type(uint64).max);
        (bytes memory byCar, bytes memory byPile) = (signed(carKey, agreed), signed(pileKey, agreed));
        settledAfter(of_, DAY);
        bytes memory refusal =
            abi.encodeWithSelector(IVoucherChannel.WrongState.selector, id, IVoucherChannel.State.Settled);
        vm.expectRevert(refusal);
        channels.settle(of_);
        vm.expectRevert(refusal);
        channels.challenge(of_, v, signature);
        vm.expectRevert(refusal);
        channels.cooperativeClose(of_, agreed, byCar, byPile);
        vm.expectRevert(refusal);
        vm.prank(car);
        channels.requestClose(of_, v, "");
        vm.expectRevert(refusal);
        channels.deposit(of_, car, 1);
        assertEq(money.balanceOf(address(channels)), 0, "nothing left");
    }
}

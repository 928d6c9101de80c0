// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {Voucher} from "../../main/solidity/channels/Vouchers.sol";
import {IVoucherChannel} from "../../main/solidity/interfaces/IVoucherChannel.sol";
import {Payouts} from "../../main/solidity/payments/Payouts.sol";
import {OddMoney} from "./tokens/OddMoney.sol";
import {VoucherChannelFixture} from "./VoucherChannelFixture.sol";

/// Tokens that take fees, pause, refuse accounts, lie, burn gas or call back: a channel still settles (P2-14), and
/// pays the other side.
contract VoucherChannelTokensTest is VoucherChannelFixture {
    OddMoney private odd;
    IVoucherChannel.Parties private of_;
    bytes32 private id;

    function setUp() public override {
        super.setUp();
        odd = new OddMoney();
        of_ = IVoucherChannel.Parties(address(odd), car, pile, 1);
        odd.mint(car, 100);
        odd.mint(other, 1000);
        vm.prank(other);
        odd.approve(address(channels), 1000);
        vm.startPrank(car);
        odd.approve(address(channels), 100);
        id = channels.open(address(odd), pile, 1, DAY, 100);
        vm.stopPrank();
    }

    function closing(uint128 cumulative) private {
        closedWith(of_, id, car, cumulative);
        vm.warp(block.timestamp + DAY);
    }

    function refusedCallBack() private view {
        assertFalse(odd.callBackSucceeded(), "the call back is refused");
        assertEq(
            bytes32(odd.callBackError()),
            bytes32(ReentrancyGuardTransient.ReentrancyGuardReentrantCall.selector),
            "for what it is"
        );
    }

    function test_aTokenThatTakesAFeeIsNotTaken() public {
        odd.become(OddMoney.Quirk.TakesFee);
        vm.expectRevert(abi.encodeWithSelector(Payouts.NotExact.selector, address(odd), 200, 198));
        vm.prank(other);
        channels.deposit(of_, pile, 200);
    }

    function test_aTokenThatSaysNoIsNotTaken() public {
        odd.become(OddMoney.Quirk.ReturnsFalse);
        vm.expectRevert(abi.encodeWithSelector(SafeERC20.SafeERC20FailedOperation.selector, address(odd)));
        vm.prank(other);
        channels.deposit(of_, pile, 200);
    }

    function test_aTokenThatSaysNothingIsAsGoodAsOneThatSaysYes() public {
        odd.become(OddMoney.Quirk.ReturnsNothing);
        vm.prank(other);
        channels.deposit(of_, pile, 50);
        closing(30);
        channels.settle(of_);
        assertEq(odd.balanceOf(car), 70, "the car's");
        assertEq(odd.balanceOf(pile), 80, "the pile's");
    }

    function test_whatAPausedTokenDoesNotPayIsKeptAndClaimed() public {
        closing(30);
        odd.become(OddMoney.Quirk.Paused);
        vm.expectEmit(address(channels));
        emit Payouts.PayoutKept(car, address(odd), 70);
        vm.expectEmit(address(channels));
        emit Payouts.PayoutKept(pile, address(odd), 30);
        channels.settle(of_);
        vm.prank(car);
        vm.expectRevert("paused");
        channels.claim(address(odd), car);
        assertEq(channels.owed(car, address(odd)), 70, "still owed");
        odd.become(OddMoney.Quirk.None);
        vm.expectEmit(address(channels));
        emit Payouts.Claimed(car, address(odd), car, 70);
        vm.prank(car);
        channels.claim(address(odd), car);
        assertEq(odd.balanceOf(car), 70, "the car's");
        vm.prank(car);
        vm.expectRevert(abi.encodeWithSelector(Payouts.NothingOwed.selector, car, address(odd)));
        channels.claim(address(odd), car);
    }

    function test_anAccountOnTheBlackListDoesNotHoldUpTheOtherAndClaimsElsewhere() public {
        closing(30);
        odd.blackList(car);
        channels.settle(of_);
        assertEq(odd.balanceOf(pile), 30, "the pile's");
        assertEq(channels.owed(car, address(odd)), 70, "owed");
        vm.prank(car);
        channels.claim(address(odd), other);
        assertEq(odd.balanceOf(other), 1070, "where the car wanted it");
    }

    function test_nobodyClaimsWhatAnotherIsOwed() public {
        closing(30);
        odd.become(OddMoney.Quirk.Paused);
        channels.settle(of_);
        odd.become(OddMoney.Quirk.None);
        vm.expectRevert(abi.encodeWithSelector(Payouts.NothingOwed.selector, other, address(odd)));
        vm.prank(other);
        channels.claim(address(odd), other);
    }

    function test_neitherGasNorAnswersOfATokenStopASettlement() public {
        OddMoney.Quirk[3] memory quirks =
            [OddMoney.Quirk.BurnsGas, OddMoney.Quirk.LongAnswer, OddMoney.Quirk.ReturnsFalse];
        for (uint256 i = 0; i < quirks.length; i++) {
            uint256 before = vm.snapshotState();
            closing(30);
            odd.become(quirks[i]);
            channels.settle{gas: 600_000}(of_);
            assertEq(channels.owed(car, address(odd)), 70, "the car is owed");
            assertEq(channels.owed(pile, address(odd)), 30, "the pile is owed");
            assertState(id, IVoucherChannel.State.Settled);
            vm.revertToState(before);
        }
    }

    function test_aCallerCanNotStarveTheTransfersOfGas() public {
        closing(30);
        odd.become(OddMoney.Quirk.WantsGas);
        for (uint256 gas_ = 60_000; gas_ < 600_000; gas_ += 20_000) {
            uint256 before = vm.snapshotState();
            (bool done,) = address(channels).call{gas: gas_}(abi.encodeCall(channels.settle, (of_)));
            assertEq(channels.owed(car, address(odd)), 0, "paid or not settled");
            assertEq(channels.owed(pile, address(odd)), 0, "paid or not settled");
            assertEq(odd.balanceOf(pile), done ? 30 : 0, "paid or not settled");
            vm.revertToState(before);
        }
    }

    function test_aTokenThatCallsBackChangesNothingTwice() public {
        closing(30);
        bytes[4] memory calls = [
            abi.encodeCall(channels.settle, (of_)),
            abi.encodeCall(channels.claim, (address(odd), address(odd))),
            abi.encodeCall(channels.deposit, (of_, car, 1)),
            abi.encodeCall(channels.open, (address(odd), pile, 9, DAY, 0))
        ];
        for (uint256 i = 0; i < calls.length; i++) {
            uint256 before = vm.snapshotState();
            odd.callBack(address(channels), calls[i]);
            channels.settle(of_);
            assertTrue(odd.calledBack(), "called back");
            refusedCallBack();
            assertEq(odd.balanceOf(car), 70, "the car's");
            assertEq(odd.balanceOf(pile), 30, "the pile's");
            vm.revertToState(before);
        }
    }

    function test_aTokenThatCallsBackWhileItIsTakenChangesNothing() public {
        odd.callBack(address(channels), abi.encodeCall(channels.deposit, (of_, pile, 50)));
        vm.prank(other);
        channels.deposit(of_, pile, 50);
        assertTrue(odd.calledBack(), "called back");
        refusedCallBack();
        assertEq(channels.channelOf(id).depositB, 50, "once");
    }
}

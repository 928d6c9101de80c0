// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ConditionalVoucher, CooperativeClose, Voucher} from "../../main/solidity/channels/Vouchers.sol";
import {IVoucherChannel} from "../../main/solidity/interfaces/IVoucherChannel.sol";
import {Permit} from "../../main/solidity/payments/Payouts.sol";
import {VoucherChannelFixture} from "./VoucherChannelFixture.sol";

/// What each step costs as a transaction of its own, with OpenZeppelin's ERC-20; kept in snapshots/VoucherChannel.json.
/// forge-config: default.isolate = true
contract VoucherChannelGasTest is VoucherChannelFixture {
    IVoucherChannel.Parties private of_;
    bytes32 private id;

    function setUp() public override {
        super.setUp();
        // Accounts that had money before, and a contract that had some: as in its daily life.
        money.mint(car, 1e9);
        money.mint(pile, 1e9);
        money.mint(address(channels), 1);
        (of_, id) = opened(1, 1e6, 0);
    }

    function test_open() public {
        fund(car, 1e6);
        vm.prank(car);
        channels.open(address(money), pile, 2, DAY, 1e6);
        vm.snapshotGasLastCall("VoucherChannel", "open with deposit");
    }

    function test_openWithPermit() public {
        Permit memory permit = permitFor(1e6);
        vm.prank(car);
        channels.openWithPermit(address(money), pile, 2, DAY, 1e6, permit);
        vm.snapshotGasLastCall("VoucherChannel", "open with deposit by permit");
    }

    function test_deposit() public {
        fund(pile, 1e6);
        vm.prank(pile);
        channels.deposit(of_, pile, 1e6);
        vm.snapshotGasLastCall("VoucherChannel", "second deposit");
    }

    function test_cooperativeClose() public {
        CooperativeClose memory agreed = CooperativeClose(id, 4e5, 0, uint64(block.timestamp));
        (bytes memory byCar, bytes memory byPile) = (signed(carKey, agreed), signed(pileKey, agreed));
        channels.cooperativeClose(of_, agreed, byCar, byPile);
        vm.snapshotGasLastCall("VoucherChannel", "cooperative close");
    }

    function test_dispute() public {
        Voucher memory first = voucher(id, car, 3e5);
        bytes memory signature = signed(first);
        vm.prank(pile);
        channels.requestClose(of_, first, signature);
        vm.snapshotGasLastCall("VoucherChannel", "request close with a voucher");
        Voucher memory back = voucher(id, pile, 1e5);
        signature = signed(back);
        channels.challenge(of_, back, signature);
        vm.snapshotGasLastCall("VoucherChannel", "challenge");
        vm.warp(block.timestamp + DAY);
        channels.settle(of_);
        vm.snapshotGasLastCall("VoucherChannel", "settle");
    }

    function test_lock() public {
        ConditionalVoucher memory v = conditional(id, car, 6e5, "R", uint64(block.timestamp + HOUR));
        bytes memory signature = signed(v);
        closedWith(of_, id, car, 3e5);
        vm.prank(pile);
        channels.hold(of_, v, signature);
        vm.snapshotGasLastCall("VoucherChannel", "hold a lock");
        channels.redeem(of_, v, "R", signature);
        vm.snapshotGasLastCall("VoucherChannel", "redeem a lock with its preimage");
        channels.registerPreimage("S");
        vm.snapshotGasLastCall("VoucherChannel", "register a preimage");
    }
}

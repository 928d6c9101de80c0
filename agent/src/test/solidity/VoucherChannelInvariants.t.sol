// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IVoucherChannel} from "../../main/solidity/interfaces/IVoucherChannel.sol";
import {Test} from "./foundry/Test.sol";
import {VoucherChannelHandler} from "./VoucherChannelHandler.sol";

/// What must hold after whatever the handler did. That settle never fails after the window, that a challenge moves money
/// to its payee alone, that settled is the end and that a voucher counts in its own channel only, the handler checks as it
/// goes; the gas snapshot is checked by VoucherChannelGas.
contract VoucherChannelInvariantsTest is Test {
    VoucherChannelHandler private handler;

    function setUp() public {
        vm.warp(1_800_000_000);
        handler = new VoucherChannelHandler();
        targetContract(address(handler));
    }

    /// forge-config: default.invariant.runs = 40
    /// forge-config: default.invariant.depth = 100
    function invariant_nothingIsLostAndNobodyHasMoreThanTheirs() public view {
        payoutsAreTheDeposits();
        theContractHoldsWhatItOwesToTheUnit();
        thePayeeHasByTheBestVoucherPresented();
        theContractAgreesWithTheModel();
    }

    /// The handler is worth something only if every way is gone.
    function test_everyWayIsGone() public {
        uint256[8] memory ways;
        uint256 seed = 1;
        for (uint256 life = 0; life < 8; life++) {
            setUp();
            for (uint256 i = 0; i < 150; i++) {
                seed = uint256(keccak256(abi.encode(seed)));
                step(seed % 20, seed >> 8);
            }
            invariant_nothingIsLostAndNobodyHasMoreThanTheirs();
            ways[0] += handler.settlements();
            ways[1] += handler.disputed();
            ways[2] += handler.holds();
            ways[3] += handler.redemptions();
            ways[4] += handler.agreements();
            ways[5] += handler.renunciations();
            ways[6] += handler.claims();
            ways[7] += handler.refusals();
        }
        for (uint256 i = 0; i < ways.length; i++) assertGt(ways[i], 0, vm.toString(i));
    }

    function step(uint256 what, uint256 seed) private {
        (bool flag, uint128 amount) = (seed & 1 == 1, uint128(seed >> 100));
        if (what < 4) handler.open(seed, seed >> 8, amount);
        else if (what < 6) handler.deposit(seed, seed >> 8, flag, amount);
        else if (what < 9) handler.requestClose(seed >> 8, flag, amount);
        else if (what < 12) handler.challenge(seed >> 8, seed >> 16, flag, amount);
        else if (what < 15) handler.lock(seed >> 8, flag, amount, seed >> 16, uint32(seed >> 24), seed & 2 == 2);
        else if (what == 15) handler.cooperativeClose(seed >> 8, amount, uint128(seed >> 120));
        else if (what == 16) handler.renounce(seed >> 8, flag);
        else if (what == 17) handler.settle(seed >> 8, seed, flag);
        else if (what == 18) handler.trouble(uint8(seed >> 8), seed);
        else if (flag) handler.claim(seed >> 8);
        else handler.pass(uint32(seed >> 8));
    }

    function payoutsAreTheDeposits() private view {
        for (uint256 i = 0; i < handler.count(); i++) {
            VoucherChannelHandler.Model memory model = handler.modelOf(i);
            if (model.state != IVoucherChannel.State.Settled) continue;
            assertEq(model.paidA + model.paidB, model.depositA + model.depositB, "payouts");
        }
    }

    function theContractHoldsWhatItOwesToTheUnit() private view {
        uint256 liabilities = handler.donated();
        for (uint256 i = 0; i < handler.count(); i++) {
            VoucherChannelHandler.Model memory model = handler.modelOf(i);
            if (model.state != IVoucherChannel.State.Settled) liabilities += model.depositA + model.depositB;
        }
        for (uint256 i = 0; i < 3; i++) {
            liabilities += handler.channels().owed(handler.accounts(i), address(handler.money()));
        }
        assertEq(handler.money().balanceOf(address(handler.channels())), liabilities, "liabilities");
    }

    function thePayeeHasByTheBestVoucherPresented() private view {
        for (uint256 i = 0; i < handler.count(); i++) {
            VoucherChannelHandler.Model memory model = handler.modelOf(i);
            if (model.state != IVoucherChannel.State.Closing) continue;
            (, uint128 toB) = handler.channels().payoutsOf(model.id);
            assertEq(toB, handler.payoutOfB(model), "payout of B");
        }
    }

    function theContractAgreesWithTheModel() private view {
        for (uint256 i = 0; i < handler.count(); i++) {
            VoucherChannelHandler.Model memory model = handler.modelOf(i);
            IVoucherChannel.Channel memory channel = handler.channels().channelOf(model.id);
            assertEq(uint256(channel.state), uint256(model.state), "state");
            if (model.state == IVoucherChannel.State.Settled) continue;
            assertEq(channel.depositA, model.depositA, "deposit of A");
            assertEq(channel.depositB, model.depositB, "deposit of B");
            assertEq(channel.cumulativeA, model.bestA, "best voucher of A");
            assertEq(channel.cumulativeB, model.bestB, "best voucher of B");
            assertEq(channel.settleableAt, model.settleableAt, "settleable");
        }
    }
}

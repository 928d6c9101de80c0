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

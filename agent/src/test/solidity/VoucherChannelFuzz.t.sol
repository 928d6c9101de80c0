// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IVoucherChannel} from "../../main/solidity/interfaces/IVoucherChannel.sol";
import {Voucher} from "../../main/solidity/channels/Vouchers.sol";
import {VoucherChannelFixture} from "./VoucherChannelFixture.sol";

/// The settlement's arithmetic, over all amounts.
contract VoucherChannelFuzzTest is VoucherChannelFixture {
    /// Deposits that fit together, and any vouchers.
    function deposits(uint128 a, uint128 b) private pure returns (uint128, uint128) {
        return (a, uint128(bound(b, 0, type(uint128).max - a)));
    }

    function testFuzz_payoutsAreTheFormulaAndAddUpToTheDeposits(uint128 a, uint128 b, uint128 byCar, uint128 byPile)
        public
    {
        (a, b) = deposits(a, b);
        (IVoucherChannel.Parties memory of_, bytes32 id) = opened(1, a, b);
        closedWith(of_, id, car, byCar);
        if (byPile > 0) challengedWith(of_, id, pile, byPile);
        settledAfter(of_, DAY);
        int256 expected = int256(uint256(b)) + int256(uint256(byCar)) - int256(uint256(byPile));
        int256 all = int256(uint256(a) + b);
        if (expected < 0) expected = 0;
        if (expected > all) expected = all;
        assertPaid(uint256(all - expected), uint256(expected));
        assertEq(money.balanceOf(address(channels)), 0, "nothing is left behind");
    }

    function testFuzz_theOrderOfVouchersDoesNotMatter(uint128[6] memory amounts, uint256 seed) public {
        (IVoucherChannel.Parties memory of_, bytes32 id) = opened(1, type(uint96).max, type(uint96).max);
        closedWith(of_, id, car, 0);
        uint256 start = vm.snapshotState();
        uint256[2] memory carsMoney;
        for (uint256 round = 0; round < 2; round++) {
            for (uint256 i = 0; i < amounts.length; i++) {
                uint256 pick = round == 0 ? i : (i * 5 + seed % 6) % 6;
                Voucher memory v = voucher(id, pick % 2 == 0 ? car : pile, amounts[pick]);
                // One that is not better is refused, and changes nothing.
                try channels.challenge(of_, v, signed(v)) {} catch {}
            }
            settledAfter(of_, DAY);
            carsMoney[round] = money.balanceOf(car);
            vm.revertToState(start);
        }
        assertEq(carsMoney[0], carsMoney[1], "the car's money");
    }

    function testFuzz_aVoucherMovesMoneyOnlyToItsPayee(uint128 a, uint128 b, uint128 c1, uint128 c2, bool byPile)
        public
    {
        (a, b) = deposits(a, b);
        (IVoucherChannel.Parties memory of_, bytes32 id) = opened(1, a, b);
        closedWith(of_, id, byPile ? car : pile, c1);
        (uint128 toCar, uint128 toPile) = channels.payoutsOf(id);
        address payer = byPile ? pile : car;
        challengedWith(of_, id, payer, uint128(bound(c2, 1, type(uint128).max)));
        (uint128 toCarNow, uint128 toPileNow) = channels.payoutsOf(id);
        if (payer == car) assertGe(toPileNow, toPile, "the payee has no less");
        else assertGe(toCarNow, toCar, "the payee has no less");
        assertEq(uint256(toCarNow) + toPileNow, uint256(a) + b, "deposits");
    }

    function testFuzz_payoutsWithinAChannelThatWasNeverOverdrawnAreExact(uint96 a, uint96 b, uint256 seed) public {
        // As the receivers check off chain: what either has paid never exceeds what it had.
        (IVoucherChannel.Parties memory of_, bytes32 id) = opened(1, a, b);
        uint128 byCar;
        uint128 byPile;
        for (uint256 i = 0; i < 4; i++) {
            byCar = uint128(bound(uint256(keccak256(abi.encode(seed, i))), byCar, uint256(a) + byPile));
            byPile = uint128(bound(uint256(keccak256(abi.encode(i, seed))), byPile, uint256(b) + byCar));
        }
        closedWith(of_, id, car, byCar);
        if (byPile > 0) challengedWith(of_, id, pile, byPile);
        settledAfter(of_, DAY);
        assertPaid(uint256(a) + byPile - byCar, uint256(b) + byCar - byPile);
    }
}

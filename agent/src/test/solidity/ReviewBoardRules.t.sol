// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ReviewBoard} from "../../main/solidity/ReviewBoard.sol";
import {OrderTerms} from "../../main/solidity/market/OrderTerms.sol";
import {Publications} from "../../main/solidity/market/Publications.sol";
import {MeterKeys} from "../../main/solidity/market/MeterKeys.sol";
import {OrderBook} from "../../main/solidity/OrderBook.sol";
import {Enclosed, Facts, Factor, Limits, LineLimit, Rule} from "../../main/solidity/market/ReviewRules.sol";
import {ReviewFixture} from "./ReviewFixture.sol";

/// P2-10, P2-19: the rules at their boundaries, in their order, with the numbers of the Java model's
/// ReviewBoardTest.
contract ReviewBoardRulesTest is ReviewFixture {
    function test_whatJustFitsEveryRuleIsApproved() public {
        assertEq(uint256(broken(usual())), uint256(Rule.NONE), "nothing is broken");
        approve(usual());
    }

    // ---------------------------------------------------------------------------------------------------- rules

    function test_r1BothAreRegisteredAndNotSuspended() public {
        Facts memory facts = fitting();
        facts.sellerActive = false;
        assertBroken(Rule.R1, usual(), facts);
        facts = fitting();
        facts.buyerActive = false;
        assertBroken(Rule.R1, usual(), facts);
        OrderTerms memory terms = establish(usual());
        parties.suspend(buyer);
        assertRejected(Rule.R1, terms);
    }

    function test_r2TheEnergyFitsTheRatedPower() public {
        Facts memory facts = fitting();
        facts.ratedPowerW = 9_999;
        assertBroken(Rule.R2, usual(), facts);
        assertBroken(Rule.R2, withEnergy(usual(), 10_001), fitting());
        assertBroken(Rule.R2, withEnergy(usual(), 0), fitting());
        // a watt-hour more than nothing in a second is 3600 W
        OrderTerms memory terms = withEnergy(usual(), 1);
        terms.end = terms.start + 1;
        facts.ratedPowerW = 3_599;
        assertBroken(Rule.R2, terms, facts);
        facts.ratedPowerW = 3_600;
        assertBroken(Rule.NONE, terms, facts);
    }

    /// Somebody's meter that says what its owner likes is no evidence.
    function test_r2TheMeterIsThePiles() public {
        Facts memory facts_ = fitting();
        facts_.meterIsThePiles = false;
        assertBroken(Rule.R2, usual(), facts_);
        OrderTerms memory terms = usual();
        terms.meter = stranger;
        assertRejected(Rule.R2, establish(terms));
        OrderTerms memory export = exported(usual());
        export.meter = stranger;
        assertRejected(Rule.R2, establish(export));
    }

    /// The agency can't reject an order by another key than the pile's.
    function test_r2TheMetersKeyIsTheRegisteredOne() public {
        OrderTerms memory terms = establish(usual());
        (uint256 otherKey,) = keyOf("meter-2");
        assertOtherKey(terms, publicKey(otherKey));
        assertOtherKey(terms, "");
        (uint256 x, uint256 y) = abi.decode(meterPublicKey, (uint256, uint256));
        uint256 field = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEFFFFFC2F;
        assertOtherKey(terms, abi.encode(x, field - y));
        // the same parity, and not on the curve
        assertOtherKey(terms, abi.encode(x, y ^ 2));
        vm.prank(agency);
        board.review(book, terms, enclosed());
        assertStatus(OrderBook.Status.APPROVED, terms);
    }

    function test_r2WhatIsNoPileHasNoMeter() public {
        parties.register(stranger, 10_000);
        fund(stranger);
        OrderTerms memory terms = by(stranger, usual());
        assertRejected(Rule.R2, establish(terms));
    }

    function test_r3TheDeliveryIsNeitherTooSoonNorTooFar() public {
        vm.warp(NOW + 1);
        assertBroken(Rule.R3, usual(), fitting());
        vm.warp(NOW - 1);
        assertBroken(Rule.R3, usual(), fitting());
        vm.warp(NOW);
        assertBroken(Rule.NONE, usual(), fitting());
    }

    function test_r4ThePriceIsBetweenFloorAndCap() public {
        assertPrice(Rule.NONE, 600);
        assertPrice(Rule.R4, 599);
        assertPrice(Rule.NONE, 800);
        assertPrice(Rule.R4, 801);
    }

    function test_r5TheFeederHasRoomInEverySlot() public {
        limitFeeders(9_999);
        assertBroken(Rule.R5, usual(), fitting());
        limitFeeders(15_000);
        hang(stranger, FEEDER);
        approve(by(otherSeller, within(withEnergy(usual(), 2_500), 30, 60)));
        approve(usual());
        // 10 kW and 5 kW from half past twelve on
        assertBroken(Rule.R5, by(stranger, within(withEnergy(usual(), 1), 59, 60)), fitting());
        assertBroken(Rule.NONE, by(stranger, within(withEnergy(usual(), 250), 15, 30)), fitting());
        assertEq(board.feederPromised(FEEDER, false, NOON + 30 minutes), 15_000, "full");
        assertEq(board.feederPromised(FEEDER, false, NOON + 30 minutes - 1), 10_000, "not before");
        assertEq(board.feederPromised(FEEDER, false, NOON - 1), 0, "not before");
        assertEq(board.feederPromised(FEEDER, false, NOON + 1 hours), 0, "not after");
    }

    function test_r5AnUnknownFeederBearsNothingAndDirectionsAreNotSetOff() public {
        OrderTerms memory unknown = usual();
        unknown.feeder = "unknown";
        assertBroken(Rule.R5, unknown, fitting());
        approve(exported(usual()));
        assertBroken(Rule.R5, exported(by(otherSeller, usual())), fitting());
        assertBroken(Rule.NONE, by(otherSeller, usual()), fitting());
    }

    function test_r5TheFeederIsThePilesAllTheTime() public {
        assertBroken(Rule.R5, elsewhere(usual()), fitting());
        assertBroken(Rule.R5, by(stranger, usual()), fitting());
        OrderTerms memory nowhere = by(stranger, usual());
        nowhere.feeder = 0;
        assertBroken(Rule.R5, nowhere, fitting());
        // moved to the other feeder at half past twelve
        vm.warp(NOON + 30 minutes - 1 days);
        hang(seller, OTHER_FEEDER);
        vm.warp(NOW);
        assertBroken(Rule.NONE, within(withEnergy(usual(), 1), 0, 30), fitting());
        assertBroken(Rule.R5, within(withEnergy(usual(), 1), 0, 31), fitting());
        assertBroken(Rule.R5, elsewhere(within(withEnergy(usual(), 1), 29, 60)), fitting());
        assertBroken(Rule.NONE, elsewhere(within(withEnergy(usual(), 1), 30, 60)), fitting());
        assertBroken(Rule.R5, within(withEnergy(usual(), 1), 30, 60), fitting());
    }

    /// The notice is time to adapt, not to promise what will not be there.
    function test_r5ALimitThatIsLoweredBindsTheDeliveriesThen() public {
        vm.warp(NOON + 30 minutes - 1 days);
        publishFeeders(5_000);
        vm.warp(NOW);
        assertBroken(Rule.NONE, within(withEnergy(usual(), 5_000), 0, 30), fitting());
        assertBroken(Rule.R5, within(withEnergy(usual(), 5_001), 0, 30), rated(100_000));
        assertBroken(Rule.R5, within(withEnergy(usual(), 2_501), 30, 60), fitting());
        assertBroken(Rule.NONE, within(withEnergy(usual(), 2_500), 30, 60), fitting());
        assertBroken(Rule.R5, withEnergy(usual(), 5_001), fitting());
        assertBroken(Rule.NONE, withEnergy(usual(), 5_000), fitting());
    }

    function test_r5ALimitThatIsRaisedBindsUntilThen() public {
        vm.warp(NOW - 2 days);
        publishFeeders(5_000);
        vm.warp(NOON + 30 minutes - 1 days);
        publishFeeders(10_000);
        vm.warp(NOW);
        assertBroken(Rule.R5, within(withEnergy(usual(), 2_501), 0, 30), fitting());
        assertBroken(Rule.R5, within(withEnergy(usual(), 2_501), 30, 60), fitting());
        vm.warp(NOON + 30 minutes);
        OrderTerms memory later = within(withEnergy(usual(), 2_501), 90, 120);
        assertBroken(Rule.NONE, later, fitting());
    }

    function test_r6APileHasOneCableForBothDirections() public {
        limitFeeders(100_000);
        approve(withEnergy(exported(usual()), 6_000));
        OrderTerms memory back = withEnergy(usual(), 4_001);
        back.pile = pileOf(buyer);
        assertBroken(Rule.R6, back, fitting());
        withEnergy(back, 4_000);
        assertBroken(Rule.NONE, back, fitting());
    }

    function test_r6ThePileIsPromisedForNoMoreThanItsPower() public {
        limitFeeders(100_000);
        approve(withEnergy(usual(), 6_000));
        assertBroken(Rule.R6, withEnergy(usual(), 4_001), fitting());
        assertBroken(Rule.NONE, withEnergy(usual(), 4_000), fitting());
    }

    /// One car is at one pile at a time.
    function test_r6WhoSellsAnExportSellsNoOtherThen() public {
        limitFeeders(100_000);
        Facts memory facts = fitting();
        facts.seller = pileOf(seller);
        OrderTerms memory first = approve(within(withEnergy(exported(usual()), 1), 0, 30));
        OrderTerms memory second = usual();
        second.buyer = otherSeller;
        within(withEnergy(exported(second), 1), 29, 60);
        assertBroken(Rule.R6, second, facts);
        facts.seller = "another car";
        assertBroken(Rule.NONE, second, facts);
        facts.seller = pileOf(seller);
        assertBroken(Rule.NONE, within(second, 30, 60), facts);
        within(second, 29, 60);
        vm.prank(address(book));
        board.release(first);
        assertBroken(Rule.NONE, second, facts);
    }

    /// The same with its orders on the way: only one of the two is approved.
    function test_r6ACarThatSellsItselfTwiceIsFoundOut() public {
        limitFeeders(100_000);
        approve(withEnergy(exported(usual()), 1_000));
        OrderTerms memory second = usual();
        second.buyer = otherSeller;
        assertRejected(Rule.R6, establish(withEnergy(exported(second), 1_000)));
    }

    function test_r7TheEscrowsHoldWhatTheOrderNeeds() public {
        assertEscrows(Rule.NONE, 3500, 500);
        assertEscrows(Rule.R7, 3499, 500);
        assertEscrows(Rule.R7, 3500, 499);
    }

    /// A promise that costs nothing would keep a feeder from everybody else.
    function test_r7APromiseCostsWhatWasPublished() public {
        OrderTerms memory terms = usual();
        terms.defaultRate = 50;
        assertBroken(Rule.NONE, terms, fitting());
        terms.defaultRate = 49;
        assertBroken(Rule.R7, terms, fitting());
        terms = usual();
        terms.toleranceBp = 1001;
        assertBroken(Rule.R7, terms, fitting());
        terms = usual();
        terms.defaultAmount = 499;
        assertBroken(Rule.R7, terms, fitting());
        limitFeeders(100_000);
        publishMinima(10_000, 1 hours);
        assertBroken(Rule.NONE, usual(), fitting());
        assertBroken(Rule.R7, withEnergy(usual(), 9_999), fitting());
        assertBroken(Rule.R7, within(withEnergy(usual(), 10_000), 1, 60), rated(100_000));
    }

    /// Three watt-hours in a second are 10.8 kW, and were to be had of a whole slot for nothing.
    function test_r7NobodyBlocksASlotForASecond() public {
        limitFeeders(100_000);
        OrderTerms memory terms = withEnergy(usual(), 3);
        (terms.end, terms.defaultAmount, terms.defaultRate) = (terms.start + 1, 0, 0);
        assertBroken(Rule.R7, terms, rated(100_000));
        (terms.defaultAmount, terms.defaultRate) = (1, 50);
        publishMinima(1, 15 minutes);
        assertBroken(Rule.R7, terms, rated(100_000));
        terms.end = terms.start + 15 minutes;
        assertBroken(Rule.NONE, terms, rated(100_000));
    }

    function test_r8TheTypeConvertsToTheOrdersEnergy() public {
        assertTyped(Rule.R8, ELECTRICITY, 1, 0);
        assertTyped(Rule.R8, ELECTRICITY, 1, 10_001);
        assertTyped(Rule.R8, ELECTRICITY, 2, 10_000);
        assertTyped(Rule.R8, "steam", 1, 10_000);
        assertTyped(Rule.NONE, ELECTRICITY, 1, 10_000);
    }

    function test_r8AnotherTableChangesNoOrder() public {
        OrderTerms memory steam = usual();
        (steam.energyType, steam.quantity, steam.tableVersion) = ("steam", 15_001, 2);
        bytes32[] memory types = new bytes32[](1);
        Factor[] memory factors = new Factor[](1);
        (types[0], factors[0]) = ("steam", Factor(2, 3));
        vm.expectRevert(Publications.NotTheAgency.selector);
        board.publishTable(types, types, factors);
        vm.startPrank(agency);
        board.publishTable(types, types, factors);
        // 10000.67 Wh, rounded down
        assertBroken(Rule.NONE, steam, fitting());
        factors[0] = Factor(1, 1);
        board.publishTable(types, types, factors);
        assertBroken(Rule.NONE, steam, fitting());
        assertBroken(Rule.NONE, usual(), fitting());
        factors[0] = Factor(1, 0);
        vm.expectRevert(Publications.BadTable.selector);
        board.publishTable(types, types, factors);
        vm.stopPrank();
    }

    function test_r9NoLineIsOverloaded() public {
        LineLimit[] memory lines = publishLine(9_999);
        assertEq(uint256(board.firstBroken(usual(), fitting(), enclosed(lines))), uint256(Rule.R9), "overloaded");
        limitFeeders(100_000);
        vm.warp(NOW - 1 days);
        hang(otherSeller, OTHER_FEEDER);
        hang(stranger, OTHER_FEEDER);
        vm.warp(NOW);
        lines = publishLine(10_000);
        // The other feeder relieves the line, but whoever loads it may stay away.
        approve(by(otherSeller, elsewhere(withEnergy(usual(), 8_000))), lines);
        approve(usual(), lines);
        OrderTerms memory more = by(stranger, elsewhere(withEnergy(usual(), 2_001)));
        assertEq(uint256(board.firstBroken(more, fitting(), enclosed(lines))), uint256(Rule.R9), "overloaded the other way");
        more = by(stranger, elsewhere(withEnergy(usual(), 2_000)));
        assertEq(uint256(board.firstBroken(more, fitting(), enclosed(lines))), uint256(Rule.NONE), "just fits");
    }

    function test_r9TheLinesAreThoseInForce() public {
        publishLine(10_000);
        OrderTerms memory terms = establish(usual());
        bytes32 inForce = keccak256(abi.encode(line(10_000)));
        vm.prank(agency);
        vm.expectRevert(abi.encodeWithSelector(ReviewBoard.OtherLines.selector, inForce));
        board.review(book, terms, enclosed());
    }

    /// As with feeders: what comes into force before the delivery ends binds it.
    function test_r9LinesThatAreOnTheirWayBindTheDeliveriesThen() public {
        vm.warp(NOW - 2 days);
        vm.prank(agency);
        board.publishLimits(limits(), line(10_000));
        vm.warp(NOON + 30 minutes - 1 days);
        vm.prank(agency);
        board.publishLimits(limits(), line(5_000));
        vm.warp(NOW);
        OrderTerms memory early = within(withEnergy(usual(), 5_000), 0, 30);
        Enclosed memory given = enclosed(line(10_000));
        assertEq(uint256(board.firstBroken(early, fitting(), given)), uint256(Rule.NONE), "before");
        vm.expectRevert(abi.encodeWithSelector(ReviewBoard.OtherLines.selector, keccak256(abi.encode(line(5_000)))));
        board.firstBroken(usual(), fitting(), given);
        given.nextLines = line(5_000);
        assertEq(uint256(board.firstBroken(usual(), fitting(), given)), uint256(Rule.R9), "overloaded then");
        OrderTerms memory less = withEnergy(usual(), 5_000);
        assertEq(uint256(board.firstBroken(less, fitting(), given)), uint256(Rule.NONE), "just fits");
    }

    /// Orders with the fees of before are on their way when new ones come into force.
    function test_r10TheFeesOfBeforePassForANotice() public {
        Limits memory dear = limits();
        dear.gridBp = 301;
        vm.warp(NOW - 1 days);
        vm.prank(agency);
        board.publishLimits(dear, noLines());
        vm.warp(NOW - 1);
        OrderTerms memory of_ = usual();
        of_.end -= 1;
        (of_.start, of_.gridBp) = (of_.start - 1, 301);
        assertBroken(Rule.R10, of_, fitting());
        vm.warp(NOW);
        assertBroken(Rule.NONE, usual(), fitting());
        of_ = usual();
        of_.gridBp = 301;
        assertBroken(Rule.NONE, of_, fitting());
        of_.gridBp = 302;
        assertBroken(Rule.R10, of_, fitting());
        vm.warp(NOW + 1 days - 1);
        OrderTerms memory late = within(usual(), 24 * 60, 25 * 60);
        (late.start, late.end) = (late.start - 1, late.end - 1);
        assertBroken(Rule.NONE, late, fitting());
        vm.warp(NOW + 1 days);
        assertBroken(Rule.R10, within(usual(), 24 * 60, 25 * 60), fitting());
    }

    function test_r10TheFeesAreThePublishedOnes() public {
        OrderTerms memory terms = usual();
        terms.gridBp = 299;
        assertBroken(Rule.R10, terms, fitting());
        terms = usual();
        terms.agencyBp = 51;
        assertBroken(Rule.R10, terms, fitting());
        terms = usual();
        terms.grid = stranger;
        assertBroken(Rule.R10, terms, fitting());
        terms = usual();
        terms.agency = stranger;
        assertRejected(Rule.R10, establish(terms));
    }

    function test_theFirstBrokenRuleIsTheReason() public {
        OrderTerms memory wrong = withEnergy(usual(), 20_000);
        (wrong.start, wrong.end) = (NOON + 9 hours, NOON + 10 hours);
        Facts memory facts = fitting();
        (facts.sellerActive, facts.ratedPowerW) = (false, 1);
        assertBroken(Rule.R1, wrong, facts);
        facts.sellerActive = true;
        assertBroken(Rule.R2, wrong, facts);
        facts.ratedPowerW = 99_000;
        assertBroken(Rule.R3, wrong, facts);
    }

    function rated(uint64 ratedPowerW) private pure returns (Facts memory all) {
        all = fitting();
        all.ratedPowerW = ratedPowerW;
    }

    function publishMinima(uint64 energyWh, uint32 window) private {
        Limits memory all = limits();
        (all.minEnergyWh, all.minWindow) = (energyWh, window);
        vm.warp(NOW - 1 days);
        vm.prank(agency);
        board.publishLimits(all, noLines());
        vm.warp(NOW);
    }

    function assertOtherKey(OrderTerms memory terms, bytes memory key) private {
        bytes32 registered = parties.party(terms.pile).meterKey;
        Enclosed memory given = enclosed();
        given.meterKey = key;
        vm.prank(agency);
        vm.expectRevert(abi.encodeWithSelector(MeterKeys.OtherMeterKey.selector, registered));
        board.review(book, terms, given);
    }
}

// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ReviewBoard} from "../../main/solidity/ReviewBoard.sol";
import {OrderTerms} from "../../main/solidity/market/OrderTerms.sol";
import {Publications} from "../../main/solidity/market/Publications.sol";
import {Facts, Factor, LineLimit, Rule} from "../../main/solidity/market/ReviewRules.sol";
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

    function test_r6ThePileIsThatOfThePartyThatMeters() public {
        OrderTerms memory terms = usual();
        terms.pile = pileOf(otherSeller);
        assertRejected(Rule.R2, establish(terms));
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
        assertBroken(Rule.R6, elsewhere(withEnergy(usual(), 4_001)), fitting());
        assertBroken(Rule.NONE, elsewhere(withEnergy(usual(), 4_000)), fitting());
    }

    function test_r7TheEscrowsHoldWhatTheOrderNeeds() public {
        assertEscrows(Rule.NONE, 3500, 500);
        assertEscrows(Rule.R7, 3499, 500);
        assertEscrows(Rule.R7, 3500, 499);
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
}

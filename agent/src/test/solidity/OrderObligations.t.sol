// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Registry} from "../../main/solidity/Registry.sol";
import {OrderTerms} from "../../main/solidity/market/OrderTerms.sol";
import {Veto} from "../../main/solidity/market/ReviewRules.sol";
import {RegisteredMarket} from "./RegisteredMarket.sol";

/// P1-11 on the registry itself: who has confirmed an order, or whose request was confirmed, leaves when it is over.
contract OrderObligationsTest is RegisteredMarket {
    function test_whoOnlyAskedMayLeave() public {
        OrderTerms memory terms = request(usual());
        depart(buyer);
        vm.prank(seller);
        book.refuse(terms);
        assertOwed(3500, 0, 0, 0);
        depart(seller);
    }

    function test_neitherLeavesBeforeTheOrderIsSettled() public {
        OrderTerms memory terms = confirm(request(usual()));
        assertStay();
        vm.prank(buyer);
        book.sign(terms);
        vm.prank(seller);
        book.sign(terms);
        assertStay();
        vm.prank(agency);
        board.review(book, terms, enclosed());
        assertStay();
        book.record(terms);
        assertStay();
        vm.warp(terms.start);
        vm.prank(seller);
        book.begin(terms);
        assertStay();
        settle(terms, 10_000, 10_000, 0);
        assertFree();
        assertEq(registered.party(pileOf(seller)).unlockAt, block.timestamp + CHALLENGE, "on its way");
    }

    function test_everyOtherEndFreesThemToo() public {
        OrderTerms memory terms = confirm(request(usual()));
        assertStay();
        vm.warp(NOW + 11 minutes + 1);
        book.expire(terms);
        assertNoneIsOpen();
        vm.warp(NOW);
        terms = establish(usual());
        vm.warp(NOW + 12 minutes + 1);
        book.expire(terms);
        assertNoneIsOpen();
        vm.warp(NOW);
        terms = establish(usual());
        vm.prank(agency);
        board.veto(book, terms, Veto.MAINTENANCE);
        assertNoneIsOpen();
        terms = approve(usual());
        vm.warp(NOW + 13 minutes + 1);
        book.expire(terms);
        assertNoneIsOpen();
        vm.warp(NOW);
        terms = execute(withEnergy(usual(), 5_000));
        vm.warp(terms.end + 1 hours);
        book.settleByMeter(terms, 5_000, 5_000, terms.end, meterRecord(meterKey, terms, 5_000, 5_000));
        assertNoneIsOpen();
        vm.warp(NOW);
        terms = record(withEnergy(usual(), 5_000));
        vm.warp(terms.end + 1 days + 1);
        book.expire(terms);
        assertFree();
    }

    function test_theLastOfItsOrdersFreesAParty() public {
        OrderTerms memory one = establish(usual());
        OrderTerms memory other = establish(usual());
        assertEq(registered.obligationsFrom(pileOf(seller), address(book)), 2, "two");
        vm.startPrank(agency);
        board.veto(book, one, Veto.MAINTENANCE);
        vm.stopPrank();
        assertStay();
        vm.prank(agency);
        board.veto(book, other, Veto.MAINTENANCE);
        assertFree();
    }

    /// Accounts change; who owes does not.
    function test_aPartyThatMovesStaysObliged() public {
        OrderTerms memory terms = execute(usual());
        address next = moveTo(seller, "pile-1's next account");
        assertEq(registered.idOf(seller), 0, "moved");
        vm.prank(next);
        vm.expectRevert(abi.encodeWithSelector(Registry.OpenObligations.selector, pileOf(seller), 1));
        registered.deregister(pileOf(seller));
        settle(terms, 10_000, 10_000, 0);
        vm.prank(next);
        registered.deregister(pileOf(seller));
    }

    function test_anExportObligesTheCarThatSells() public {
        OrderTerms memory terms = establish(exported(usual()));
        assertStay();
        vm.prank(agency);
        board.veto(book, terms, Veto.MAINTENANCE);
        assertFree();
    }

    /// Who is leaving, unknown or suspended takes on nothing new.
    function test_whoLeavesConfirmsNothing() public {
        OrderTerms memory terms = request(usual());
        depart(seller);
        vm.prank(seller);
        vm.expectRevert(abi.encodeWithSelector(Registry.NotActive.selector, pileOf(seller)));
        book.confirm(terms, "", noPermit());
        vm.warp(NOW + 10 minutes + 1);
        book.expire(terms);
        assertOwed(3500, 0, 0, 0);
    }

    function test_nobodySellsToWhoIsNotRegistered() public {
        fund(stranger);
        OrderTerms memory terms = usual();
        terms.buyer = stranger;
        request(terms);
        vm.prank(seller);
        vm.expectRevert(abi.encodeWithSelector(Registry.NotActive.selector, bytes32(0)));
        book.confirm(terms, "", noPermit());
    }

    /// A verdict suspends, and its order goes on to its end.
    function test_whoIsAccusedIsFreedByTheEndToo() public {
        OrderTerms memory terms = execute(usual());
        bytes32 complaint = registered.complaintDigest(pileOf(seller), 1, pileOf(buyer), "evidence");
        bytes memory byHarmed = sign(buyerKey, complaint);
        vm.prank(agency);
        registered.accuse(pileOf(seller), 1, pileOf(buyer), "evidence", byHarmed);
        settle(terms, 10_000, 10_000, 0);
        assertFree();
    }

    function test_whatTheReviewFindsInTheRegistryIsEnough() public {
        approve(usual());
        OrderTerms memory export = approve(exported(usual()));
        assertEq(book.partnerOf(keyOf(export)), pileOf(seller), "the car");
    }

    // --------------------------------------------------------------------------------------------------- inside

    function depart(address account) private {
        bytes32 id = pileOf(account);
        vm.prank(account);
        registered.deregister(id);
    }

    function assertStay() private {
        address[2] memory both = [seller, buyer];
        for (uint256 i = 0; i < both.length; ++i) {
            bytes32 id = pileOf(both[i]);
            vm.prank(both[i]);
            vm.expectPartialRevert(Registry.OpenObligations.selector);
            registered.deregister(id);
        }
    }

    function assertNoneIsOpen() private view {
        assertEq(registered.party(pileOf(seller)).obligations, 0, "the seller's");
        assertEq(registered.party(pileOf(buyer)).obligations, 0, "the buyer's");
    }

    function assertFree() private {
        assertNoneIsOpen();
        depart(seller);
        depart(buyer);
    }
}

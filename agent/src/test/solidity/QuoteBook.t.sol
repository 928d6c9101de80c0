// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Flaw, Match, MatchList} from "../../main/solidity/market/MatchList.sol";
import {OrderTerms} from "../../main/solidity/market/OrderTerms.sol";
import {Veto} from "../../main/solidity/market/ReviewRules.sol";
import {CycleRules, QuoteBook} from "../../main/solidity/QuoteBook.sol";
import {QuoteFixture} from "./QuoteFixture.sol";
import {Matching} from "./market/Matching.sol";

/// P1-04, P1-37 to P1-42: an announced list is verified without matching again, and what was altered is refused with
/// the flaw's name, as in the Java model's MatchListTest.
contract QuoteBookTest is QuoteFixture {
    function test_theTrueListPasses() public {
        vector();
        vm.warp(MATCHING);
        vm.expectEmit(address(quotes));
        emit QuoteBook.Matched(1, 2, seller, buyer, 10, 15, 25, 5);
        vm.expectEmit(address(quotes));
        emit QuoteBook.Matched(3, 2, otherSeller, buyer, 12, 15, 27, 2);
        vm.expectEmit(address(quotes));
        emit QuoteBook.RoundMatched(0, 0, 2);
        vm.prank(stranger);
        quotes.announce(list(1, 3), list(2, 4), vectorMatches());
        assertEq(quotes.quoteOf(ASK, 3).restWh, 3, "the rest of the second ask");
        assertEq(quotes.quoteOf(BID, 4).restWh, 4, "the second bid");
        assertEq(quotes.quoteOf(ASK, 1).restWh, 0, "filled");
        assertEq(quotes.quoteOf(BID, 2).restWh, 0, "filled");
        (uint256 asks, uint256 bids) = quotes.openQuotes();
        assertEq(asks, 1, "asks");
        assertEq(bids, 1, "bids");
    }

    function test_anEmptyBookMatchesToNothing() public {
        vm.warp(MATCHING);
        quotes.announce(new uint64[](0), new uint64[](0), new Match[](0));
    }

    function test_everyTamperingHasItsName() public {
        vector();
        vm.warp(MATCHING);
        Match memory first = matchOf(1, 2, 25, 5);
        assertFlaw(Flaw.WRONG_PRICE, 1, list(first, matchOf(3, 2, 26, 2)));
        assertFlaw(Flaw.WRONG_PRICE, 1, list(first, matchOf(3, 2, 28, 2)));
        assertFlaw(Flaw.WRONG_VOLUME, 1, list(first, matchOf(3, 2, 27, 1)));
        assertFlaw(Flaw.WRONG_VOLUME, 1, list(first, matchOf(3, 2, 27, 3)));
        assertFlaw(Flaw.WRONG_VOLUME, 0, list(matchOf(1, 2, 25, 0), first));
        assertFlaw(Flaw.INCOMPLETE, 1, list(first));
        assertFlaw(Flaw.INCOMPLETE, 0, new Match[](0));
        assertFlaw(Flaw.ASK_OUT_OF_TURN, 0, list(matchOf(3, 2, 27, 5)));
        assertFlaw(Flaw.ASK_OUT_OF_TURN, 0, list(matchOf(9, 2, 27, 5)));
        assertFlaw(Flaw.ASK_OUT_OF_TURN, 1, list(first, first));
        assertFlaw(Flaw.BID_OUT_OF_TURN, 0, list(matchOf(1, 4, 21, 4)));
        Match memory other = matchOf(3, 2, 27, 2);
        other.askPrice += 1;
        other.bidPrice -= 1;
        assertFlaw(Flaw.OTHER_PRICES, 1, list(first, other));
        Match[] memory three = new Match[](3);
        (three[0], three[1], three[2]) = (first, matchOf(3, 2, 27, 2), matchOf(3, 4, 23, 3));
        assertFlaw(Flaw.NOT_CROSSED, 2, three);
        quotes.announce(list(1, 3), list(2, 4), vectorMatches());
    }

    function test_theSidesAreSortedAndAreTheBook() public {
        vector();
        vm.warp(MATCHING);
        assertSides(Flaw.ASKS_NOT_SORTED, 1, list(3, 1), list(2, 4));
        assertSides(Flaw.BIDS_NOT_SORTED, 1, list(1, 3), list(4, 2));
        assertSides(Flaw.ASKS_NOT_SORTED, 1, list(1, 1), list(2, 4));
        assertSides(Flaw.WRONG_SIDE, 0, list(2, 4), list(2, 4));
        assertSides(Flaw.NOT_THE_BOOK, 1, list(1, 9), list(2, 4));
        assertSides(Flaw.NOT_THE_BOOK, 1, list(1), list(2, 4));
        assertSides(Flaw.NOT_THE_BOOK, 1, list(1, 3), list(2));
    }

    function test_equalPricesGoByArrival() public {
        ask(seller, 10, 5);
        ask(otherSeller, 10, 5);
        bid(buyer, 15, 6);
        vm.warp(MATCHING);
        assertSides(Flaw.ASKS_NOT_SORTED, 1, list(2, 1), list(3));
        quotes.announce(list(1, 2), list(3), list(matchOf(1, 3, 25, 5), matchOf(2, 3, 25, 1)));
    }

    function test_equalPricesDoNotTradeByThePapersRule() public {
        ask(seller, 10, 5);
        bid(buyer, 10, 5);
        vm.warp(MATCHING);
        vm.expectRevert(abi.encodeWithSelector(MatchList.BadMatchList.selector, Flaw.NOT_CROSSED, 0));
        quotes.announce(list(1), list(2), list(matchOf(1, 2, 20, 5)));
        quotes.announce(list(1), list(2), new Match[](0));
    }

    // -------------------------------------------------------------------------------------------------- quotes

    function test_onlyTheRegisteredQuote() public {
        vm.prank(stranger);
        vm.expectRevert(abi.encodeWithSelector(QuoteBook.NotRegistered.selector, stranger));
        quotes.quote(0, ASK, 10, 5, 0);
    }

    function test_aQuoteThatComesAfterItsCycleIsNone() public {
        ask(seller, 10, 5);
        vm.warp(NOW + 15 minutes);
        vm.prank(buyer);
        vm.expectRevert(abi.encodeWithSelector(QuoteBook.OtherCycle.selector, 1));
        quotes.quote(0, BID, 15, 5, 0);
        vm.prank(seller);
        vm.expectRevert(abi.encodeWithSelector(QuoteBook.NotInBook.selector, 1));
        quotes.requote(1, ASK, 1, 9, 5);
        assertEq(quotes.quoteOf(ASK, 1).restWh, 0, "void");
        vm.prank(buyer);
        quotes.quote(1, BID, 15, 5, 0);
        vm.warp(NOW + 15 minutes + 4 minutes);
        vm.expectRevert(abi.encodeWithSelector(MatchList.BadMatchList.selector, Flaw.NOT_THE_BOOK, 1));
        quotes.announce(list(1), list(2), list(matchOf(1, 2, 25, 5)));
        quotes.announce(new uint64[](0), list(2), new Match[](0));
    }

    /// Nobody can make a list wrong that is on its way.
    function test_quotesStandStillWhileTheRoundIsMatched() public {
        vector();
        vm.warp(MATCHING - 1);
        vm.expectRevert(abi.encodeWithSelector(QuoteBook.NotMatchingYet.selector, MATCHING));
        quotes.announce(list(1, 3), list(2, 4), vectorMatches());
        vm.warp(MATCHING);
        bytes memory still = abi.encodeWithSelector(QuoteBook.QuotesStandStill.selector, NOW + 5 minutes);
        vm.startPrank(seller);
        vm.expectRevert(still);
        quotes.quote(0, ASK, 1, 1, 0);
        vm.expectRevert(still);
        quotes.requote(0, ASK, 1, 10, 4);
        vm.expectRevert(still);
        quotes.withdrawQuote(0, ASK, 1);
        vm.stopPrank();
        quotes.announce(list(1, 3), list(2, 4), vectorMatches());
        vm.expectRevert(abi.encodeWithSelector(QuoteBook.RoundIsMatched.selector, 0));
        quotes.announce(list(3), list(4), new Match[](0));
    }

    function test_betweenRoundsEverybodyMayQuoteAgain() public {
        vector();
        vm.warp(MATCHING);
        quotes.announce(list(1, 3), list(2, 4), vectorMatches());
        vm.warp(NOW + 5 minutes);
        // less keeps its place, more or another price is a new arrival
        vm.startPrank(otherSeller);
        assertEq(quotes.requote(0, ASK, 3, 12, 2), 3, "keeps its place");
        assertEq(quotes.requote(0, ASK, 3, 12, 3), 5, "more energy");
        assertEq(quotes.requote(0, ASK, 5, 10, 3), 6, "another price");
        vm.expectRevert(abi.encodeWithSelector(QuoteBook.NotInBook.selector, 5));
        quotes.requote(0, ASK, 5, 10, 3);
        vm.stopPrank();
        vm.prank(seller);
        vm.expectRevert(abi.encodeWithSelector(QuoteBook.NotYourQuote.selector, 6));
        quotes.withdrawQuote(0, ASK, 6);
        vm.warp(NOW + 9 minutes);
        quotes.announce(list(6), list(4), list(Match(6, 4, 10, 11, 21, 3)));
        vm.warp(NOW + 10 minutes);
        vm.prank(otherBuyer);
        quotes.withdrawQuote(0, BID, 4);
        vm.warp(NOW + 14 minutes);
        quotes.announce(new uint64[](0), new uint64[](0), new Match[](0));
    }

    function test_nobodyTradesWithItself() public {
        ask(seller, 10, 5);
        vm.startPrank(seller);
        vm.expectRevert(QuoteBook.CrossesOwnQuote.selector);
        quotes.quote(0, BID, 10, 5, 0);
        quotes.quote(0, BID, 9, 5, 0);
        vm.expectRevert(QuoteBook.CrossesOwnQuote.selector);
        quotes.requote(0, BID, 2, 11, 5);
        vm.expectRevert(QuoteBook.CrossesOwnQuote.selector);
        quotes.quote(0, ASK, 9, 5, 0);
        quotes.withdrawQuote(0, ASK, 1);
        quotes.quote(0, BID, 11, 5, 0);
        vm.stopPrank();
    }

    function test_aTraderHasSoManyQuotes() public {
        for (uint256 i = 0; i < 4; ++i) {
            ask(seller, 10, 5);
        }
        vm.prank(seller);
        vm.expectRevert(QuoteBook.TooManyQuotes.selector);
        quotes.quote(0, ASK, 10, 5, 0);
    }

    function test_whoIsSuspendedTradesNoMore() public {
        ask(seller, 10, 5);
        parties.suspend(seller);
        bytes memory not = abi.encodeWithSelector(QuoteBook.NotRegistered.selector, seller);
        vm.startPrank(seller);
        vm.expectRevert(not);
        quotes.quote(0, ASK, 10, 5, 0);
        vm.expectRevert(not);
        quotes.requote(0, ASK, 1, 9, 500);
        vm.expectRevert(not);
        quotes.requote(0, ASK, 1, 10, 4);
        quotes.withdrawQuote(0, ASK, 1);
        vm.stopPrank();
    }

    function test_quotesThatAreNoneAreRefused() public {
        vm.startPrank(seller);
        vm.expectRevert(QuoteBook.BadQuote.selector);
        quotes.quote(0, ASK, 10, 0, 0);
        vm.expectRevert(QuoteBook.BadQuote.selector);
        quotes.quote(0, ASK, 10, 1e12 + 1, 0);
        vm.expectRevert(QuoteBook.BadQuote.selector);
        quotes.quote(0, ASK, 9e15 + 1, 1, 0);
        vm.expectRevert(QuoteBook.BadQuote.selector);
        quotes.quote(0, ASK, 9e15, 1e12, 0);
        vm.stopPrank();
    }

    // ----------------------------------------------------------------------------------------- orders of matches

    function test_aMatchMakesOneOrderOfItsTerms() public {
        ask(seller, 300, 10_000);
        bid(buyer, 301, 20_000);
        vm.warp(MATCHING);
        quotes.announce(list(1), list(2), list(matchOf(1, 2, 601, 10_000)));
        OrderTerms memory terms = usual();
        (terms.ask, terms.bid) = (1, 2);
        terms.start += 10 minutes;
        terms.end += 10 minutes;
        vm.prank(buyer);
        vm.expectRevert(QuoteBook.NotAsMatched.selector);
        book.request(terms, noPermit());
        terms.doubledPrice = 601;
        OrderTerms memory twice = copy(terms);
        twice.id = 99;
        request(terms);
        request(twice);
        confirm(terms);
        vm.prank(seller);
        vm.expectRevert(QuoteBook.NotAsMatched.selector);
        book.confirm(twice, "", noPermit());
        assertEscrow(terms, 3505, 500);
    }

    function test_onlyTheOrderBookTakesMatches() public {
        OrderTerms memory terms = matched();
        vm.startPrank(stranger);
        vm.expectRevert(QuoteBook.NotTheBook.selector);
        quotes.take(terms);
        vm.expectRevert(QuoteBook.NotTheBook.selector);
        quotes.giveBack(terms);
        vm.stopPrank();
    }

    /// A silent agency, or a partner that doesn't sign, takes nobody's match away.
    function test_anOrderThatComesToNothingGivesItsMatchBack() public {
        OrderTerms memory terms = confirm(request(matched()));
        vm.expectRevert(QuoteBook.NotAsMatched.selector);
        quotes.checkMatch(terms);
        vm.warp(MATCHING + 11 minutes + 1);
        book.expire(terms);
        quotes.checkMatch(terms);
        terms.id = 98;
        establish(terms);
        vm.warp(block.timestamp + 12 minutes + 1);
        book.expire(terms);
        terms.id = 99;
        establish(terms);
        vm.prank(agency);
        board.veto(book, terms, Veto.MAINTENANCE);
        terms.id = 100;
        establish(terms);
        vm.expectRevert(QuoteBook.NotAsMatched.selector);
        quotes.checkMatch(terms);
    }

    function test_aRefusedRequestTakesNothingAndGivesNothingBack() public {
        OrderTerms memory terms = request(matched());
        OrderTerms memory other = copy(terms);
        other.id = 99;
        confirm(request(other));
        vm.prank(seller);
        book.refuse(terms);
        vm.expectRevert(QuoteBook.NotAsMatched.selector);
        quotes.checkMatch(terms);
    }

    // ------------------------------------------------------------------------------------------------ any quotes

    function testFuzz_whatIsMatchedPassesAndWhatIsChangedDoesNot(uint256 seed, uint8 count, uint8 where, uint8 how)
        public
    {
        address[4] memory traders = [seller, otherSeller, buyer, otherBuyer];
        for (uint256 i = 0; i < count % 17; ++i) {
            seed = uint256(keccak256(abi.encode(seed)));
            uint256 who = i % 4;
            quote(traders[who], who < 2 ? ASK : BID, uint56(10 + (seed >> 8) % 6), uint40(1 + (seed >> 16) % 5));
        }
        vm.warp(MATCHING);
        Matching.List memory found = Matching.of_(quotes, 16, false);
        if (found.matches.length > 0) {
            Match memory one = found.matches[where % found.matches.length];
            Match memory before = Match(one.ask, one.bid, one.askPrice, one.bidPrice, one.doubledPrice, one.energyWh);
            how = how % 7;
            if (how == 0) one.energyWh += 1;
            else if (how == 1) one.energyWh -= 1;
            else if (how == 2) one.doubledPrice += 1;
            else if (how == 3) one.ask += 1;
            else if (how == 4) one.askPrice += 1;
            else if (how == 5) one.bidPrice -= 1;
            else one.bid += 1;
            vm.expectPartialRevert(MatchList.BadMatchList.selector);
            quotes.announce(found.asks, found.bids, found.matches);
            (one.ask, one.bid) = (before.ask, before.bid);
            (one.askPrice, one.bidPrice) = (before.askPrice, before.bidPrice);
            (one.doubledPrice, one.energyWh) = (before.doubledPrice, before.energyWh);
        }
        quotes.announce(found.asks, found.bids, found.matches);
        found = Matching.of_(quotes, 16, false);
        assertEq(found.matches.length, 0, "nothing crosses any more");
        (uint256 asks, uint256 bids) = quotes.openQuotes();
        assertEq(found.asks.length, asks, "asks");
        assertEq(found.bids.length, bids, "bids");
    }

    // --------------------------------------------------------------------------------------------------- inside

    /// Of ask 1 and bid 2.
    function matched() private returns (OrderTerms memory terms) {
        ask(seller, 300, 10_000);
        bid(buyer, 301, 20_000);
        vm.warp(MATCHING);
        quotes.announce(list(1), list(2), list(matchOf(1, 2, 601, 10_000)));
        terms = usual();
        (terms.ask, terms.bid, terms.doubledPrice) = (1, 2, 601);
        terms.start += 10 minutes;
        terms.end += 10 minutes;
    }

    function copy(OrderTerms memory terms) private pure returns (OrderTerms memory) {
        return abi.decode(abi.encode(terms), (OrderTerms));
    }

    function assertFlaw(Flaw flaw, uint256 line, Match[] memory matches) private {
        vm.expectRevert(abi.encodeWithSelector(MatchList.BadMatchList.selector, flaw, line));
        quotes.announce(list(1, 3), list(2, 4), matches);
    }

    function assertSides(Flaw flaw, uint256 line, uint64[] memory asks, uint64[] memory bids) private {
        vm.expectRevert(abi.encodeWithSelector(MatchList.BadMatchList.selector, flaw, line));
        quotes.announce(asks, bids, vectorMatches());
    }
}

/// P1-40: a least volume.
contract QuoteBookMinimumFillTest is QuoteFixture {
    function cycles() internal pure override returns (CycleRules memory) {
        return CycleRules(NOW, 15 minutes, 3, 60, 100, 16, 4, 3, false);
    }

    function test_aRestBelowTheMinimumIsVoid() public {
        vm.prank(seller);
        vm.expectRevert(QuoteBook.BadQuote.selector);
        quotes.quote(0, ASK, 10, 2, 0);
        ask(seller, 10, 3);
        bid(buyer, 15, 5);
        ask(otherSeller, 12, 3);
        vm.warp(MATCHING);
        quotes.announce(list(1, 3), list(2), list(matchOf(1, 2, 25, 3)));
        (uint256 asks, uint256 bids) = quotes.openQuotes();
        assertEq(asks, 1, "asks");
        assertEq(bids, 0, "two of the bid are left, and void");
    }
}

/// P1-38: equal prices trade, as on exchanges.
contract QuoteBookWeakTest is QuoteFixture {
    function cycles() internal pure override returns (CycleRules memory) {
        return CycleRules(NOW, 15 minutes, 3, 60, 100, 16, 4, 1, true);
    }

    function test_equalPricesTrade() public {
        ask(seller, 10, 5);
        bid(buyer, 10, 5);
        vm.warp(MATCHING);
        vm.expectRevert(abi.encodeWithSelector(MatchList.BadMatchList.selector, Flaw.INCOMPLETE, 0));
        quotes.announce(list(1), list(2), new Match[](0));
        quotes.announce(list(1), list(2), list(matchOf(1, 2, 20, 5)));
    }

    function test_aTickBelowDoesNot() public {
        ask(seller, 10, 5);
        bid(buyer, 9, 5);
        vm.warp(MATCHING);
        quotes.announce(list(1), list(2), new Match[](0));
    }
}

/// P1-42, the paper's words: after each matching all may adjust their prices.
contract QuoteBookPairwiseTest is QuoteFixture {
    function cycles() internal pure override returns (CycleRules memory) {
        return CycleRules(NOW, 15 minutes, 3, 60, 1, 16, 4, 1, false);
    }

    function test_aRoundIsOnePairEvenIfMoreCross() public {
        vector();
        vm.warp(MATCHING);
        vm.expectRevert(abi.encodeWithSelector(MatchList.BadMatchList.selector, Flaw.TOO_MANY, 1));
        quotes.announce(list(1, 3), list(2, 4), vectorMatches());
        quotes.announce(list(1, 3), list(2, 4), list(matchOf(1, 2, 25, 5)));
        vm.warp(MATCHING + 5 minutes);
        quotes.announce(list(3), list(2, 4), list(matchOf(3, 2, 27, 2)));
    }
}

// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {QuoteBook} from "../../../main/solidity/QuoteBook.sol";
import {Match, MatchList, Quote} from "../../../main/solidity/market/MatchList.sol";

/// What somebody off chain does with the open quotes: sorts them, and matches the best pair until none crosses.
library Matching {
    struct List {
        uint64[] asks;
        uint64[] bids;
        Match[] matches;
    }

    /// The best quote of a side, and what was matched of it.
    struct Best {
        uint256 at_;
        uint256 filled;
    }

    /// Of the ids up to `lastId`.
    function of_(QuoteBook book, uint64 lastId, bool weak) internal view returns (List memory list) {
        list.asks = side(book, QuoteBook.Side.ASK, lastId);
        list.bids = side(book, QuoteBook.Side.BID, lastId);
        list.matches = matched(book, list.asks, list.bids, weak);
    }

    function side(QuoteBook book, QuoteBook.Side which, uint64 lastId) private view returns (uint64[] memory ids) {
        uint64[] memory found = new uint64[](lastId);
        uint256 count = 0;
        for (uint64 id = 1; id <= lastId; ++id) {
            Quote memory quote = book.quoteOf(which, id);
            if (quote.restWh == 0) continue;
            uint256 at_ = count++;
            while (at_ > 0 && isBehind(book.quoteOf(which, found[at_ - 1]).pricePerKwh, quote.pricePerKwh, which)) {
                found[at_] = found[at_ - 1];
                --at_;
            }
            found[at_] = id;
        }
        ids = new uint64[](count);
        for (uint256 i = 0; i < count; ++i) {
            ids[i] = found[i];
        }
    }

    function isBehind(uint56 price, uint56 newcomers, QuoteBook.Side which) private pure returns (bool) {
        return which == QuoteBook.Side.ASK ? price > newcomers : price < newcomers;
    }

    function matched(QuoteBook book, uint64[] memory asks, uint64[] memory bids, bool weak)
        private
        view
        returns (Match[] memory matches)
    {
        Match[] memory found = new Match[](asks.length + bids.length);
        uint256 count = 0;
        (Best memory ask, Best memory bid) = (Best(0, 0), Best(0, 0));
        while (ask.at_ < asks.length && bid.at_ < bids.length) {
            Match memory next = best(book, asks[ask.at_], bids[bid.at_], ask.filled, bid.filled, weak);
            if (next.energyWh == 0) break;
            found[count++] = next;
            fill(ask, book.quoteOf(QuoteBook.Side.ASK, next.ask).restWh, next.energyWh);
            fill(bid, book.quoteOf(QuoteBook.Side.BID, next.bid).restWh, next.energyWh);
        }
        matches = new Match[](count);
        for (uint256 i = 0; i < count; ++i) {
            matches[i] = found[i];
        }
    }

    /// Of no energy when they do not cross.
    function best(QuoteBook book, uint64 askId, uint64 bidId, uint256 askFilled, uint256 bidFilled, bool weak)
        private
        view
        returns (Match memory next)
    {
        Quote memory ask = book.quoteOf(QuoteBook.Side.ASK, askId);
        Quote memory bid = book.quoteOf(QuoteBook.Side.BID, bidId);
        (next.ask, next.bid) = (askId, bidId);
        (next.askPrice, next.bidPrice) = (ask.pricePerKwh, bid.pricePerKwh);
        next.doubledPrice = uint64(ask.pricePerKwh) + bid.pricePerKwh;
        if (!MatchList.crosses(ask.pricePerKwh, bid.pricePerKwh, weak)) return next;
        (uint256 restAsk, uint256 restBid) = (ask.restWh - askFilled, bid.restWh - bidFilled);
        next.energyWh = uint64(restAsk < restBid ? restAsk : restBid);
    }

    function fill(Best memory side_, uint256 whole, uint256 energy) private pure {
        side_.filled += energy;
        if (side_.filled == whole) (side_.at_, side_.filled) = (side_.at_ + 1, 0);
    }
}

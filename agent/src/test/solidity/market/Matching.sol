// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {OrderBook} from "../../../main/solidity/OrderBook.sol";
import {Match, MatchList, Quote} from "../../../main/solidity/market/MatchList.sol";
import {QuoteBook} from "../../../main/solidity/market/QuoteBook.sol";

/// What somebody off chain does with the open quotes: sorts them, and matches the best pair until none crosses.
library Matching {
    struct List {
        uint64[] asks;
        uint64[] bids;
        Match[] matches;
    }

    /// Of the ids up to `lastId`.
    function of_(OrderBook book, uint64 lastId, bool weak) internal view returns (List memory list) {
        list.asks = side(book, QuoteBook.Side.ASK, lastId);
        list.bids = side(book, QuoteBook.Side.BID, lastId);
        list.matches = matched(book, list.asks, list.bids, weak);
    }

    function side(OrderBook book, QuoteBook.Side which, uint64 lastId) private view returns (uint64[] memory ids) {
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

    function matched(OrderBook book, uint64[] memory asks, uint64[] memory bids, bool weak)
        private
        view
        returns (Match[] memory matches)
    {
        Match[] memory found = new Match[](asks.length + bids.length);
        (uint256 a, uint256 b, uint256 count) = (0, 0, 0);
        (uint256 filledAsk, uint256 filledBid) = (0, 0);
        while (a < asks.length && b < bids.length) {
            Quote memory ask = book.quoteOf(QuoteBook.Side.ASK, asks[a]);
            Quote memory bid = book.quoteOf(QuoteBook.Side.BID, bids[b]);
            if (!MatchList.crosses(ask.pricePerKwh, bid.pricePerKwh, weak)) break;
            (uint256 restAsk, uint256 restBid) = (ask.restWh - filledAsk, bid.restWh - filledBid);
            uint256 volume = restAsk < restBid ? restAsk : restBid;
            found[count++] = Match(asks[a], bids[b], uint64(ask.pricePerKwh) + bid.pricePerKwh, uint64(volume));
            (filledAsk, filledBid) = (filledAsk + volume, filledBid + volume);
            if (volume == restAsk) (a, filledAsk) = (a + 1, 0);
            if (volume == restBid) (b, filledBid) = (b + 1, 0);
        }
        matches = new Match[](count);
        for (uint256 i = 0; i < count; ++i) {
            matches[i] = found[i];
        }
    }
}

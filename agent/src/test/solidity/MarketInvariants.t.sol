// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {OrderBook} from "../../main/solidity/OrderBook.sol";
import {OrderTerms} from "../../main/solidity/market/OrderTerms.sol";
import {ReviewBoard} from "../../main/solidity/ReviewBoard.sol";
import {Rule, Veto} from "../../main/solidity/market/ReviewRules.sol";
import {Metering} from "../../main/solidity/market/Settlement.sol";
import {MarketFixture} from "./MarketFixture.sol";
import {Test} from "./foundry/Test.sol";

/// Moves many orders on, in whatever order: each call does to one of them what could be done next, or what can't.
contract MarketHandler is MarketFixture {
    uint256 private constant MOST_ORDERS = 40;

    OrderTerms[] private orders;
    address[3] private sellers;
    uint256[3] private keys;

    /// What went into escrow, and what was claimed.
    uint256 public locked;
    uint256 public claimed;
    bool public approvedTwice;
    bool public promisedTooMuch;
    bool public leftItsEnd;
    bool public splitWrong;
    mapping(bytes32 key => uint256) private approvals;
    mapping(bytes32 key => OrderBook.Status) private ended;
    /// How many orders ended in which state.
    uint256[12] public ends;

    function setUp() public override {
        super.setUp();
        sellers[0] = seller;
        keys[0] = sellerKey;
        for (uint256 i = 1; i < 3; ++i) {
            (keys[i], sellers[i]) = keyOf(i == 1 ? "pile-2" : "pile-3");
            registerPile(sellers[i], 10_000);
            hang(sellers[i], FEEDER);
            fund(sellers[i]);
        }
        vm.warp(NOW - 1 days);
        publishFeeders(15_000);
        vm.warp(NOW);
    }

    function open(uint256 seed) external {
        if (orders.length == MOST_ORDERS) return;
        OrderTerms memory terms = usual();
        terms.seller = sellers[seed % 3];
        terms.pile = pileOf(terms.seller);
        if ((seed >> 4) % 4 == 0) exported(terms);
        uint40 length = uint40(60 + (seed >> 8) % 3000);
        terms.start = uint40(block.timestamp) + 1 hours + 20 minutes + uint40((seed >> 32) % 600);
        terms.end = terms.start + (length > 2000 ? 2000 : length);
        withEnergy(terms, uint64(1 + (seed >> 64) % ((terms.end - terms.start) * 10_500 / 3600)));
        terms.defaultRate = uint64((seed >> 96) % 1000);
        locked += terms.energyWh * 600 / 2000 + 500;
        orders.push(request(terms));
    }

    /// Does the next things in an order's life, or lets them fail.
    function advance(uint256 which, uint256 how) external {
        if (orders.length == 0) return;
        OrderTerms memory terms = orders[which % orders.length];
        for (uint256 steps = how % 6; steps > 0; --steps) {
            how = uint256(keccak256(abi.encode(how)));
            advance(terms, how);
        }
    }

    function advance(OrderTerms memory terms, uint256 how) private {
        OrderBook.Status status = statusOf(terms);
        if (status == OrderBook.Status.REQUESTED) answer(terms, how);
        else if (status == OrderBook.Status.CONFIRMED) signBoth(terms);
        else if (status == OrderBook.Status.ESTABLISHED) judge(terms, how);
        else if (status == OrderBook.Status.APPROVED) try book.record(terms) {} catch {}
        else deliver(terms, how);
        note(terms);
    }

    /// Tries what is out of turn as likely as not.
    function meddle(uint256 which, uint256 how) external {
        if (orders.length == 0) return;
        OrderTerms memory terms = orders[which % orders.length];
        if (how % 4 == 0) judge(terms, how);
        else if (how % 4 == 1) deliver(terms, how);
        else if (how % 4 == 2) answer(terms, how);
        else try book.expire(terms) {} catch {}
        note(terms);
    }

    function wait(uint256 seconds_) external {
        vm.warp(block.timestamp + bound(seconds_, 1, 20 minutes));
    }

    /// Long enough for the oldest to be delivered, or to have failed.
    function waitLong(uint256 seconds_, uint8 often) external {
        if (often % 4 == 0) vm.warp(block.timestamp + bound(seconds_, 1 hours, 2 days));
    }

    function claim(uint256 who) external {
        address[6] memory all = [sellers[0], sellers[1], sellers[2], buyer, grid, agency];
        address account = all[who % 6];
        uint256 amount = book.owed(account);
        if (amount == 0) return;
        book.claim(account);
        claimed += amount;
    }

    function suspend(uint256 who) external {
        if (who % 4 == 0) parties.suspend(sellers[(who >> 8) % 3]);
        else registerPile(sellers[(who >> 8) % 3], 10_000);
    }

    // -------------------------------------------------------------------------------------------------- reading

    function held() external view returns (uint256) {
        return token.balanceOf(address(book));
    }

    /// All that is in escrow or waits to be claimed.
    function liabilities() external view returns (uint256 sum) {
        for (uint256 i = 0; i < orders.length; ++i) {
            bytes32 key = keyOf(orders[i]);
            sum += book.escrowOf(key).buyer + book.escrowOf(key).seller;
        }
        sum += book.owed(buyer) + book.owed(grid) + book.owed(agency);
        for (uint256 i = 0; i < 3; ++i) {
            sum += book.owed(sellers[i]);
        }
    }

    /// Whether everybody owes the registry as many orders as are open of it, and no more (P1-11).
    function allAreObliged() external view returns (bool) {
        for (uint256 i = 0; i < 3; ++i) {
            if (!isObliged(sellers[i])) return false;
        }
        return isObliged(buyer);
    }

    /// Whether somebody exports through two piles at a time.
    function exportsTwice() external view returns (bool) {
        for (uint256 i = 0; i < orders.length; ++i) {
            for (uint256 j = 0; j < i; ++j) {
                if (isExporting(orders[i]) && isExporting(orders[j]) && overlap(orders[i], orders[j])) return true;
            }
        }
        return false;
    }

    // --------------------------------------------------------------------------------------------------- inside

    function isObliged(address account) private view returns (bool) {
        uint256 open_ = 0;
        for (uint256 i = 0; i < orders.length; ++i) {
            OrderBook.Status status = statusOf(orders[i]);
            bool binds = status == OrderBook.Status.CONFIRMED
                || (status >= OrderBook.Status.ESTABLISHED && status < OrderBook.Status.SETTLED && !isOver(status));
            if (binds && (orders[i].seller == account || orders[i].buyer == account)) ++open_;
        }
        return parties.obligationsFrom(pileOf(account), address(book)) == open_;
    }

    function isExporting(OrderTerms memory terms) private view returns (bool) {
        return terms.exported
            && board.outcomeOf(address(book), keyOf(terms)) == ReviewBoard.Outcome.APPROVED;
    }

    function overlap(OrderTerms memory one, OrderTerms memory other) private pure returns (bool) {
        return one.seller == other.seller && one.start < other.end && other.start < one.end;
    }

    function isOver(OrderBook.Status status) private pure returns (bool) {
        return status == OrderBook.Status.REFUSED || status == OrderBook.Status.REJECTED
            || status == OrderBook.Status.EXPIRED || status >= OrderBook.Status.SETTLED;
    }

    function answer(OrderTerms memory terms, uint256 how) private {
        bool asked = statusOf(terms) == OrderBook.Status.REQUESTED;
        vm.prank(terms.seller);
        if (how % 8 == 2) {
            try book.refuse(terms) {} catch {}
        } else {
            try book.confirm(terms, "", noPermit()) {
                locked += terms.defaultAmount;
                if (!asked) leftItsEnd = true;
            } catch {}
        }
    }

    function signBoth(OrderTerms memory terms) private {
        bytes memory buyers = signed(buyerKey, terms);
        vm.prank(terms.seller);
        try book.establish(terms, buyers, "") {} catch {}
    }

    function judge(OrderTerms memory terms, uint256 how) private {
        vm.prank(agency);
        if (how % 16 == 8) {
            try board.veto(book, terms, Veto(how % 3)) {} catch {}
            return;
        }
        try board.review(book, terms, enclosed()) returns (Rule broken) {
            if (broken != Rule.NONE) return;
            if (++approvals[keyOf(terms)] > 1) approvedTwice = true;
            for (uint256 time = terms.start; time < terms.end; time += 5 minutes) {
                if (board.feederPromised(FEEDER, terms.exported, time) > 15_000) promisedTooMuch = true;
                if (board.pilePromised(terms.pile, time) > 10_000) promisedTooMuch = true;
            }
        } catch {}
    }

    function deliver(OrderTerms memory terms, uint256 how) private {
        uint64 available = uint64((how >> 8) % 12_000);
        uint64 taken = uint64((how >> 32) % (available + 1));
        if ((how >> 128) % 2 == 0) (available, taken) = (terms.energyWh, terms.energyWh);
        uint256 before = liabilitiesOf(terms);
        uint256 escrow = book.escrowOf(keyOf(terms)).buyer + book.escrowOf(keyOf(terms)).seller;
        if (how % 3 == 0) {
            vm.prank(terms.seller);
            try book.begin(terms) {} catch {}
            vm.prank(terms.seller);
            try book.acknowledge(terms, uint64((how >> 64) % 4000), "") {} catch {}
        } else if (how % 3 == 1) {
            Metering memory metering = Metering(available, taken, uint64((how >> 64) % 4000));
            bytes memory buyers = signed(buyerKey, terms, metering);
            vm.prank(terms.seller);
            try book.settle(terms, metering, buyers, "") {
                if (liabilitiesOf(terms) - before != escrow) splitWrong = true;
            } catch {}
        } else {
            bytes memory evidence = meterRecord(meterKey, terms, available, taken);
            try book.settleByMeter(terms, available, taken, terms.end, evidence) {
                if (liabilitiesOf(terms) - before != escrow) splitWrong = true;
            } catch {}
        }
    }

    function liabilitiesOf(OrderTerms memory terms) private view returns (uint256) {
        return book.owed(terms.buyer) + book.owed(terms.seller) + book.owed(grid) + book.owed(agency);
    }

    function note(OrderTerms memory terms) private {
        bytes32 key = keyOf(terms);
        OrderBook.Status status = statusOf(terms);
        OrderBook.Status before = ended[key];
        if (before != OrderBook.Status.NONE && status != before) leftItsEnd = true;
        if (!isOver(status)) return;
        if (before == OrderBook.Status.NONE) ++ends[uint256(status)];
        ended[key] = status;
    }

    function statusOf(OrderTerms memory terms) private view returns (OrderBook.Status) {
        return book.orderOf(keyOf(terms)).status;
    }
}

/// What holds after any sequence of what anybody does.
contract MarketInvariantsTest is Test {
    MarketHandler private handler;

    function setUp() public {
        handler = new MarketHandler();
        handler.setUp();
        bytes4[] memory selectors = new bytes4[](8);
        selectors[0] = MarketHandler.open.selector;
        selectors[1] = MarketHandler.advance.selector;
        selectors[2] = MarketHandler.advance.selector;
        selectors[3] = MarketHandler.meddle.selector;
        selectors[4] = MarketHandler.wait.selector;
        selectors[5] = MarketHandler.waitLong.selector;
        selectors[6] = MarketHandler.claim.selector;
        selectors[7] = MarketHandler.suspend.selector;
        targetSelectors(address(handler), selectors);
    }

    function invariant_moneyOrdersAndPromisesAddUp() public view {
        // whatever is in the contract is in escrow or owed, and nothing was lost on the way
        assertEq(handler.held(), handler.liabilities(), "held and owed");
        assertEq(handler.locked(), handler.held() + handler.claimed(), "in and out");
        assertFalse(handler.splitWrong(), "a settlement pays the escrow out, to the last unit");
        assertFalse(handler.approvedTwice(), "an order is approved once");
        assertFalse(handler.leftItsEnd(), "an order that is over stays so");
        assertFalse(handler.promisedTooMuch(), "no feeder and no pile is promised too much");
        assertTrue(handler.allAreObliged(), "who has an open order can't leave, and who has none can");
        assertFalse(handler.exportsTwice(), "a car is at one pile at a time");
    }

    /// The handler above is worth something only if orders come to every end there is.
    function test_ordersComeToEveryEnd() public {
        uint256 seed = 1;
        for (uint256 i = 0; i < 600; ++i) {
            seed = uint256(keccak256(abi.encode(seed)));
            uint256 what = seed % 8;
            if (what < 2) handler.open(seed >> 8);
            else if (what < 6) handler.advance(seed >> 8, seed >> 16);
            else if (what == 6) handler.meddle(seed >> 8, seed >> 16);
            else if (i % 40 == 39) handler.waitLong(seed >> 8, 0);
            else handler.wait(seed >> 8);
        }
        invariant_moneyOrdersAndPromisesAddUp();
        OrderBook.Status[5] memory all = [
            OrderBook.Status.REFUSED,
            OrderBook.Status.REJECTED,
            OrderBook.Status.EXPIRED,
            OrderBook.Status.SETTLED,
            OrderBook.Status.DEFAULTED
        ];
        for (uint256 i = 0; i < all.length; ++i) {
            assertGt(handler.ends(uint256(all[i])), 0, vm.toString(uint256(all[i])));
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {OfferBoard} from "../../main/solidity/OfferBoard.sol";
import {OrderBook} from "../../main/solidity/OrderBook.sol";
import {OrderTerms} from "../../main/solidity/market/OrderTerms.sol";
import {Rule} from "../../main/solidity/market/ReviewRules.sol";
import {Metering} from "../../main/solidity/market/Settlement.sol";
import {Till} from "../../main/solidity/market/Till.sol";
import {Permit} from "../../main/solidity/payments/Payouts.sol";
import {MarketFixture} from "./MarketFixture.sol";
import {OddMoney} from "./tokens/OddMoney.sol";

/// A wallet that signs as its owner does.
contract Wallet is IERC1271 {
    address private immutable owner;

    constructor(address owner_) {
        owner = owner_;
    }

    function isValidSignature(bytes32 hash, bytes calldata signature) external view returns (bytes4) {
        (address signer,,) = ECDSA.tryRecover(hash, signature);
        return signer == owner ? IERC1271.isValidSignature.selector : bytes4(0);
    }
}

/// What somebody could try against an order, and that it comes to nothing.
contract OrderBookAttacksTest is MarketFixture {
    function test_aPermitThatSomebodySubmittedFirstDoesNoHarm() public {
        vm.prank(buyer);
        token.approve(address(book), 0);
        Permit memory permit = permitted(3500);
        vm.prank(stranger);
        IERC20Permit(address(token)).permit(
            buyer, address(book), 3500, permit.deadline, permit.v, permit.r, permit.s
        );
        OrderTerms memory terms = usual();
        vm.prank(buyer);
        book.request(terms, permit);
        assertEscrow(terms, 3500, 0);
    }

    function test_aRequestBringsItsPermit() public {
        vm.prank(buyer);
        token.approve(address(book), 0);
        OrderTerms memory terms = usual();
        Permit memory permit = permitted(3500);
        vm.prank(buyer);
        book.request(terms, permit);
        assertEscrow(terms, 3500, 0);
        assertEq(token.allowance(buyer, address(book)), 0, "used up");
    }

    function test_anAgencyThatIsSilentBlocksNothing() public {
        OrderTerms memory terms = establish(usual());
        vm.warp(NOW + 12 minutes + 1);
        vm.prank(stranger);
        book.expire(terms);
        assertStatus(OrderBook.Status.EXPIRED, terms);
        assertOwed(3500, 500, 0, 0);
        book.claim(buyer);
        book.claim(seller);
        assertEq(token.balanceOf(address(book)), 0, "all of it");
    }

    function test_aRegistryThatTurnsOnThePartiesKeepsNoMoney() public {
        OrderTerms memory terms = execute(usual());
        parties.suspend(seller);
        parties.suspend(buyer);
        settle(terms, 10_000, 10_000, 0);
        book.claim(seller);
        book.claim(buyer);
        assertOwed(0, 0, 90, 15);
    }

    /// The refund gives energy back to the listing, which the seller can amend as it likes.
    function test_aSellerCanNotBlockTheRefundByItsListing() public {
        vm.startPrank(seller);
        offers.publish(address(book), ELECTRICITY, OfferBoard.Offer(600, 10_000, NOON, NOON + 1 hours, 0));
        vm.stopPrank();
        OrderTerms memory terms = usual();
        (terms.listing, terms.listingVersion) = (1, 1);
        confirm(request(terms));
        vm.startPrank(seller);
        offers.amend(1, OfferBoard.Offer(600, 1e12, NOON, NOON + 1 hours, 0));
        offers.withdraw(1);
        vm.stopPrank();
        vm.warp(NOW + 11 minutes + 1);
        book.expire(terms);
        assertOwed(3500, 500, 0, 0);
        assertEq(offers.listingOf(1).openWh, 1e12, "the amendment said how much is open");
    }

    function test_aSignatureForAnotherChainOrBookIsNone() public {
        OrderTerms memory terms = confirm(request(usual()));
        bytes memory sellers = signed(sellerKey, terms);
        uint256 here = block.chainid;
        vm.chainId(here + 1);
        bytes memory buyers = signed(buyerKey, terms);
        vm.chainId(here);
        assertNotSigned(terms, buyers, sellers);
        OrderBook first = book;
        deploy();
        buyers = signed(buyerKey, terms);
        book = first;
        assertNotSigned(terms, buyers, sellers);
    }

    function test_theOtherFormOfASignatureIsNone() public {
        OrderTerms memory terms = confirm(request(usual()));
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(buyerKey, digest(keyOf(terms)));
        uint256 order = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141;
        bytes memory high = abi.encodePacked(r, bytes32(order - uint256(s)), v == 27 ? uint8(28) : uint8(27));
        assertNotSigned(terms, high, signed(sellerKey, terms));
    }

    /// ERC-1271: a party may be a contract that says itself what it has signed.
    function test_aWalletThatIsAContractSigns() public {
        Wallet wallet = new Wallet(buyer);
        fund(address(wallet));
        parties.register(address(wallet), 0);
        OrderTerms memory terms = usual();
        terms.buyer = address(wallet);
        confirm(request(terms));
        bytes memory sellers = signed(sellerKey, terms);
        vm.expectRevert(abi.encodeWithSelector(OrderBook.BadSignature.selector, address(wallet)));
        book.establish(terms, sellers, sellers);
        book.establish(terms, signed(buyerKey, terms), sellers);
        assertStatus(OrderBook.Status.ESTABLISHED, terms);
    }

    /// A contract would say tomorrow that it has signed nothing, and be paid again: nobody pays on its receipt.
    function test_whatAContractSignedIsNoReceipt() public {
        Wallet wallet = new Wallet(seller);
        registerPile(address(wallet), 10_000);
        hang(address(wallet), FEEDER);
        fund(address(wallet));
        OrderTerms memory terms = usual();
        (terms.seller, terms.pile) = (address(wallet), pileOf(address(wallet)));
        execute(terms);
        bytes memory no = abi.encodeWithSelector(OrderBook.BadSignature.selector, address(wallet));
        bytes memory paid = receipt(sellerKey, terms, 3000);
        vm.prank(buyer);
        vm.expectRevert(no);
        book.acknowledge(terms, 3000, paid);
        Metering memory metering = Metering(10_000, 10_000, 3000);
        bytes memory sellers = signed(sellerKey, terms, metering);
        vm.prank(buyer);
        vm.expectRevert(no);
        book.settle(terms, metering, "", sellers);
        vm.prank(address(wallet));
        book.acknowledge(terms, 3000, "");
        assertEq(book.orderOf(keyOf(terms)).paid, 3000, "it can say so itself");
    }

    /// EIP-7702: an account can become a contract that denies what its key has signed.
    function test_aSellerThatBecomesAContractCanNotTakeItsReceiptBack() public {
        OrderTerms memory terms = execute(usual());
        bytes memory paid = receipt(sellerKey, terms, 3000);
        // returns nothing, whatever it is asked
        vm.etch(seller, hex"00");
        vm.prank(buyer);
        book.acknowledge(terms, 3000, paid);
        assertEq(book.orderOf(keyOf(terms)).paid, 3000, "acknowledged");
    }

    function test_aMeterThatIsAContractHasSignedNothing() public {
        Wallet wallet = new Wallet(stranger);
        OrderTerms memory terms = execute(usual());
        vm.warp(terms.end + 1 hours);
        bytes memory record_ = meterRecord(meterKey, terms, 10_000, 10_000);
        vm.etch(meter, address(wallet).code);
        (uint256 strangers,) = keyOf("stranger");
        bytes memory theirs = meterRecord(strangers, terms, 0, 0);
        vm.expectRevert(abi.encodeWithSelector(OrderBook.BadSignature.selector, meter));
        book.settleByMeter(terms, 0, 0, terms.end, theirs);
        book.settleByMeter(terms, 10_000, 10_000, terms.end, record_);
        assertStatus(OrderBook.Status.SETTLED, terms);
    }

    /// P1-11: the registry can't keep anybody's money, not even by refusing to let the parties go.
    function test_aRegistryThatLetsNobodyGoHoldsUpNoSettlement() public {
        OrderTerms memory terms = execute(usual());
        parties.becomeStubborn();
        vm.expectEmit(address(book));
        emit OrderBook.StillObliged(keyOf(terms), pileOf(seller));
        vm.expectEmit(address(book));
        emit OrderBook.StillObliged(keyOf(terms), pileOf(buyer));
        vm.prank(stranger);
        book.settle(terms, whole(), signed(buyerKey, terms, whole()), signed(sellerKey, terms, whole()));
        assertOwed(500, 500 + 2895, 90, 15);
    }

    /// Whoever brings a settlement can't leave the other side obliged by being stingy with gas.
    function test_noAmountOfGasSettlesAndLeavesAPartyObliged() public {
        OrderTerms memory terms = execute(usual());
        bytes memory buyers = signed(buyerKey, terms, whole());
        bytes memory sellers = signed(sellerKey, terms, whole());
        bool settled;
        for (uint256 gas_ = 20_000; !settled; gas_ += 500) {
            uint256 before = vm.snapshotState();
            vm.cool(address(book));
            vm.cool(address(parties));
            try book.settle{gas: gas_}(terms, whole(), buyers, sellers) {
                settled = true;
            } catch {
                vm.revertToState(before);
            }
        }
        assertEq(parties.obligationsFrom(pileOf(seller), address(book)), 0, "the seller's");
        assertEq(parties.obligationsFrom(pileOf(buyer), address(book)), 0, "the buyer's");
    }

    /// What one type of statement says is not another's, even with the same numbers.
    function test_aReceiptIsNoMetering() public {
        OrderTerms memory terms = execute(usual());
        bytes memory paid = receipt(sellerKey, terms, 0);
        bytes memory record_ = meterRecord(sellerKey, terms, 0, 0);
        vm.startPrank(buyer);
        vm.expectRevert(abi.encodeWithSelector(OrderBook.BadSignature.selector, seller));
        book.settle(terms, Metering(0, 0, 0), "", paid);
        vm.expectRevert(abi.encodeWithSelector(OrderBook.BadSignature.selector, seller));
        book.settle(terms, Metering(0, 0, 0), "", record_);
        vm.stopPrank();
    }

    /// P2-10: whatever comes in whatever order, no slot of the feeder and of a seller is promised too much.
    function testFuzz_noOrderOfApprovalsPromisesTooMuch(uint256 seed) public {
        uint256[11] memory rules = reviewMany(seed, 12);
        assertGt(rules[uint256(Rule.NONE)], 0, "the first fits");
        assertEq(
            rules[uint256(Rule.NONE)] + rules[uint256(Rule.R5)] + rules[uint256(Rule.R6)], 12, "or there is no room"
        );
    }

    /// The above is worth something only if some are turned down for the feeder, and some for the pile.
    function test_someFitNoFeederAndSomeNoPile() public {
        uint256[11] memory rules = reviewMany(1, 60);
        assertGt(rules[uint256(Rule.NONE)], 2, "approved");
        assertGt(rules[uint256(Rule.R5)], 2, "no room on the feeder");
        assertGt(rules[uint256(Rule.R6)], 2, "no room at the pile");
    }

    /// How many reviews ended with which rule.
    function reviewMany(uint256 seed, uint256 count) private returns (uint256[11] memory rules) {
        vm.warp(NOW - 1 days);
        publishFeeders(18_000);
        vm.warp(NOW);
        for (uint256 i = 0; i < count; ++i) {
            seed = uint256(keccak256(abi.encode(seed)));
            OrderTerms memory terms = usual();
            if (seed % 2 == 0) (terms.seller, terms.pile) = (otherSeller, pileOf(otherSeller));
            uint40 length = uint40(1 + (seed >> 8) % 3600);
            terms.start = NOON + uint40((seed >> 32) % (3601 - length));
            terms.end = terms.start + length;
            withEnergy(terms, uint64(1 + (seed >> 64) % (uint256(length) * 8_000 / 3600 + 1)));
            if (terms.energyWh * 3600 > uint256(length) * 10_000) withEnergy(terms, 1);
            establish(terms);
            vm.prank(agency);
            ++rules[uint256(board.review(book, terms, enclosed()))];
        }
        for (uint256 time = NOON; time < NOON + 1 hours; time += 15 minutes) {
            assertLe(board.feederPromised(FEEDER, false, time), 18_000, "feeder");
            assertLe(board.pilePromised(pileOf(seller), time), 10_000, "pile");
            assertLe(board.pilePromised(pileOf(otherSeller), time), 10_000, "other pile");
        }
    }

    function whole() private pure returns (Metering memory) {
        return Metering(10_000, 10_000, 0);
    }

    function permitted(uint256 amount) private view returns (Permit memory) {
        bytes32 typehash =
            keccak256("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)");
        bytes32 hash = keccak256(abi.encode(typehash, buyer, address(book), amount, 0, NOON));
        bytes32 domain = IERC20Permit(address(token)).DOMAIN_SEPARATOR();
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(buyerKey, keccak256(abi.encodePacked(hex"1901", domain, hash)));
        return Permit(NOON, v, r, s);
    }

    function assertNotSigned(OrderTerms memory terms, bytes memory buyers, bytes memory sellers) private {
        vm.expectRevert(abi.encodeWithSelector(OrderBook.BadSignature.selector, buyer));
        book.establish(terms, buyers, sellers);
    }
}

/// P2-14: tokens as some are.
contract OrderBookTokensTest is MarketFixture {
    function newToken() internal override returns (IERC20) {
        return new OddMoney();
    }

    bytes32 private constant GUARD = bytes32(ReentrancyGuardTransient.ReentrancyGuardReentrantCall.selector);

    function odd() private view returns (OddMoney) {
        return OddMoney(address(token));
    }

    function test_aTokenThatTakesAFeeIsRefused() public {
        odd().become(OddMoney.Quirk.TakesFee);
        OrderTerms memory terms = usual();
        vm.prank(buyer);
        vm.expectRevert(abi.encodeWithSelector(Till.NotExact.selector, 3500, 3465));
        book.request(terms, noPermit());
        assertStatus(OrderBook.Status.NONE, terms);
    }

    function test_aTokenThatSaysNoIsBelieved() public {
        odd().become(OddMoney.Quirk.ReturnsFalse);
        OrderTerms memory terms = usual();
        vm.prank(buyer);
        vm.expectRevert(abi.encodeWithSelector(SafeERC20.SafeERC20FailedOperation.selector, address(token)));
        book.request(terms, noPermit());
    }

    function test_aTokenThatSaysNothingWorks() public {
        odd().become(OddMoney.Quirk.ReturnsNothing);
        OrderTerms memory terms = execute(usual());
        settle(terms, 10_000, 10_000, 0);
        book.claim(buyer);
        assertOwed(0, 500 + 2895, 90, 15);
    }

    function test_aPausedTokenBlocksNoSettlement() public {
        OrderTerms memory terms = execute(usual());
        odd().become(OddMoney.Quirk.Paused);
        settle(terms, 10_000, 10_000, 0);
        assertStatus(OrderBook.Status.SETTLED, terms);
        vm.expectRevert(bytes("paused"));
        book.claim(seller);
        assertOwed(500, 500 + 2895, 90, 15);
        odd().become(OddMoney.Quirk.None);
        book.claim(seller);
        assertOwed(500, 0, 90, 15);
    }

    function test_whomTheTokenRefusesToPayHoldsNobodyUp() public {
        OrderTerms memory terms = execute(usual());
        odd().blackList(buyer);
        settle(terms, 10_000, 10_000, 0);
        book.claim(seller);
        book.claim(grid);
        book.claim(agency);
        vm.expectRevert(bytes("on the black list"));
        book.claim(buyer);
        vm.prank(buyer);
        book.claimTo(stranger);
        assertEq(token.balanceOf(stranger), 500, "elsewhere");
        assertEq(token.balanceOf(address(book)), 0, "all of it");
    }

    function test_aTokenThatCallsBackGetsNowhere() public {
        OrderTerms memory open = request(usual());
        vm.prank(seller);
        book.refuse(open);
        OrderTerms memory terms = usual();
        odd().callBack(address(book), abi.encodeCall(Till.claim, (buyer)));
        request(terms);
        assertTrue(odd().calledBack(), "it tried");
        assertFalse(odd().callBackSucceeded(), "while it is taken from");
        assertEq(odd().callBackError(), GUARD, "by the guard");
        odd().callBack(address(book), abi.encodeCall(Till.claim, (buyer)));
        book.claim(buyer);
        assertFalse(odd().callBackSucceeded(), "while it pays");
        assertEq(odd().callBackError(), GUARD, "by the guard");
        assertEq(token.balanceOf(address(book)), 3500, "what the open order holds");
        assertOwed(0, 0, 0, 0);
    }
}

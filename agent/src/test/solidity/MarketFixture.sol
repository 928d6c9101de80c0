// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {OfferBoard} from "../../main/solidity/OfferBoard.sol";
import {OrderBook} from "../../main/solidity/OrderBook.sol";
import {CycleRules, QuoteBook} from "../../main/solidity/QuoteBook.sol";
import {ReviewBoard} from "../../main/solidity/ReviewBoard.sol";
import {IRegistry} from "../../main/solidity/interfaces/IRegistry.sol";
import {Timing} from "../../main/solidity/market/Deadlines.sol";
import {OrderTerms, Terms} from "../../main/solidity/market/OrderTerms.sol";
import {Enclosed, Limits, LineLimit} from "../../main/solidity/market/ReviewRules.sol";
import {Metering} from "../../main/solidity/market/Settlement.sol";
import {Permit} from "../../main/solidity/payments/Payouts.sol";
import {Test} from "./foundry/Test.sol";
import {Vm} from "./foundry/Vm.sol";
import {Money} from "./tokens/Money.sol";
import {BookMaker} from "./market/BookMaker.sol";
import {Parties} from "./market/Parties.sol";

/// An hour before noon, everything set up for orders of 10 kWh in the hour from noon at 300 a kWh: the numbers of the
/// Java model's tests, and limits that this order just keeps.
abstract contract MarketFixture is Test {
    uint40 internal constant NOON = 1767268800;
    uint40 internal constant NOW = NOON - 1 hours;
    bytes32 internal constant FEEDER = "feeder-1";
    bytes32 internal constant OTHER_FEEDER = "feeder-2";
    bytes32 internal constant ELECTRICITY = "electricity";

    address internal seller;
    address internal buyer;
    address internal meter;
    uint256 internal sellerKey;
    uint256 internal buyerKey;
    uint256 internal meterKey;
    /// Both coordinates.
    bytes internal meterPublicKey;
    address internal grid = accountOf("grid");
    address internal agency = accountOf("agency");
    address internal deputy = accountOf("deputy");
    address internal otherSeller = accountOf("pile-2");
    address internal stranger = accountOf("stranger");

    Parties internal parties;
    OfferBoard internal offers;
    ReviewBoard internal board;
    QuoteBook internal quotes;
    OrderBook internal book;
    IERC20 internal token;
    uint64 internal nextId;

    function setUp() public virtual {
        (sellerKey, seller) = keyOf("pile-1");
        (buyerKey, buyer) = keyOf("car-1");
        (meterKey, meter) = keyOf("meter-1");
        meterPublicKey = publicKey(meterKey);
        vm.warp(NOW - 2 days);
        token = newToken();
        deploy();
        publishFeeders(10_000);
        hang(seller, FEEDER);
        hang(otherSeller, FEEDER);
        hang(buyer, FEEDER);
        vm.warp(NOW);
        fund(buyer);
        fund(seller);
        fund(otherSeller);
    }

    /// @param foreseen where the order book will be
    function register(address foreseen) internal virtual {
        foreseen;
        parties = new Parties();
        registerPile(seller, 10_000);
        registerPile(otherSeller, 10_000);
        registerPile(buyer, 10_000);
    }

    /// All piles of these tests have the same meter.
    function registerPile(address account, uint64 ratedPowerW) internal {
        parties.register(account, ratedPowerW);
        parties.meter(account, meterPublicKey);
    }

    /// Registry, board and quotes name the order book before it exists.
    function deploy() internal {
        BookMaker maker = new BookMaker();
        address[] memory books = new address[](1);
        books[0] = vm.computeCreateAddress(address(maker), 1);
        if (address(registry()) == address(0)) register(books[0]);
        offers = new OfferBoard(registry(), 10 minutes, 3);
        board = new ReviewBoard(setup(books), limits());
        quotes = new QuoteBook(registry(), books[0], cycles());
        book = maker.make(token, registry(), offers, quotes, board, timing());
    }

    function setup(address[] memory books) internal view virtual returns (ReviewBoard.Setup memory) {
        return ReviewBoard.Setup(registry(), agency, deputy, grid, new bytes32[](0), books, 15 minutes, 1 days);
    }

    function registry() internal view virtual returns (IRegistry) {
        return IRegistry(address(parties));
    }

    function newToken() internal virtual returns (IERC20) {
        return new Money();
    }

    function fund(address account) internal {
        Money(address(token)).mint(account, 1e12);
        vm.prank(account);
        token.approve(address(book), type(uint256).max);
    }

    function timing() internal pure returns (Timing memory) {
        return Timing(10 minutes, 11 minutes, 12 minutes, 13 minutes, 1 hours, 1 days);
    }

    function cycles() internal pure virtual returns (CycleRules memory) {
        return CycleRules(NOW, 15 minutes, 3, 60, 100, 16, 4, 1, false);
    }

    /// What the usual order just keeps.
    function limits() internal pure virtual returns (Limits memory) {
        return Limits(1 hours, 2 hours, 300, 400, 300, 50, 1000, 50, 1, 1);
    }

    function publishFeeders(uint32 watts) internal {
        bytes32[] memory names = new bytes32[](2);
        uint32[] memory most = new uint32[](2);
        (names[0], names[1], most[0], most[1]) = (FEEDER, OTHER_FEEDER, watts, watts);
        vm.prank(agency);
        board.publishFeeders(names, most);
    }

    function hang(address account, bytes32 feeder) internal {
        bytes32[] memory piles = new bytes32[](1);
        bytes32[] memory names = new bytes32[](1);
        (piles[0], names[0]) = (pileOf(account), feeder);
        vm.prank(agency);
        board.publishPiles(piles, names);
    }

    /// 3500 and 500 in escrow.
    function usual() internal returns (OrderTerms memory terms) {
        terms.id = ++nextId;
        terms.seller = seller;
        terms.buyer = buyer;
        terms.doubledPrice = 600;
        terms.energyWh = 10_000;
        terms.start = NOON;
        terms.end = NOON + 1 hours;
        terms.feeder = FEEDER;
        terms.pile = pileOf(seller);
        terms.energyType = ELECTRICITY;
        terms.quantity = 10_000;
        terms.tableVersion = 1;
        terms.defaultAmount = 500;
        terms.defaultRate = 100;
        terms.toleranceBp = 1000;
        terms.gridBp = 300;
        terms.agencyBp = 50;
        terms.grid = grid;
        terms.agency = agency;
        terms.meter = meter;
    }

    function pileOf(address account) internal view virtual returns (bytes32) {
        return keccak256(abi.encode(account));
    }

    /// A car feeds the grid through the buyer's pile.
    function exported(OrderTerms memory terms) internal view returns (OrderTerms memory) {
        (terms.exported, terms.pile) = (true, pileOf(terms.buyer));
        return terms;
    }

    function withEnergy(OrderTerms memory terms, uint64 energyWh) internal pure returns (OrderTerms memory) {
        terms.energyWh = energyWh;
        terms.quantity = energyWh;
        return terms;
    }

    function publicKey(uint256 key) internal returns (bytes memory) {
        Vm.Wallet memory wallet = vm.createWallet(key);
        return abi.encode(wallet.publicKeyX, wallet.publicKeyY);
    }

    function noLines() internal pure returns (LineLimit[] memory) {}

    /// What a review is given where there are no lines.
    function enclosed() internal view returns (Enclosed memory) {
        return enclosed(noLines());
    }

    function enclosed(LineLimit[] memory lines) internal view returns (Enclosed memory) {
        return Enclosed(lines, noLines(), meterPublicKey);
    }

    function noPermit() internal pure returns (Permit memory) {}

    function keyOf(OrderTerms memory terms) internal pure returns (bytes32) {
        return keccak256(abi.encode(Terms.TYPEHASH, terms));
    }

    function digest(bytes32 structHash) internal view returns (bytes32) {
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("Chargepile Orders"),
                keccak256("1"),
                block.chainid,
                address(book)
            )
        );
        return keccak256(abi.encodePacked(hex"1901", domain, structHash));
    }

    function signed(uint256 key, OrderTerms memory terms) internal view returns (bytes memory) {
        return sign(key, digest(keyOf(terms)));
    }

    function signed(uint256 key, OrderTerms memory terms, Metering memory metering)
        internal
        view
        returns (bytes memory)
    {
        bytes32 typehash = keccak256("Metering(bytes32 order,uint64 availableWh,uint64 takenWh,uint64 paid)");
        return sign(key, digest(keccak256(abi.encode(typehash, keyOf(terms), metering))));
    }

    function receipt(uint256 key, OrderTerms memory terms, uint64 paid) internal view returns (bytes memory) {
        bytes32 typehash = keccak256("Receipt(bytes32 order,uint64 paid)");
        return sign(key, digest(keccak256(abi.encode(typehash, keyOf(terms), paid))));
    }

    function meterRecord(uint256 key, OrderTerms memory terms, uint64 availableWh, uint64 takenWh)
        internal
        view
        returns (bytes memory)
    {
        return meterRecord(key, terms, availableWh, takenWh, terms.end);
    }

    function meterRecord(uint256 key, OrderTerms memory terms, uint64 availableWh, uint64 takenWh, uint40 readAt)
        internal
        view
        returns (bytes memory)
    {
        bytes32 typehash =
            keccak256("MeterRecord(bytes32 order,uint64 availableWh,uint64 takenWh,uint40 readAt)");
        return sign(key, digest(keccak256(abi.encode(typehash, keyOf(terms), availableWh, takenWh, readAt))));
    }

    // ------------------------------------------------------------------------------ an order's life, step by step

    function request(OrderTerms memory terms) internal returns (OrderTerms memory) {
        vm.prank(terms.buyer);
        book.request(terms, noPermit());
        return terms;
    }

    function confirm(OrderTerms memory terms) internal returns (OrderTerms memory) {
        vm.prank(terms.seller);
        book.confirm(terms, "", noPermit());
        return terms;
    }

    function establish(OrderTerms memory terms) internal returns (OrderTerms memory) {
        confirm(request(terms));
        vm.prank(terms.buyer);
        book.sign(terms);
        vm.prank(terms.seller);
        book.sign(terms);
        return terms;
    }

    function approve(OrderTerms memory terms) internal returns (OrderTerms memory) {
        establish(terms);
        vm.prank(agency);
        board.review(book, terms, enclosed());
        assertStatus(OrderBook.Status.APPROVED, terms);
        return terms;
    }

    function record(OrderTerms memory terms) internal returns (OrderTerms memory) {
        approve(terms);
        book.record(terms);
        return terms;
    }

    function execute(OrderTerms memory terms) internal returns (OrderTerms memory) {
        record(terms);
        vm.warp(terms.start);
        vm.prank(terms.seller);
        book.begin(terms);
        return terms;
    }

    /// The seller settles with the buyer's signature.
    function settle(OrderTerms memory terms, uint64 availableWh, uint64 takenWh, uint64 paid) internal {
        Metering memory metering = Metering(availableWh, takenWh, paid);
        bytes memory signature = signed(buyerKey, terms, metering);
        vm.prank(terms.seller);
        book.settle(terms, metering, signature, "");
    }

    function assertStatus(OrderBook.Status status, OrderTerms memory terms) internal view {
        assertEq(uint256(book.orderOf(keyOf(terms)).status), uint256(status), "status");
    }

    function assertEscrow(OrderTerms memory terms, uint64 buyers, uint64 sellers) internal view {
        assertEq(book.escrowOf(keyOf(terms)).buyer, buyers, "the buyer's escrow");
        assertEq(book.escrowOf(keyOf(terms)).seller, sellers, "the seller's escrow");
    }

    function assertOwed(uint256 toBuyer, uint256 toSeller, uint256 toGrid, uint256 toAgency) internal view {
        assertEq(book.owed(buyer), toBuyer, "the buyer's");
        assertEq(book.owed(seller), toSeller, "the seller's");
        assertEq(book.owed(grid), toGrid, "the grid's");
        assertEq(book.owed(agency), toAgency, "the agency's");
    }

    function claimAll() internal {
        address[4] memory all = [buyer, seller, grid, agency];
        for (uint256 i = 0; i < all.length; ++i) {
            if (book.owed(all[i]) > 0) book.claim(all[i]);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IOfferBoard} from "./interfaces/IOfferBoard.sol";
import {IRegistry} from "./interfaces/IRegistry.sol";
import {OrderTerms} from "./market/OrderTerms.sol";

/// @notice Information release: what sellers offer, for all to read (P2-05). Holds no money and has
/// no owner. Against spam there is a rate limit for each registered seller.
contract OfferBoard is IOfferBoard {
    /// @notice A terawatt-hour, the most that is offered or quoted at once.
    uint64 public constant MOST_ENERGY_WH = 1e12;
    uint64 public constant MOST_DOUBLED_PRICE = 18e15;

    /// @param doubledPrice twice the price of a kilowatt-hour, as in an order
    /// @param energyWh electrical
    /// @param start of the time within which it can be delivered, Unix seconds
    /// @param end the first second that is no longer of it
    /// @param metadata hash of what else there is to say
    struct Offer {
        uint64 doubledPrice;
        uint64 energyWh;
        uint40 start;
        uint40 end;
        bytes32 metadata;
    }

    /// @param openWh what is not promised yet
    /// @param version from 1; each amendment has the next
    /// @param book the order book that may take from it
    /// @param withdrawn nothing more is sold of it
    struct Listing {
        address seller;
        uint64 openWh;
        uint32 version;
        address book;
        uint40 start;
        uint40 end;
        bool withdrawn;
        uint64 doubledPrice;
        bytes32 energyType;
    }

    IRegistry public immutable registry;
    /// @notice Seconds between a seller's announcements in the long run.
    uint40 public immutable interval;
    /// @notice Announcements that a seller may make at once.
    uint40 public immutable burst;

    uint64 private listings;
    uint64 private sequence;
    mapping(uint64 id => Listing) private byId;
    mapping(address seller => uint40 time) private paidUpTo;

    /// @param sequence counts the announcements of all sellers, without a gap
    event Published(
        uint64 indexed listing,
        address indexed seller,
        uint64 sequence,
        address book,
        bytes32 energyType,
        Offer offer
    );
    event Amended(uint64 indexed listing, uint64 sequence, uint32 version, Offer offer);
    event Withdrawn(uint64 indexed listing, uint64 sequence);
    /// @notice Energy was promised, or came back.
    event OpenChanged(uint64 indexed listing, uint64 openWh);

    error BadRate();
    error NotRegistered(address account);
    error TooOften(uint256 nextAt);
    error BadOffer();
    error NotTheSeller(uint64 listing);
    error NotTheBook(uint64 listing);
    error ListingWithdrawn(uint64 listing);
    error NotEnoughOpen(uint64 listing, uint64 openWh);
    error NotAsOffered(uint64 listing, uint32 version);

    constructor(IRegistry registry_, uint40 interval_, uint40 burst_) {
        if (interval_ > 1 days || burst_ == 0 || burst_ > 1000) revert BadRate();
        registry = registry_;
        interval = interval_;
        burst = burst_;
    }

    /// @param book the order book that may take from the listing
    /// @param energyType the name of the kind of energy in ASCII, such as `electricity`
    function publish(
        address book,
        bytes32 energyType,
        Offer calldata offer
    ) external returns (uint64 id) {
        announce();
        checkOffer(offer);
        if (book == address(0) || energyType == 0) revert BadOffer();
        id = ++listings;
        byId[id] = Listing(
            msg.sender,
            offer.energyWh,
            1,
            book,
            offer.start,
            offer.end,
            false,
            offer.doubledPrice,
            energyType
        );
        emit Published(id, msg.sender, ++sequence, book, energyType, offer);
    }

    /// @notice Another price, energy and window from now on; what is ordered already stays.
    /// @param offer its energy is what is open from now on
    function amend(uint64 id, Offer calldata offer) external {
        Listing storage listing = ofSeller(id);
        if (listing.withdrawn) revert ListingWithdrawn(id);
        announce();
        checkOffer(offer);
        listing.openWh = offer.energyWh;
        listing.doubledPrice = offer.doubledPrice;
        listing.start = offer.start;
        listing.end = offer.end;
        emit Amended(id, ++sequence, ++listing.version, offer);
    }

    /// @notice For good, and at any time: it is neither rated nor for the registered alone.
    function withdraw(uint64 id) external {
        Listing storage listing = ofSeller(id);
        if (listing.withdrawn) revert ListingWithdrawn(id);
        listing.withdrawn = true;
        emit Withdrawn(id, ++sequence);
    }

    /// @inheritdoc IOfferBoard
    function checkOffer(OrderTerms calldata terms) public view {
        Listing storage listing = ofBook(terms.listing);
        if (listing.withdrawn) revert ListingWithdrawn(terms.listing);
        if (
            listing.seller != terms.seller || listing.version != terms.listingVersion
                || listing.doubledPrice != terms.doubledPrice || listing.energyType != terms.energyType
                || terms.start < listing.start || terms.end > listing.end
        ) revert NotAsOffered(terms.listing, listing.version);
        if (terms.energyWh > listing.openWh) revert NotEnoughOpen(terms.listing, listing.openWh);
    }

    /// @inheritdoc IOfferBoard
    function take(OrderTerms calldata terms) external {
        checkOffer(terms);
        open(terms.listing, byId[terms.listing].openWh - terms.energyWh);
    }

    /// @inheritdoc IOfferBoard
    /// @dev A refund waits for this, so nothing that a seller can amend may make it revert.
    function giveBack(OrderTerms calldata terms) external {
        Listing storage listing = ofBook(terms.listing);
        if (listing.version == terms.listingVersion) open(terms.listing, listing.openWh + terms.energyWh);
    }

    function listingOf(uint64 id) external view returns (Listing memory) {
        return byId[id];
    }

    /// @notice When the seller may announce again; in the past when it may now.
    function nextAnnouncement(address seller) public view returns (uint256) {
        uint256 ahead = uint256(interval) * (burst - 1);
        uint256 upTo = paidUpTo[seller];
        return upTo > ahead ? upTo - ahead : 0;
    }

    /// @dev Each announcement costs an interval; a seller can be `burst` of them ahead.
    function announce() private {
        (bytes32 id, , ) = registry.activeParty(msg.sender);
        if (id == 0) revert NotRegistered(msg.sender);
        uint256 next = nextAnnouncement(msg.sender);
        if (block.timestamp < next) revert TooOften(next);
        uint256 upTo = paidUpTo[msg.sender];
        if (upTo < block.timestamp) upTo = block.timestamp;
        // a time within burst days of now
        paidUpTo[msg.sender] = uint40(upTo + interval);
    }

    function checkOffer(Offer calldata offer) private view {
        if (
            offer.energyWh == 0 ||
            offer.energyWh > MOST_ENERGY_WH ||
            offer.doubledPrice > MOST_DOUBLED_PRICE ||
            offer.start >= offer.end ||
            offer.end <= block.timestamp
        ) revert BadOffer();
    }

    function open(uint64 id, uint64 openWh) private {
        byId[id].openWh = openWh;
        emit OpenChanged(id, openWh);
    }

    function ofSeller(uint64 id) private view returns (Listing storage listing) {
        listing = byId[id];
        if (listing.seller != msg.sender) revert NotTheSeller(id);
    }

    function ofBook(uint64 id) private view returns (Listing storage listing) {
        listing = byId[id];
        if (listing.book != msg.sender) revert NotTheBook(id);
    }
}

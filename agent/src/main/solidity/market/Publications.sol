// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Terms} from "./OrderTerms.sol";
import {Factor, Limits, LineLimit} from "./ReviewRules.sol";

/// @notice What the agency publishes as data, for everybody to check its reviews with (P2-03, P2-08, P2-09). Limits,
/// fees and feeders come into force after a notice; a conversion table changes no order that names another.
abstract contract Publications {
    /// @notice Most slots between a review and the end of a delivery: a review visits each of them.
    uint256 public constant MOST_SLOTS = 1000;
    uint256 public constant MOST_LINES = 16;
    uint256 public constant MOST_LINE_FEEDERS = 16;
    uint256 public constant MOST_NOTICE = 30 days;

    /// @param limits, linesHash until `from`
    /// @param next, nextLinesHash from then on
    /// @param from Unix seconds
    struct Published {
        Limits limits;
        uint40 from;
        Limits next;
        bytes32 linesHash;
        bytes32 nextLinesHash;
    }

    struct Feeder {
        uint32 watts;
        uint32 next;
        uint40 from;
    }

    address public immutable agency;
    /// @notice Length of the slots in which power is added up, in seconds.
    uint40 public immutable slot;
    /// @notice Seconds after which limits and fees that are published come into force (P2-08).
    uint40 public immutable notice;

    mapping(bytes32 feeder => Feeder) private feeders;
    Published private published;
    /// @notice The newest conversion table; each order names the one it was made with (P2-03).
    uint32 public tables;
    mapping(uint32 version => mapping(bytes32 energyType => Factor)) public factor;

    event LimitsPublished(Limits limits, LineLimit[] lines, uint256 from);
    event FeederPublished(bytes32 indexed feeder, uint32 watts, uint256 from);
    event TablePublished(uint32 indexed version, bytes32[] energyTypes, bytes32[] units, Factor[] factors);

    error BadPublisher();
    error BadLimits();
    error BadTable();
    error NotTheAgency();

    /// @param first limits in force at once; there are no lines and no feeders yet
    constructor(address agency_, uint40 slot_, uint40 notice_, Limits memory first) {
        if (agency_ == address(0) || slot_ == 0 || notice_ > MOST_NOTICE) revert BadPublisher();
        agency = agency_;
        slot = slot_;
        notice = notice_;
        checkLimits(first);
        LineLimit[] memory none;
        published.next = first;
        published.nextLinesHash = keccak256(abi.encode(none));
        emit LimitsPublished(first, none, block.timestamp);
        tables = 1;
        factor[1]["electricity"] = Factor(1, 1);
    }

    modifier onlyAgency() {
        if (msg.sender != agency) revert NotTheAgency();
        _;
    }

    /// @notice Limits, fees and lines that hold from {notice} on. Orders that were requested before
    /// keep their fees.
    function publishLimits(Limits calldata limits, LineLimit[] calldata lines) external onlyAgency {
        checkLimits(limits);
        checkLines(lines);
        if (block.timestamp >= published.from) {
            published.limits = published.next;
            published.linesHash = published.nextLinesHash;
        }
        uint40 from = uint40(block.timestamp) + notice;
        published.from = from;
        published.next = limits;
        published.nextLinesHash = keccak256(abi.encode(lines));
        emit LimitsPublished(limits, lines, from);
    }

    /// @notice What feeders bear in each direction from {notice} on, in watts.
    function publishFeeders(bytes32[] calldata names, uint32[] calldata watts) external onlyAgency {
        if (names.length != watts.length) revert BadLimits();
        uint40 from = uint40(block.timestamp) + notice;
        for (uint256 i = 0; i < names.length; ++i) {
            feeders[names[i]] = Feeder(feederLimit(names[i]), watts[i], from);
            emit FeederPublished(names[i], watts[i], from);
        }
    }

    /// @notice One more conversion table (P2-03); there is no changing those that are there.
    /// @param units in which quantities are counted, for people
    function publishTable(
        bytes32[] calldata energyTypes,
        bytes32[] calldata units,
        Factor[] calldata factors
    ) external onlyAgency {
        if (energyTypes.length != factors.length || units.length != factors.length) revert BadTable();
        uint32 version = ++tables;
        for (uint256 i = 0; i < factors.length; ++i) {
            if (factors[i].numerator == 0 || factors[i].denominator == 0) revert BadTable();
            factor[version][energyTypes[i]] = factors[i];
        }
        emit TablePublished(version, energyTypes, units, factors);
    }

    function limitsInForce() public view returns (Limits memory) {
        return block.timestamp < published.from ? published.limits : published.next;
    }

    /// @return hash of the lines in force, as `keccak256(abi.encode(lines))`
    function linesInForce() public view returns (bytes32 hash) {
        return block.timestamp < published.from ? published.linesHash : published.nextLinesHash;
    }

    /// @return watts what the feeder bears in each direction; 0 for an unknown one
    function feederLimit(bytes32 name) public view returns (uint32 watts) {
        Feeder storage feeder = feeders[name];
        return block.timestamp < feeder.from ? feeder.watts : feeder.next;
    }

    function checkLimits(Limits memory limits) private view {
        if (
            limits.horizon <= limits.lead ||
            limits.horizon / slot > MOST_SLOTS ||
            limits.floor > limits.cap ||
            limits.cap > Terms.MOST_AMOUNT / 2 ||
            uint256(limits.gridBp) + limits.agencyBp > Terms.WHOLE
        ) revert BadLimits();
    }

    function checkLines(LineLimit[] calldata lines) private pure {
        if (lines.length > MOST_LINES) revert BadLimits();
        for (uint256 i = 0; i < lines.length; ++i) {
            LineLimit calldata line = lines[i];
            uint256 count = line.feeders.length;
            if (
                count > MOST_LINE_FEEDERS ||
                count != line.microPerWatt.length ||
                line.limit > Terms.MOST_AMOUNT
            ) revert BadLimits();
            for (uint256 j = 1; j < count; ++j) {
                if (line.feeders[j - 1] >= line.feeders[j]) revert BadLimits();
            }
        }
    }
}

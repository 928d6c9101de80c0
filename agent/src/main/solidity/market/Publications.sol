// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Terms} from "./OrderTerms.sol";
import {Factor, Limits, LineLimit} from "./ReviewRules.sol";

/// @notice What the agency publishes as data, for everybody to check its reviews with (P2-03, P2-04, P2-09). Limits,
/// fees, feeders and what hangs on them come into force after a notice, but for a feeder or pile that is published for
/// the first time; a conversion table changes no order that names another. Each has one value to come at most: another
/// publication replaces it.
abstract contract Publications {
    /// @notice Most slots between a review and the end of a delivery: a review visits each of them.
    uint256 public constant MOST_SLOTS = 1000;
    uint256 public constant MOST_LINES = 16;
    uint256 public constant MOST_LINE_FEEDERS = 16;
    uint256 public constant LEAST_NOTICE = 1 hours;
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

    /// @param watts until `from`
    /// @param next from then on
    struct Feeder {
        uint32 watts;
        uint32 next;
        uint40 from;
    }

    /// @param feeder on which it hangs until `from`
    /// @param next from then on
    struct Pile {
        bytes32 feeder;
        bytes32 next;
        uint40 from;
    }

    address public immutable agency;
    /// @notice Length of the slots in which power is added up, in seconds.
    uint40 public immutable slot;
    /// @notice Seconds after which limits and fees that are published come into force: the agency's power is behind a timelock (P2-04).
    uint40 public immutable notice;

    mapping(bytes32 feeder => Feeder) private feeders;
    mapping(bytes32 pile => Pile) private piles;
    Published private limitsAndLines;
    /// @notice The newest conversion table; each order names the one it was made with (P2-03).
    uint32 public tables;
    mapping(uint32 version => mapping(bytes32 energyType => Factor)) public factor;

    event LimitsPublished(Limits limits, LineLimit[] lines, uint256 from);
    event FeederPublished(bytes32 indexed feeder, uint32 watts, uint256 from);
    event PilePublished(bytes32 indexed pile, bytes32 indexed feeder, uint256 from);
    event TablePublished(uint32 indexed version, bytes32[] energyTypes, bytes32[] units, Factor[] factors);

    error BadPublisher();
    error BadLimits();
    error BadTable();
    error NotTheAgency();

    /// @param first limits in force at once; there are no lines, feeders and piles yet
    constructor(address agency_, uint40 slot_, uint40 notice_, Limits memory first) {
        if (agency_ == address(0) || slot_ == 0) revert BadPublisher();
        if (notice_ < LEAST_NOTICE || notice_ > MOST_NOTICE) revert BadPublisher();
        agency = agency_;
        slot = slot_;
        notice = notice_;
        checkLimits(first);
        LineLimit[] memory none;
        limitsAndLines.next = first;
        limitsAndLines.nextLinesHash = keccak256(abi.encode(none));
        emit LimitsPublished(first, none, block.timestamp);
        tables = 1;
        factor[1]["electricity"] = Factor(1, 1);
    }

    modifier onlyAgency() {
        if (msg.sender != agency) revert NotTheAgency();
        _;
    }

    /// @notice Limits, fees and lines that hold from {notice} on. The fees before pass for another {notice}, as orders
    /// with them are on their way.
    function publishLimits(Limits calldata limits, LineLimit[] calldata lines) external onlyAgency {
        checkLimits(limits);
        checkLines(lines);
        if (block.timestamp >= limitsAndLines.from) {
            limitsAndLines.limits = limitsAndLines.next;
            limitsAndLines.linesHash = limitsAndLines.nextLinesHash;
        }
        uint40 from = uint40(block.timestamp) + notice;
        limitsAndLines.from = from;
        limitsAndLines.next = limits;
        limitsAndLines.nextLinesHash = keccak256(abi.encode(lines));
        emit LimitsPublished(limits, lines, from);
    }

    /// @notice What feeders bear in each direction, in watts.
    function publishFeeders(bytes32[] calldata names, uint32[] calldata watts) external onlyAgency {
        if (names.length != watts.length) revert BadLimits();
        for (uint256 i = 0; i < names.length; ++i) {
            if (names[i] == 0) revert BadLimits();
            Feeder storage feeder = feeders[names[i]];
            uint40 from = comesIntoForce(feeder.from);
            (feeder.watts, feeder.next, feeder.from) = (feederLimit(names[i]), watts[i], from);
            emit FeederPublished(names[i], watts[i], from);
        }
    }

    /// @notice On which feeders piles hang, by their ids in the registry; 0 for one that hangs on none.
    function publishPiles(bytes32[] calldata ids, bytes32[] calldata names) external onlyAgency {
        if (ids.length != names.length) revert BadLimits();
        for (uint256 i = 0; i < ids.length; ++i) {
            Pile storage pile = piles[ids[i]];
            uint40 from = comesIntoForce(pile.from);
            if (block.timestamp >= pile.from) pile.feeder = pile.next;
            (pile.next, pile.from) = (names[i], from);
            emit PilePublished(ids[i], names[i], from);
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
        return block.timestamp < limitsAndLines.from ? limitsAndLines.limits : limitsAndLines.next;
    }

    /// @return hash of the lines in force, as `keccak256(abi.encode(lines))`
    function linesInForce() public view returns (bytes32 hash) {
        return block.timestamp < limitsAndLines.from ? limitsAndLines.linesHash : limitsAndLines.nextLinesHash;
    }

    /// @notice Limits and lines as they are and as they will be, with the time between.
    function published() external view returns (Published memory) {
        return limitsAndLines;
    }

    /// @return watts what the feeder bears in each direction; 0 for an unknown one
    function feederLimit(bytes32 name) public view returns (uint32 watts) {
        Feeder storage feeder = feeders[name];
        return block.timestamp < feeder.from ? feeder.watts : feeder.next;
    }

    function feederPublished(bytes32 name) external view returns (Feeder memory) {
        return feeders[name];
    }

    function pilePublished(bytes32 id) external view returns (Pile memory) {
        return piles[id];
    }

    /// @return watts what the feeder bears in each direction whenever it is until `end`
    function feederLimitUntil(bytes32 name, uint256 end) internal view returns (uint256 watts) {
        Feeder storage feeder = feeders[name];
        watts = feederLimit(name);
        if (end > feeder.from && feeder.next < watts) watts = feeder.next;
    }

    /// @return whether the pile hangs on the feeder all the time from `start` to `end`
    function hangsOn(bytes32 id, bytes32 feeder, uint256 start, uint256 end) internal view returns (bool) {
        Pile storage pile = piles[id];
        return (start >= pile.from || pile.feeder == feeder) && (end <= pile.from || pile.next == feeder);
    }

    /// @return hash of lines that are not in force but will be before `end`, 0 where there are none
    function linesBefore(uint256 end) internal view returns (bytes32 hash) {
        bool come = block.timestamp < limitsAndLines.from && end > limitsAndLines.from;
        return come ? limitsAndLines.nextLinesHash : bytes32(0);
    }

    /// @return whether these fees are in force, or were until a {notice} ago
    function areFees(uint256 gridBp, uint256 agencyBp) internal view returns (bool) {
        Limits memory limits = limitsInForce();
        if (gridBp == limits.gridBp && agencyBp == limits.agencyBp) return true;
        if (block.timestamp >= uint256(limitsAndLines.from) + notice) return false;
        limits = limitsAndLines.limits;
        return gridBp == limits.gridBp && agencyBp == limits.agencyBp;
    }

    function comesIntoForce(uint40 before) private view returns (uint40) {
        return before == 0 ? uint40(block.timestamp) : uint40(block.timestamp) + notice;
    }

    function checkLimits(Limits memory limits) private view {
        if (
            limits.horizon <= limits.lead ||
            limits.horizon / slot > MOST_SLOTS ||
            limits.floor > limits.cap ||
            limits.cap > Terms.MOST_AMOUNT / 2 ||
            uint256(limits.gridBp) + limits.agencyBp > Terms.WHOLE ||
            limits.maxToleranceBp > Terms.WHOLE ||
            limits.minDefaultRate > Terms.MOST_AMOUNT ||
            limits.minEnergyWh > Terms.MOST_AMOUNT ||
            limits.minWindow > limits.horizon - limits.lead
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

// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice The rules of a review in the order in which they are applied (P2-10): the reason codes.
enum Rule {
    NONE,
    /// buyer and seller are registered and not suspended
    R1,
    /// the energy is more than nothing and within the rated power over the window, and the meter is the pile's
    R2,
    /// the delivery begins after the lead time and ends within the horizon
    R3,
    /// the price is between floor and cap
    R4,
    /// the feeder is the pile's, and has room in every slot
    R5,
    /// the pile is not promised for more than its rated power, and who sells an export for no two in a slot
    R6,
    /// both escrows hold what the order needs, and a promise costs what was published
    R7,
    /// the energy type converts to the order's energy
    R8,
    /// no line is overloaded
    R9,
    /// the fees, and who has them, are the published ones (P2-19)
    R10
}

/// @notice What an agency may say no for, beside the rules (P2-09).
enum Veto {
    GRID_EMERGENCY,
    MAINTENANCE,
    METERING_IN_DOUBT,
    LEGAL_ORDER
}

/// @notice What the agency publishes for everybody to check its reviews with (P2-09), and the fees.
/// @param lead seconds between review and delivery, at least
/// @param horizon seconds between review and the end of the delivery, at most
/// @param floor least price per kWh
/// @param cap highest price per kWh
/// @param gridBp, agencyBp fees in basis points of what is delivered (P2-19)
/// @param maxToleranceBp of an order's energy, at most
/// @param minDefaultRate damages per kWh, at least; each side's default amount covers all of the energy at this rate, so
/// that no feeder is blocked for nothing
/// @param minEnergyWh of an order
/// @param minWindow seconds of delivery, at least: the whole of each slot is promised
struct Limits {
    uint32 lead;
    uint32 horizon;
    uint64 floor;
    uint64 cap;
    uint16 gridBp;
    uint16 agencyBp;
    uint16 maxToleranceBp;
    uint64 minDefaultRate;
    uint64 minEnergyWh;
    uint32 minWindow;
}

/// @notice What a line or a voltage bears in a linear model (R9): each watt on a feeder moves it by
/// so much. Load and generation are not set off against each other, as either may stay away.
/// @param name of the line, or of the node whose voltage it is
/// @param limit in both directions, at most 2^63 - 1
/// @param feeders in rising order, each once
/// @param microPerWatt by feeder, in millionths of the limit's unit; below 0 where load relieves it
struct LineLimit {
    bytes32 name;
    uint64 limit;
    bytes32[] feeders;
    int64[] microPerWatt;
}

/// @notice What is known of an order when it is reviewed.
/// @param sellerActive, buyerActive registered and not suspended
/// @param meterIsThePiles whether the terms' meter is the one that is certified for the pile
/// @param ratedPowerW of the pile; 0 where it is none
/// @param seller registry id
/// @param escrowBuyer, escrowSeller what is locked
struct Facts {
    bool sellerActive;
    bool buyerActive;
    bool meterIsThePiles;
    uint64 ratedPowerW;
    bytes32 seller;
    uint64 escrowBuyer;
    uint64 escrowSeller;
}

/// @notice What a reviewer brings along: the chain has only its hashes.
/// @param lines those in force, as they were published
/// @param nextLines those that were published and come into force before the delivery ends; empty where there are none
/// @param meterKey of the pile, uncompressed: 64 bytes
struct Enclosed {
    LineLimit[] lines;
    LineLimit[] nextLines;
    bytes meterKey;
}

/// @notice A unit of an energy type is `numerator / denominator` watt-hours (P2-03).
struct Factor {
    uint64 numerator;
    uint64 denominator;
}

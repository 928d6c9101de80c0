// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Escrow, OrderTerms} from "../market/OrderTerms.sol";

/// @notice What a review asks of the {OrderBook}.
interface IOrderBook {
    /// @notice What is held for an order now.
    function escrowOf(bytes32 key) external view returns (Escrow memory);

    /// @notice The registry's id of the party that the order's pile is not of: the buyer, or the seller of an export. It is
    /// liable whatever account it moves to. 0 until the order is confirmed.
    function partnerOf(bytes32 key) external view returns (bytes32 id);

    /// @notice The review's yes (P2-09). Only the book's review board, once, before the deadline.
    function approve(OrderTerms calldata terms) external;

    /// @notice The review's no, and why: both have their money back (P2-09). Only the review board.
    /// @param reason 1 to 10 for a rule, 16 and more for a veto
    function reject(OrderTerms calldata terms, uint8 reason) external;
}

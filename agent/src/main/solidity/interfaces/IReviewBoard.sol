// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {OrderTerms} from "../market/OrderTerms.sol";

/// @notice What an order book asks of the {ReviewBoard}.
interface IReviewBoard {
    /// @notice Whether the board reviews the orders of this book; fixed when the board was made.
    function isBook(address book) external view returns (bool);

    /// @notice Frees what the calling book's approved order was promised, once. Never reverts.
    function release(OrderTerms calldata terms) external;
}

// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {OrderBook} from "../../../main/solidity/OrderBook.sol";
import {IOfferBoard} from "../../../main/solidity/interfaces/IOfferBoard.sol";
import {IQuoteBook} from "../../../main/solidity/interfaces/IQuoteBook.sol";
import {IRegistry} from "../../../main/solidity/interfaces/IRegistry.sol";
import {IReviewBoard} from "../../../main/solidity/interfaces/IReviewBoard.sol";
import {Timing} from "../../../main/solidity/market/Deadlines.sol";

/// Deploys one order book, whose address is known as soon as this is there: those that the book asks name it.
contract BookMaker {
    function make(
        IERC20 token,
        IRegistry registry,
        IOfferBoard offers,
        IQuoteBook quotes,
        IReviewBoard board,
        Timing memory timing
    ) external returns (OrderBook) {
        return new OrderBook(token, registry, offers, quotes, board, timing);
    }
}

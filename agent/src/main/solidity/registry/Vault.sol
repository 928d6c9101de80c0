// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

/// @notice Holds a token, and pays it out only to whom it was credited, when they ask for it.
/// @dev A receiver that the token refuses can have it sent elsewhere, and blocks nobody else.
abstract contract Vault is ReentrancyGuardTransient {
    using SafeERC20 for IERC20;

    /// @notice In whose smallest unit bonds are counted.
    IERC20 public immutable token;

    /// @notice What an address may withdraw.
    mapping(address => uint256) public withdrawable;

    event Credited(address indexed to, uint256 amount);
    event Withdrawn(address indexed by, address indexed to, uint256 amount);

    error NoToken(address token);
    error InexactTransfer(uint256 expected, uint256 received);
    error NothingToWithdraw(address by);

    constructor(IERC20 token_) {
        if (address(token_).code.length == 0) revert NoToken(address(token_));
        token = token_;
    }

    /// @notice Sends the caller's credit to an address of its choice.
    function withdraw(address to) external nonReentrant {
        uint256 amount = withdrawable[msg.sender];
        if (amount == 0) revert NothingToWithdraw(msg.sender);
        withdrawable[msg.sender] = 0;
        emit Withdrawn(msg.sender, to, amount);
        token.safeTransfer(to, amount);
    }

    function _credit(address to, uint256 amount) internal {
        withdrawable[to] += amount;
        emit Credited(to, amount);
    }

    /// @dev A token that keeps a part on the way is refused: it would be short for everybody.
    function _pull(uint256 amount) internal {
        uint256 before = token.balanceOf(address(this));
        token.safeTransferFrom(msg.sender, address(this), amount);
        uint256 received = token.balanceOf(address(this)) - before;
        if (received != amount) revert InexactTransfer(amount, received);
    }
}

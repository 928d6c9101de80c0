// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {Permit} from "../payments/Payouts.sol";

/// @notice Takes tokens in, and pays out by withdrawal only: whom the token refuses to pay holds nobody up (P2-14).
abstract contract Till is ReentrancyGuardTransient {
    using SafeERC20 for IERC20;

    IERC20 public immutable token;
    /// @notice What an account can claim, in the token's smallest unit.
    mapping(address account => uint256) public owed;

    event Claimed(address indexed account, address to, uint256 amount);

    /// @dev The token moved another amount than it was asked to (it takes a fee, or rebases).
    error NotExact(uint256 asked, uint256 moved);
    error NoToken();
    error NothingOwed(address account);

    constructor(IERC20 token_) {
        if (address(token_).code.length == 0) revert NoToken();
        token = token_;
    }

    /// @notice Pays an account what it is owed; anybody may ask for it.
    function claim(address account) external {
        pay(account, account);
    }

    /// @notice As {claim}, to where the owed account says.
    function claimTo(address to) external {
        pay(msg.sender, to);
    }

    /// @dev Takes exactly `amount` from the caller. A permit that somebody else has already submitted does no harm:
    /// only the allowance counts.
    /// @param permit of deadline 0: there is none
    function take(uint256 amount, Permit calldata permit) internal {
        if (amount == 0) return;
        if (permit.deadline != 0) {
            try IERC20Permit(address(token)).permit(
                msg.sender, address(this), amount, permit.deadline, permit.v, permit.r, permit.s
            ) {} catch {}
        }
        uint256 before = token.balanceOf(address(this));
        token.safeTransferFrom(msg.sender, address(this), amount);
        uint256 moved = token.balanceOf(address(this)) - before;
        if (moved != amount) revert NotExact(amount, moved);
    }

    function credit(address account, uint256 amount) internal {
        if (amount > 0) owed[account] += amount;
    }

    function pay(address account, address to) private nonReentrant {
        uint256 amount = owed[account];
        if (amount == 0) revert NothingOwed(account);
        owed[account] = 0;
        uint256 before = token.balanceOf(address(this));
        token.safeTransfer(to, amount);
        uint256 moved = before - token.balanceOf(address(this));
        if (moved != amount) revert NotExact(amount, moved);
        emit Claimed(account, to, amount);
    }
}

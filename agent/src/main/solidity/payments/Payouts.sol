// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

/// @notice An EIP-2612 permit for this contract; its value is the amount of the call it comes with.
struct Permit {
    uint256 deadline;
    uint8 v;
    bytes32 r;
    bytes32 s;
}

/// @title How a contract takes tokens in and pays them out
/// @notice In: exactly the amount asked, or nothing. Out: pushed to the account, and where the token refuses (it is
/// paused, the account is on its black list, the receiver reverts) kept for the account to claim. So a payout never
/// fails, and nobody's refusal holds up the other side.
abstract contract Payouts is ReentrancyGuardTransient {
    using SafeERC20 for IERC20;

    /// @notice Gas that a pushed transfer may use. A token that wants more is claimed from.
    uint256 public constant PUSH_GAS = 200_000;

    /// What must be left to push at full gas (a call gets 63/64 of it at most) and then to write down a refusal.
    uint256 private constant GAS_TO_PUSH = PUSH_GAS + PUSH_GAS / 63 + 60_000;

    /// @notice What an account could not be paid, by token.
    mapping(address account => mapping(address token => uint256 amount)) public owed;

    event PayoutKept(address indexed account, address indexed token, uint256 amount);
    event Claimed(address indexed account, address indexed token, address to, uint256 amount);

    /// @notice The token moved another amount than it was asked to (it takes a fee, or rebases); it can't be used here.
    error NotExact(address token, uint256 asked, uint256 moved);
    error NoToken(address token);
    error NothingOwed(address account, address token);
    /// @notice With so little gas a transfer would fail that has no other reason to: send more.
    error NotEnoughGas(uint256 left, uint256 needed);

    /// @notice Pays the caller what it is owed, to any account it names.
    function claim(address token, address to) external nonReentrant {
        uint256 amount = owed[msg.sender][token];
        if (amount == 0) revert NothingOwed(msg.sender, token);
        owed[msg.sender][token] = 0;
        IERC20(token).safeTransfer(to, amount);
        emit Claimed(msg.sender, token, to, amount);
    }

    /// Takes exactly `amount` from the caller, who has approved it.
    function _take(address token, uint256 amount) internal {
        _takeFrom(token, msg.sender, amount);
    }

    /// Takes exactly `amount` from `from`, who has approved it, and whose consent to this very call the caller of this
    /// function has checked.
    function _takeFrom(address token, address from, uint256 amount) internal {
        if (token.code.length == 0) revert NoToken(token);
        uint256 before = IERC20(token).balanceOf(address(this));
        IERC20(token).safeTransferFrom(from, address(this), amount);
        uint256 moved = IERC20(token).balanceOf(address(this)) - before;
        if (moved != amount) revert NotExact(token, amount, moved);
    }

    /// Uses the caller's permit. One that fails is passed over: somebody may have submitted it already, and the
    /// allowance decides.
    function _usePermit(address token, uint256 amount, Permit calldata permit) internal {
        if (token.code.length == 0) revert NoToken(token);
        try IERC20Permit(token).permit(
            msg.sender, address(this), amount, permit.deadline, permit.v, permit.r, permit.s
        ) {} catch {}
    }

    /// Pays `amount` to `to`, or keeps it for `to`. Reverts only for want of gas.
    function _pay(address token, address to, uint256 amount) internal {
        if (amount == 0) return;
        if (gasleft() < GAS_TO_PUSH) revert NotEnoughGas(gasleft(), GAS_TO_PUSH);
        if (_pushed(token, to, amount)) return;
        owed[to][token] += amount;
        emit PayoutKept(to, token, amount);
    }

    /// By hand, because what comes back must not be copied: a long answer would use up the gas.
    function _pushed(address token, address to, uint256 amount) private returns (bool done) {
        bytes memory call_ = abi.encodeCall(IERC20.transfer, (to, amount));
        uint256 gas_ = PUSH_GAS;
        assembly ("memory-safe") {
            mstore(0, 0)
            done := call(gas_, token, 0, add(call_, 0x20), mload(call_), 0, 0x20)
            switch returndatasize()
            case 0 { done := and(done, gt(extcodesize(token), 0)) }
            default { done := and(done, and(gt(returndatasize(), 31), eq(mload(0), 1))) }
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

/// @title The energy account's balance as a token (P2-14)
/// @notice The fund of a node's energy account: money with which energy is paid, not metered energy. One unit stands for
/// one unit of `underlying` that lies in this contract, and comes into being or goes by deposit and withdrawal alone.
/// The paper lets the contract "read and write" every balance; here each holder writes only their own. There is no
/// owner and no role: nobody can mint, take, freeze or pause.
contract EnergyAccountToken is ERC20, ERC20Permit, ReentrancyGuardTransient {
    using SafeERC20 for IERC20;

    /// @notice What is deposited, and what a withdrawal gives back.
    IERC20 public immutable underlying;

    uint8 private immutable _decimals;

    event Deposited(address indexed from, address indexed to, uint256 amount);
    event Withdrawn(address indexed from, address indexed to, uint256 amount);

    /// @notice The underlying token moved another amount than it was asked to (it takes a fee, or rebases).
    error NotExact(uint256 asked, uint256 moved);
    error NothingToMove();
    error NoUnderlying();

    /// @param underlying_ a token that moves exactly what it is asked to; it cannot be changed later
    constructor(IERC20Metadata underlying_) ERC20("Chargepile Energy Account", "CPEA") ERC20Permit("Chargepile Energy Account") {
        if (address(underlying_).code.length == 0) revert NoUnderlying();
        underlying = underlying_;
        _decimals = underlying_.decimals();
    }

    /// @notice As the underlying token's, so that amounts read the same in both.
    function decimals() public view override returns (uint8) {
        return _decimals;
    }

    /// @notice Takes `amount` of the underlying token, which the caller has approved, and credits the account `to`.
    function deposit(uint256 amount, address to) external {
        _deposit(amount, to);
    }

    /// @notice As `deposit`, with the approval as an EIP-2612 permit of the underlying token. A permit that somebody
    /// else has already submitted does no harm: only the allowance counts.
    function depositWithPermit(uint256 amount, address to, uint256 deadline, uint8 v, bytes32 r, bytes32 s) external {
        try IERC20Permit(address(underlying)).permit(msg.sender, address(this), amount, deadline, v, r, s) {} catch {}
        _deposit(amount, to);
    }

    /// @notice Takes `amount` out of the caller's account and pays the underlying token to `to`.
    function withdraw(uint256 amount, address to) external nonReentrant {
        if (amount == 0) revert NothingToMove();
        _burn(msg.sender, amount);
        uint256 before = underlying.balanceOf(address(this));
        underlying.safeTransfer(to, amount);
        uint256 moved = before - underlying.balanceOf(address(this));
        if (moved != amount) revert NotExact(amount, moved);
        emit Withdrawn(msg.sender, to, amount);
    }

    function _deposit(uint256 amount, address to) private nonReentrant {
        if (amount == 0) revert NothingToMove();
        uint256 before = underlying.balanceOf(address(this));
        underlying.safeTransferFrom(msg.sender, address(this), amount);
        uint256 moved = underlying.balanceOf(address(this)) - before;
        if (moved != amount) revert NotExact(amount, moved);
        _mint(to, amount);
        emit Deposited(msg.sender, to, amount);
    }
}

// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// A token that behaves as some do that exist.
contract OddMoney is ERC20 {
    enum Quirk {
        None,
        TakesFee,
        Paused,
        BlackList,
        ReturnsFalse,
        ReturnsNothing,
        BurnsGas,
        LongAnswer,
        CallsBack,
        WantsGas,
        RefusesNothing
    }

    Quirk public quirk;
    address public target;
    bytes public message;

    /// What the last call back came to.
    bool public calledBack;
    bool public callBackSucceeded;
    bytes4 public callBackError;

    constructor() ERC20("Odd Money", "ODD") {}

    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    function become(Quirk quirk_) external {
        quirk = quirk_;
    }

    function blackList(address account) external {
        quirk = Quirk.BlackList;
        target = account;
    }

    function callBack(address callee, bytes calldata message_) external {
        quirk = Quirk.CallsBack;
        target = callee;
        message = message_;
    }

    function transfer(address to, uint256 amount) public override returns (bool) {
        _move(msg.sender, to, amount);
        return _answer();
    }

    function transferFrom(address from, address to, uint256 amount) public override returns (bool) {
        _spendAllowance(from, msg.sender, amount);
        _move(from, to, amount);
        return _answer();
    }

    function _move(address from, address to, uint256 amount) private {
        require(quirk != Quirk.Paused, "paused");
        require(quirk != Quirk.BlackList || (from != target && to != target), "on the black list");
        require(quirk != Quirk.WantsGas || gasleft() > 150_000, "give me more gas");
        require(quirk != Quirk.RefusesNothing || amount != 0, "nothing to move");
        if (quirk == Quirk.ReturnsFalse) return;
        if (quirk == Quirk.CallsBack) {
            calledBack = true;
            bytes memory answer;
            (callBackSucceeded, answer) = target.call(message);
            callBackError = bytes4(answer);
        }
        _transfer(from, to, amount);
        if (quirk == Quirk.TakesFee) _burn(to, amount / 100);
    }

    function _answer() private view returns (bool) {
        if (quirk == Quirk.ReturnsFalse) return false;
        if (quirk == Quirk.BurnsGas) {
            for (uint256 i = 0; gasleft() > 100; i++) {}
            revert();
        }
        assembly ("memory-safe") {
            let q := sload(quirk.slot)
            q := and(q, 0xff)
            if eq(q, 5) { return(0, 0) }
            if eq(q, 7) { revert(0, 1000000) }
        }
        return true;
    }
}

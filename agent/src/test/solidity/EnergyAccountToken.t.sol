// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";
import {EnergyAccountToken} from "../../main/solidity/EnergyAccountToken.sol";
import {Test} from "./foundry/Test.sol";
import {Money} from "./tokens/Money.sol";

contract EnergyAccountTokenTest is Test {
    Money private money;
    EnergyAccountToken private token;

    function setUp() public {
        money = new Money();
        token = new EnergyAccountToken(money);
    }

    function testFuzz_depositCreditsExactlyWhatWasTaken(uint128 amount) public {
        vm.assume(amount > 0);
        money.mint(address(this), amount);
        money.approve(address(token), amount);
        token.deposit(amount, address(this));
        assertEq(token.balanceOf(address(this)), amount, "account");
        assertEq(money.balanceOf(address(token)), amount, "backing");
    }
}

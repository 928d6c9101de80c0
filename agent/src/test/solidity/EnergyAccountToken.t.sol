// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {EnergyAccountToken} from "../../main/solidity/EnergyAccountToken.sol";
import {Test} from "./foundry/Test.sol";
import {Money} from "./tokens/Money.sol";
import {OddMoney} from "./tokens/OddMoney.sol";

/// Money in, account balance out, and back (P2-14).
contract EnergyAccountTokenTest is Test {
    Money private money;
    EnergyAccountToken private token;
    uint256 private carKey;
    address private car;
    address private pile;

    function setUp() public {
        vm.warp(1_800_000_000);
        (carKey, car) = keyOf("car");
        pile = accountOf("pile");
        money = new Money();
        token = new EnergyAccountToken(money);
    }

    function funded(address account, uint256 amount) private {
        money.mint(account, amount);
        vm.prank(account);
        money.approve(address(token), amount);
    }

    function permit(address of_, bytes32 domain, address spender, uint256 amount, uint256 nonce)
        private
        view
        returns (uint8 v, bytes32 r, bytes32 s)
    {
        bytes32 type_ =
            keccak256("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)");
        bytes32 struct_ = keccak256(abi.encode(type_, of_, spender, amount, nonce, block.timestamp));
        return vm.sign(carKey, keccak256(abi.encodePacked(hex"1901", domain, struct_)));
    }

    function testFuzz_depositCreditsExactlyWhatWasTakenAndWithdrawalGivesItBack(uint128 amount) public {
        vm.assume(amount > 0);
        funded(car, amount);
        vm.startPrank(car);
        vm.expectEmit(address(token));
        emit EnergyAccountToken.Deposited(car, pile, amount);
        token.deposit(amount, pile);
        vm.stopPrank();
        assertEq(token.balanceOf(pile), amount, "account");
        assertEq(token.totalSupply(), money.balanceOf(address(token)), "backing");
        vm.expectEmit(address(token));
        emit EnergyAccountToken.Withdrawn(pile, car, amount);
        vm.prank(pile);
        token.withdraw(amount, car);
        assertEq(money.balanceOf(car), amount, "money");
        assertEq(token.totalSupply(), 0, "supply");
    }

    function test_amountsReadAsTheUnderlyingTokens() public view {
        assertEq(token.decimals(), 6, "decimals");
        assertEq(address(token.underlying()), address(money), "underlying");
    }

    function test_depositWithPermitNeedsNoApprovalAndMindsNoOneWhoWasFirst() public {
        money.mint(car, 100);
        (uint8 v, bytes32 r, bytes32 s) = permit(car, money.DOMAIN_SEPARATOR(), address(token), 60, 0);
        vm.prank(car);
        token.depositWithPermit(60, car, block.timestamp, v, r, s);
        (v, r, s) = permit(car, money.DOMAIN_SEPARATOR(), address(token), 40, 1);
        vm.prank(pile);
        money.permit(car, address(token), 40, block.timestamp, v, r, s);
        vm.prank(car);
        token.depositWithPermit(40, car, block.timestamp, v, r, s);
        assertEq(token.balanceOf(car), 100, "account");
    }

    function test_accountsApproveByPermitToo() public {
        funded(car, 100);
        vm.prank(car);
        token.deposit(100, car);
        (uint8 v, bytes32 r, bytes32 s) = permit(car, token.DOMAIN_SEPARATOR(), pile, 30, 0);
        token.permit(car, pile, 30, block.timestamp, v, r, s);
        vm.prank(pile);
        token.transferFrom(car, pile, 30);
        assertEq(token.balanceOf(pile), 30, "account");
    }

    function test_nobodyWithdrawsWhatIsNotTheirs() public {
        funded(car, 100);
        vm.prank(car);
        token.deposit(100, car);
        vm.expectRevert(abi.encodeWithSelector(IERC20Errors.ERC20InsufficientBalance.selector, pile, 0, 1));
        vm.prank(pile);
        token.withdraw(1, pile);
        vm.expectRevert(abi.encodeWithSelector(IERC20Errors.ERC20InsufficientBalance.selector, car, 100, 101));
        vm.prank(car);
        token.withdraw(101, car);
    }

    function test_nothingIsNoDepositAndNoWithdrawal() public {
        vm.expectRevert(EnergyAccountToken.NothingToMove.selector);
        token.deposit(0, car);
        vm.expectRevert(EnergyAccountToken.NothingToMove.selector);
        token.withdraw(0, car);
    }

    function test_theUnderlyingTokenIsAContract() public {
        vm.expectRevert(EnergyAccountToken.NoUnderlying.selector);
        new EnergyAccountToken(IERC20Metadata(car));
    }

    function test_moneySentWithoutADepositCreditsNobody() public {
        money.mint(address(token), 50);
        assertEq(token.totalSupply(), 0, "supply");
    }

    // Money that is not quite money

    function odd(uint256 amount) private returns (OddMoney money_, EnergyAccountToken token_) {
        money_ = new OddMoney();
        token_ = new EnergyAccountToken(money_);
        money_.mint(car, 2 * amount);
        vm.startPrank(car);
        money_.approve(address(token_), 2 * amount);
        token_.deposit(amount, car);
        vm.stopPrank();
    }

    function test_moneyThatTakesAFeeIsNotDeposited() public {
        (OddMoney money_, EnergyAccountToken token_) = odd(1000);
        money_.become(OddMoney.Quirk.TakesFee);
        vm.expectRevert(abi.encodeWithSelector(EnergyAccountToken.NotExact.selector, 1000, 990));
        vm.prank(car);
        token_.deposit(1000, car);
    }

    function test_pausedMoneyLeavesAccountsAndTheirTransfersAlone() public {
        (OddMoney money_, EnergyAccountToken token_) = odd(1000);
        money_.become(OddMoney.Quirk.Paused);
        vm.startPrank(car);
        vm.expectRevert("paused");
        token_.withdraw(400, car);
        token_.transfer(pile, 400);
        vm.stopPrank();
        money_.become(OddMoney.Quirk.None);
        vm.prank(pile);
        token_.withdraw(400, pile);
        assertEq(money_.balanceOf(pile), 400, "money");
    }

    function test_moneyThatCallsBackDepositsAndWithdrawsOnce() public {
        (OddMoney money_, EnergyAccountToken token_) = odd(1000);
        money_.callBack(address(token_), abi.encodeCall(token_.deposit, (1, car)));
        vm.prank(car);
        token_.withdraw(1000, car);
        assertTrue(money_.calledBack(), "called back");
        assertFalse(money_.callBackSucceeded(), "the call back is refused");
        assertEq(
            bytes32(money_.callBackError()),
            bytes32(ReentrancyGuardTransient.ReentrancyGuardReentrantCall.selector),
            "for what it is"
        );
        assertEq(token_.totalSupply(), 0, "supply");
        assertEq(money_.balanceOf(address(token_)), 0, "backing");
    }

    function test_noAnswerOfTheMoneyMintsWithoutADeposit() public {
        (OddMoney money_, EnergyAccountToken token_) = odd(1000);
        money_.become(OddMoney.Quirk.ReturnsFalse);
        vm.expectRevert(abi.encodeWithSelector(SafeERC20.SafeERC20FailedOperation.selector, address(money_)));
        vm.prank(car);
        token_.deposit(1000, car);
        money_.become(OddMoney.Quirk.ReturnsNothing);
        vm.prank(car);
        token_.deposit(1000, car);
        assertEq(token_.totalSupply(), money_.balanceOf(address(token_)), "backing");
    }
}

/// Accounts that deposit, pay each other and withdraw at random.
contract EnergyAccountHandler is Test {
    Money public immutable money = new Money();
    EnergyAccountToken public immutable token = new EnergyAccountToken(money);
    address[3] public accounts;

    constructor() {
        string[3] memory names = ["a", "b", "c"];
        for (uint256 i = 0; i < 3; i++) {
            accounts[i] = accountOf(names[i]);
        }
    }

    function deposit(uint256 from, uint256 to, uint96 amount) external {
        amount = uint96(bound(amount, 1, type(uint96).max));
        address account = accounts[from % 3];
        money.mint(account, amount);
        vm.startPrank(account);
        money.approve(address(token), amount);
        token.deposit(amount, accounts[to % 3]);
        vm.stopPrank();
    }

    function pay(uint256 from, uint256 to, uint256 amount) external {
        address account = accounts[from % 3];
        amount = bound(amount, 0, token.balanceOf(account));
        vm.prank(account);
        token.transfer(accounts[to % 3], amount);
    }

    function withdraw(uint256 from, uint256 to, uint256 amount) external {
        address account = accounts[from % 3];
        if (token.balanceOf(account) == 0) return;
        amount = bound(amount, 1, token.balanceOf(account));
        vm.prank(account);
        token.withdraw(amount, accounts[to % 3]);
    }
}

contract EnergyAccountInvariantsTest is Test {
    EnergyAccountHandler private handler;

    function setUp() public {
        handler = new EnergyAccountHandler();
        targetContract(address(handler));
    }

    function invariant_supplyIsTheSumOfAccountsAndLiesInTheContract() public view {
        uint256 sum;
        for (uint256 i = 0; i < 3; i++) {
            sum += handler.token().balanceOf(handler.accounts(i));
        }
        assertEq(handler.token().totalSupply(), sum, "supply");
        assertEq(handler.money().balanceOf(address(handler.token())), sum, "backing");
    }
}

// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Registry} from "../../main/solidity/Registry.sol";
import {IRegistry} from "../../main/solidity/interfaces/IRegistry.sol";
import {Payouts} from "../../main/solidity/payments/Payouts.sol";
import {Certificates} from "../../main/solidity/registry/Certificates.sol";
import {Verdicts} from "../../main/solidity/registry/Verdicts.sol";
import {RegistryFixture} from "./RegistryFixture.sol";
import {OddMoney} from "./tokens/OddMoney.sol";

/// A bond is lost by a final verdict and by nothing else (P1-11).
contract RegistryVerdictsTest is RegistryFixture {
    bytes32 private constant EVIDENCE = keccak256("two meter records for one pulse");

    function setUp() public override {
        super.setUp();
        registerCompany();
        registerDriver();
        registerPile(pileCertificate(22_000));
    }

    function test_aVerdictThatNobodyAppealsAgainstIsFinal() public {
        accuse(100e6);
        assertFalse(registry.isActive(PILE), "nothing new while accused");
        vm.warp(NOW + APPEAL - 1);
        vm.expectRevert(abi.encodeWithSelector(Verdicts.TooEarly.selector, NOW + APPEAL));
        registry.conclude(PILE);
        vm.warp(NOW + APPEAL);
        registry.conclude(PILE);
        assertEq(bondOf(PILE), 296e6, "taken");
        assertEq(money.balanceOf(driver), 100e6, "given to the harmed");
        assertFalse(registry.isActive(PILE), "its bond is not whole");
        vm.prank(company);
        registry.topUp(PILE, 100e6);
        assertTrue(registry.isActive(PILE), "whole again");
        vm.expectRevert(abi.encodeWithSelector(Verdicts.NoVerdict.selector, PILE, 0));
        registry.conclude(PILE);
    }

    function test_anUpheldVerdictIsFinal() public {
        accuse(396e6);
        vm.prank(pile);
        registry.appeal(PILE);
        vm.expectRevert(abi.encodeWithSelector(Verdicts.TooEarly.selector, NOW + RULING));
        registry.conclude(PILE);
        vm.prank(court);
        registry.rule(PILE, true);
        registry.conclude(PILE);
        assertEq(bondOf(PILE), 0, "all");
        assertEq(money.balanceOf(driver), 396e6, "given to the harmed");
    }

    function test_anOverturnedVerdictTakesNothing() public {
        accuse(100e6);
        vm.prank(company);
        registry.appeal(PILE);
        vm.prank(court);
        registry.rule(PILE, false);
        assertTrue(registry.isActive(PILE), "as before");
        vm.expectRevert(abi.encodeWithSelector(Verdicts.NoVerdict.selector, PILE, 0));
        registry.conclude(PILE);
    }

    function test_aCourtThatIsSilentHasUpheldNothing() public {
        accuse(100e6);
        vm.prank(pile);
        registry.appeal(PILE);
        vm.warp(NOW + RULING);
        vm.expectRevert(abi.encodeWithSelector(Verdicts.TooLate.selector, NOW + RULING));
        vm.prank(court);
        registry.rule(PILE, true);
        registry.conclude(PILE);
        assertEq(bondOf(PILE), 396e6, "whole");
    }

    function test_eachStepIsItsOwnersAlone() public {
        vm.expectRevert(abi.encodeWithSelector(Verdicts.NotTheAgency.selector, court));
        vm.prank(court);
        registry.accuse(PILE, 1, DRIVER, EVIDENCE);
        accuse(100e6);
        vm.expectRevert(abi.encodeWithSelector(Verdicts.VerdictPending.selector, PILE));
        vm.prank(agency);
        registry.accuse(PILE, 1, DRIVER, EVIDENCE);
        vm.expectRevert(abi.encodeWithSelector(Verdicts.NotTheAccused.selector, driver));
        vm.prank(driver);
        registry.appeal(PILE);
        vm.expectRevert(abi.encodeWithSelector(Verdicts.NoVerdict.selector, PILE, 1));
        vm.prank(court);
        registry.rule(PILE, true);
        vm.prank(pile);
        registry.appeal(PILE);
        vm.expectRevert(abi.encodeWithSelector(Verdicts.NoVerdict.selector, PILE, 2));
        vm.prank(pile);
        registry.appeal(PILE);
        vm.expectRevert(abi.encodeWithSelector(Verdicts.NotTheCourt.selector, agency));
        vm.prank(agency);
        registry.rule(PILE, true);
    }

    function test_anAppealInTimeOnly() public {
        accuse(100e6);
        vm.warp(NOW + APPEAL);
        vm.expectRevert(abi.encodeWithSelector(Verdicts.TooLate.selector, NOW + APPEAL));
        vm.prank(pile);
        registry.appeal(PILE);
    }

    function test_onlyWhoTradesIsHarmedAndNeverTheJudges() public {
        vm.startPrank(agency);
        vm.expectRevert(abi.encodeWithSelector(Verdicts.NotHarmable.selector, PILE));
        registry.accuse(PILE, 1, PILE, EVIDENCE);
        vm.expectRevert(abi.encodeWithSelector(Verdicts.NotHarmable.selector, COMPANY));
        registry.accuse(PILE, 1, COMPANY, EVIDENCE);
        vm.expectRevert(abi.encodeWithSelector(Verdicts.NotHarmable.selector, bytes32(uint256(1))));
        registry.accuse(PILE, 1, bytes32(uint256(1)), EVIDENCE);
        vm.expectRevert(abi.encodeWithSelector(Verdicts.BadFine.selector, 396e6 + 1, 396e6));
        registry.accuse(PILE, 396e6 + 1, DRIVER, EVIDENCE);
        vm.expectRevert(abi.encodeWithSelector(Verdicts.BadFine.selector, 0, 396e6));
        registry.accuse(PILE, 0, DRIVER, EVIDENCE);
        vm.stopPrank();
        Certificates.Certificate memory c = certificate(keccak256("the agency's car"), IRegistry.Role.USER, agency);
        bytes memory signature = certified(c);
        vm.prank(agency);
        registry.register(c, signature, "");
        vm.expectRevert(abi.encodeWithSelector(Verdicts.NotHarmable.selector, c.id));
        vm.prank(agency);
        registry.accuse(PILE, 1, c.id, EVIDENCE);
    }

    function test_whoLeavesIsJudgedUntilItsBondIsFree() public {
        vm.prank(company);
        registry.deregister(PILE);
        vm.warp(NOW + CHALLENGE - 1);
        accuse(100e6);
        vm.warp(NOW + CHALLENGE);
        vm.expectRevert(abi.encodeWithSelector(Verdicts.VerdictPending.selector, PILE));
        registry.release(PILE);
        vm.prank(company);
        registry.appeal(PILE);
        vm.prank(court);
        registry.rule(PILE, false);
        vm.expectRevert(abi.encodeWithSelector(Verdicts.NotAccusable.selector, PILE));
        vm.prank(agency);
        registry.accuse(PILE, 100e6, DRIVER, EVIDENCE);
        registry.release(PILE);
        assertEq(money.balanceOf(company), 1_000_000e6, "whole");
    }

    /// A receiver that the token refuses holds up no verdict, and loses nothing.
    function test_aRefusedPayoutWaitsForItsOwner() public {
        OddMoney odd = oddRegistry();
        odd.blackList(driver);
        accuse(100e6);
        vm.warp(NOW + APPEAL);
        registry.conclude(PILE);
        assertEq(registry.owed(driver, address(odd)), 100e6, "kept");
        vm.prank(driver);
        registry.claim(address(odd), stranger);
        assertEq(odd.balanceOf(stranger), 100e6, "sent elsewhere");
    }

    function test_aPausedTokenKeepsNobodyFromLeaving() public {
        OddMoney odd = oddRegistry();
        odd.become(OddMoney.Quirk.Paused);
        vm.prank(company);
        registry.deregister(PILE);
        vm.warp(NOW + CHALLENGE);
        registry.release(PILE);
        assertEq(registry.owed(company, address(odd)), 396e6, "kept");
    }

    function test_aTokenThatTakesAFeeIsRefused() public {
        OddMoney odd = oddRegistry();
        odd.become(OddMoney.Quirk.TakesFee);
        vm.expectRevert(abi.encodeWithSelector(Payouts.NotExact.selector, address(odd), 100, 99));
        vm.prank(company);
        registry.topUp(PILE, 100);
    }

    function test_aTokenThatCallsBackGetsNothingTwice() public {
        OddMoney odd = oddRegistry();
        vm.prank(company);
        registry.deregister(PILE);
        vm.warp(NOW + CHALLENGE);
        odd.callBack(address(registry), abi.encodeCall(Registry.release, (PILE)));
        uint256 before = odd.balanceOf(company);
        registry.release(PILE);
        assertTrue(odd.calledBack(), "it tried");
        assertFalse(odd.callBackSucceeded(), "and failed");
        assertEq(odd.balanceOf(company) - before, 396e6, "once");
    }

    /// The same parties in a registry whose token may misbehave.
    function oddRegistry() private returns (OddMoney odd) {
        odd = new OddMoney();
        Registry.Terms memory t = terms();
        t.token = IERC20(address(odd));
        registry = new Registry(t);
        odd.mint(company, 1_000_000e6);
        vm.prank(company);
        odd.approve(address(registry), type(uint256).max);
        registerCompany();
        registerDriver();
        registerPile(pileCertificate(22_000));
    }

    function accuse(uint128 amount) private {
        vm.prank(agency);
        registry.accuse(PILE, amount, DRIVER, EVIDENCE);
    }
}

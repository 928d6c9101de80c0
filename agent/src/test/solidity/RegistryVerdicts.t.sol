// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
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
        bytes memory byHarmed = complained(1, EVIDENCE);
        vm.expectRevert(abi.encodeWithSelector(Verdicts.NotTheAgency.selector, court));
        vm.prank(court);
        registry.accuse(PILE, 1, DRIVER, EVIDENCE, byHarmed);
        accuse(100e6);
        vm.expectRevert(abi.encodeWithSelector(Verdicts.VerdictPending.selector, PILE));
        vm.prank(agency);
        registry.accuse(PILE, 1, DRIVER, EVIDENCE, byHarmed);
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

    /// The agency by itself accuses nobody.
    function test_nobodyIsAccusedWithoutTheHarmedPartysSignature() public {
        bytes memory refusal = abi.encodeWithSelector(Verdicts.NotComplained.selector, DRIVER);
        bytes memory good = complained(100e6, EVIDENCE);
        bytes[5] memory bad = [
            bytes(""),
            complained(99e6, EVIDENCE),
            complained(100e6, keccak256("other evidence")),
            sign(pileKey, registry.complaintDigest(PILE, 100e6, DRIVER, EVIDENCE)),
            malleated(good)
        ];
        for (uint256 i = 0; i < bad.length; i++) {
            vm.expectRevert(refusal);
            vm.prank(agency);
            registry.accuse(PILE, 100e6, DRIVER, EVIDENCE, bad[i]);
        }
        bytes memory foreign = sign(driverKey, new Registry(terms()).complaintDigest(PILE, 100e6, DRIVER, EVIDENCE));
        vm.expectRevert(refusal);
        vm.prank(agency);
        registry.accuse(PILE, 100e6, DRIVER, EVIDENCE, foreign);
        assertTrue(registry.isActive(PILE), "as before");
        vm.prank(agency);
        registry.accuse(PILE, 100e6, DRIVER, EVIDENCE, good);
        assertFalse(registry.isActive(PILE), "accused");
    }

    /// What a harmed pile is due is its company's, so the company may complain.
    function test_aHarmedPilesOwnerComplainsToo() public {
        (uint256 key, address account) = keyOf("another pile");
        Certificates.Certificate memory c = certificate(keccak256("pile-2"), IRegistry.Role.PILE, account);
        (c.company, c.meterKey, c.ratedPowerW) = (COMPANY, c.nodeKey, 1);
        bytes memory signature = certified(c);
        bytes memory possession = possessed(key, c);
        vm.prank(company);
        registry.register(c, signature, possession);
        uint256[2] memory keys = [key, companyKey];
        for (uint256 i = 0; i < keys.length; i++) {
            uint256 before = vm.snapshotState();
            signature = sign(keys[i], registry.complaintDigest(PILE, 1, c.id, EVIDENCE));
            vm.prank(agency);
            registry.accuse(PILE, 1, c.id, EVIDENCE, signature);
            assertEq(registry.verdictOn(PILE).payee, company, "its owner is paid");
            vm.revertToState(before);
        }
    }

    function test_aComplaintIsEip712ByTheBook() public view {
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("Chargepile Registry"),
                keccak256("1"),
                block.chainid,
                address(registry)
            )
        );
        bytes32 struct_ = keccak256(
            abi.encode(
                keccak256("Complaint(bytes32 accused,uint128 amount,bytes32 harmed,bytes32 evidence)"),
                PILE,
                uint256(7),
                DRIVER,
                EVIDENCE
            )
        );
        assertEq(
            registry.complaintDigest(PILE, 7, DRIVER, EVIDENCE),
            keccak256(abi.encodePacked(hex"1901", domain, struct_)),
            "complaint"
        );
    }

    function test_aComplaintIsGoodForOneVerdict() public {
        overturned(100e6, EVIDENCE);
        bytes memory byHarmed = complained(100e6, EVIDENCE);
        bytes32 digest = registry.complaintDigest(PILE, 100e6, DRIVER, EVIDENCE);
        vm.expectRevert(abi.encodeWithSelector(Verdicts.BroughtBefore.selector, digest));
        vm.prank(agency);
        registry.accuse(PILE, 100e6, DRIVER, EVIDENCE, byHarmed);
    }

    /// No suspension without end: what follows a verdict that came to nothing suspends nobody for a while.
    function test_afterAVerdictThatCameToNothingNoneSuspendsForAWhile() public {
        overturned(100e6, EVIDENCE);
        uint64 until = uint64(block.timestamp) + registry.PAUSE();
        assertEq(registry.pauseUntil(PILE), until, "pause");
        accuse(99e6);
        assertFalse(registry.verdictOn(PILE).suspends, "suspends nobody");
        assertTrue(registry.isActive(PILE), "active while accused");
        vm.prank(pile);
        registry.appeal(PILE);
        vm.warp(block.timestamp + RULING);
        registry.conclude(PILE);
        uint64 later = uint64(block.timestamp) + registry.PAUSE();
        assertEq(registry.pauseUntil(PILE), later, "a silent court too");
        vm.warp(later - 1);
        accuse(98e6);
        assertTrue(registry.isActive(PILE), "its last second");
        vm.prank(pile);
        registry.appeal(PILE);
        vm.prank(court);
        registry.rule(PILE, true);
        assertFalse(registry.isActive(PILE), "upheld suspends");
        registry.conclude(PILE);
        vm.prank(company);
        registry.topUp(PILE, 98e6);
        vm.warp(later);
        accuse(97e6);
        assertFalse(registry.isActive(PILE), "the pause is over");
    }

    /// The pause is no time to leave in.
    function test_whoIsAccusedInThePauseIsJudgedAllTheSame() public {
        overturned(100e6, EVIDENCE);
        vm.prank(company);
        registry.deregister(PILE);
        accuse(99e6);
        vm.warp(block.timestamp + APPEAL);
        vm.expectRevert(abi.encodeWithSelector(Verdicts.VerdictPending.selector, PILE));
        registry.release(PILE);
        registry.conclude(PILE);
        assertEq(money.balanceOf(driver), 99e6, "given to the harmed");
    }

    function overturned(uint128 amount, bytes32 evidence) private {
        accuse(amount, evidence);
        vm.prank(pile);
        registry.appeal(PILE);
        vm.prank(court);
        registry.rule(PILE, false);
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
        registry.accuse(PILE, 1, PILE, EVIDENCE, "");
        vm.expectRevert(abi.encodeWithSelector(Verdicts.NotHarmable.selector, COMPANY));
        registry.accuse(PILE, 1, COMPANY, EVIDENCE, "");
        vm.expectRevert(abi.encodeWithSelector(Verdicts.NotHarmable.selector, bytes32(uint256(1))));
        registry.accuse(PILE, 1, bytes32(uint256(1)), EVIDENCE, "");
        vm.expectRevert(abi.encodeWithSelector(Verdicts.BadFine.selector, 396e6 + 1, 396e6));
        registry.accuse(PILE, 396e6 + 1, DRIVER, EVIDENCE, "");
        vm.expectRevert(abi.encodeWithSelector(Verdicts.BadFine.selector, 0, 396e6));
        registry.accuse(PILE, 0, DRIVER, EVIDENCE, "");
        vm.stopPrank();
        Certificates.Certificate memory c = certificate(keccak256("the agency's car"), IRegistry.Role.USER, agency);
        bytes memory signature = certified(c);
        vm.prank(agency);
        registry.register(c, signature, "");
        vm.expectRevert(abi.encodeWithSelector(Verdicts.NotHarmable.selector, c.id));
        vm.prank(agency);
        registry.accuse(PILE, 1, c.id, EVIDENCE, "");
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
        bytes memory byHarmed = complained(99e6, EVIDENCE);
        vm.expectRevert(abi.encodeWithSelector(Verdicts.NotAccusable.selector, PILE));
        vm.prank(agency);
        registry.accuse(PILE, 99e6, DRIVER, EVIDENCE, byHarmed);
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

    /// Each of these would go through, were it not within another call.
    function test_aTokenThatCallsBackIsRefusedForWhatItIs() public {
        OddMoney odd = oddRegistry();
        accuse(100e6);
        vm.warp(NOW + APPEAL);
        bytes[4] memory calls = [
            abi.encodeCall(Registry.topUp, (PILE, 0)),
            abi.encodeCall(Registry.release, (DRIVER)),
            abi.encodeCall(Payouts.claim, (address(odd), address(odd))),
            abi.encodeCall(Verdicts.conclude, (DRIVER))
        ];
        for (uint256 i = 0; i < calls.length; i++) {
            uint256 before = vm.snapshotState();
            odd.callBack(address(registry), calls[i]);
            registry.conclude(PILE);
            refusedCallBack(odd);
            assertEq(odd.balanceOf(driver), 100e6, "once");
            vm.revertToState(before);
        }
        registry.conclude(PILE);
        vm.prank(company);
        registry.deregister(PILE);
        vm.warp(block.timestamp + CHALLENGE);
        odd.callBack(address(registry), abi.encodeCall(Registry.topUp, (DRIVER, 0)));
        registry.release(PILE);
        refusedCallBack(odd);
    }

    function refusedCallBack(OddMoney odd) private view {
        assertTrue(odd.calledBack(), "it tried");
        assertFalse(odd.callBackSucceeded(), "and failed");
        assertEq(
            bytes32(odd.callBackError()),
            bytes32(ReentrancyGuardTransient.ReentrancyGuardReentrantCall.selector),
            "for what it is"
        );
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
        accuse(amount, EVIDENCE);
    }

    function accuse(uint128 amount, bytes32 evidence) private {
        bytes memory byHarmed = complained(amount, evidence);
        vm.prank(agency);
        registry.accuse(PILE, amount, DRIVER, evidence, byHarmed);
    }
}

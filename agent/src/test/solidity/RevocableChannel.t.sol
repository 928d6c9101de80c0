// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {AgreedPayouts, State} from "../../main/solidity/channels/States.sol";
import {RevocableChannel} from "../../main/solidity/RevocableChannel.sol";
import {IRegistry} from "../../main/solidity/interfaces/IRegistry.sol";
import {Payouts} from "../../main/solidity/payments/Payouts.sol";
import {OddMoney} from "./tokens/OddMoney.sol";
import {RevocableChannelFixture} from "./RevocableChannelFixture.sol";

/// Paper 1's channel on an EVM: revoked states cost their publisher everything (P1-23 to P1-29, P1-34).
contract RevocableChannelTest is RevocableChannelFixture {
    function test_openTakesFromBothWhatBothHaveSigned() public {
        open();
        assertEq(money.balanceOf(car), 900, "the car's money");
        assertEq(money.balanceOf(pile), 980, "the pile's money");
        assertEq(channels.channelOf(id).deposits, 120, "deposits");
    }

    function test_nobodysMoneyIsTakenWithoutTheirSignature() public {
        State memory first = state(0, 100);
        bytes memory byCar = signed(carKey, first);
        vm.expectRevert(abi.encodeWithSelector(RevocableChannel.NotSignedBy.selector, pile));
        channels.open(terms, first, byCar, byCar);
        first = state(0, 0);
        bytes memory byPile = signed(pileKey, first);
        vm.expectRevert(abi.encodeWithSelector(RevocableChannel.NotSignedBy.selector, car));
        channels.open(terms, first, byCar, byPile);
    }

    function test_onlyTheFirstVersionOpensAndOnlyInTimeAndOnce() public {
        State memory later = state(1, 100);
        (bytes memory byCar, bytes memory byPile) = (signed(carKey, later), signed(pileKey, later));
        vm.expectRevert(abi.encodeWithSelector(RevocableChannel.NotTheFirst.selector, 1));
        channels.open(terms, later, byCar, byPile);
        State memory first = state(0, 100);
        (byCar, byPile) = (signed(carKey, first), signed(pileKey, first));
        uint256 before = vm.snapshotState();
        vm.warp(terms.openUntil + 1);
        vm.expectRevert(abi.encodeWithSelector(RevocableChannel.TooLate.selector, terms.openUntil));
        channels.open(terms, first, byCar, byPile);
        vm.revertToState(before);
        channels.open(terms, first, byCar, byPile);
        vm.expectRevert(abi.encodeWithSelector(RevocableChannel.WrongPhase.selector, id, RevocableChannel.Phase.Open));
        channels.open(terms, first, byCar, byPile);
    }

    function test_theDelayIsBounded() public {
        terms.delay = 1 hours - 1;
        id = channels.channelIdOf(terms);
        State memory first = state(0, 100);
        (bytes memory byCar, bytes memory byPile) = (signed(carKey, first), signed(pileKey, first));
        vm.expectRevert(
            abi.encodeWithSelector(RevocableChannel.DelayOutOfBounds.selector, 1 hours - 1, 1 hours, 30 days)
        );
        channels.open(terms, first, byCar, byPile);
    }

    function test_theLatestStateSettlesAfterTheDelay() public {
        open();
        closedByCarWith(7, 40);
        uint64 end = uint64(block.timestamp) + 1 days;
        vm.warp(end - 1);
        vm.expectRevert(abi.encodeWithSelector(RevocableChannel.NotYet.selector, end));
        channels.settle(terms);
        vm.warp(end);
        channels.settle(terms);
        assertPaid(40, 80);
    }

    function test_aRevokedStateCostsItsPublisherEverything() public {
        open();
        // The car has had 90, went on to version 5, and gave away the secret of version 4.
        closedByCarWith(4, 90);
        vm.expectEmit(address(channels));
        emit RevocableChannel.Punished(id, car, secret(car, 4));
        channels.punish(terms, secret(car, 4));
        assertPaid(0, 120);
    }

    function test_theSameForThePile() public {
        open();
        State memory old = state(4, 10);
        bytes memory byCar = signed(carKey, old);
        vm.prank(pile);
        channels.close(terms, old, byCar);
        channels.punish(terms, secret(pile, 4));
        assertPaid(120, 0);
    }

    function test_noOtherSecretPunishes() public {
        open();
        closedByCarWith(5, 40);
        bytes32 revocation = sha256(abi.encode(secret(car, 5)));
        vm.expectRevert(abi.encodeWithSelector(RevocableChannel.NotTheSecret.selector, revocation));
        channels.punish(terms, secret(car, 4));
        vm.expectRevert(abi.encodeWithSelector(RevocableChannel.NotTheSecret.selector, revocation));
        channels.punish(terms, secret(pile, 5));
    }

    function test_thePenaltyHasItsTimeAndNoMore() public {
        open();
        closedByCarWith(4, 90);
        vm.warp(block.timestamp + 1 days);
        vm.expectRevert(abi.encodeWithSelector(RevocableChannel.TooLate.selector, block.timestamp));
        channels.punish(terms, secret(car, 4));
        channels.settle(terms);
        assertPaid(90, 30);
    }

    function test_onlyAPartyClosesAndOnlyWithTheOthersSignature() public {
        open();
        State memory state_ = state(3, 60);
        (bytes memory byCar, bytes memory byPile) = (signed(carKey, state_), signed(pileKey, state_));
        vm.expectRevert(abi.encodeWithSelector(RevocableChannel.NotAParty.selector, address(this)));
        channels.close(terms, state_, byPile);
        vm.expectRevert(abi.encodeWithSelector(RevocableChannel.NotSignedBy.selector, pile));
        vm.prank(car);
        channels.close(terms, state_, byCar);
        state_.balanceA++;
        vm.expectRevert(abi.encodeWithSelector(RevocableChannel.PayoutsAreNotDeposits.selector, 121, 120));
        vm.prank(car);
        channels.close(terms, state_, byPile);
    }

    function test_aStateOfAnotherChannelIsRefused() public {
        open();
        terms.openNonce = 2;
        bytes32 firstId = id;
        id = channels.channelIdOf(terms);
        open();
        State memory state_ = state(3, 60);
        bytes memory byPile = signed(pileKey, state_);
        terms.openNonce = 1;
        vm.expectRevert(abi.encodeWithSelector(RevocableChannel.OtherChannel.selector, firstId, id));
        vm.prank(car);
        channels.close(terms, state_, byPile);
    }

    function test_cooperativeClosePaysAtOnceAlsoInADispute() public {
        open();
        closedByCarWith(4, 90);
        AgreedPayouts memory agreed = AgreedPayouts(id, 33, 87, uint64(block.timestamp));
        bytes32 digest = channels.hashAgreedPayouts(agreed);
        channels.cooperativeClose(terms, agreed, sign(carKey, digest), sign(pileKey, digest));
        assertPaid(33, 87);
    }

    /// Where one side deposits nothing, nothing is taken from it: some tokens refuse to move nothing.
    function test_oneSideMayDepositAll() public {
        OddMoney odd = new OddMoney();
        odd.become(OddMoney.Quirk.RefusesNothing);
        odd.mint(car, 120);
        vm.prank(car);
        odd.approve(address(channels), 120);
        terms.token = address(odd);
        id = channels.channelIdOf(terms);
        State memory first = state(0, 120);
        channels.open(terms, first, signed(carKey, first), signed(pileKey, first));
        State memory last = state(1, 0);
        bytes memory byPile = signed(pileKey, last);
        vm.prank(car);
        channels.close(terms, last, byPile);
        vm.warp(block.timestamp + 1 days);
        channels.settle(terms);
        assertEq(odd.balanceOf(pile), 120, "paid");
    }

    function test_aTokenIsAContractEvenWhereNothingIsDeposited() public {
        terms.token = address(0xdead);
        id = channels.channelIdOf(terms);
        State memory first = State(id, 0, 0, 0, 0, 0);
        (bytes memory byA, bytes memory byB) = (signed(carKey, first), signed(pileKey, first));
        vm.expectRevert(abi.encodeWithSelector(Payouts.NoToken.selector, address(0xdead)));
        channels.open(terms, first, byA, byB);
    }

    function test_noDelayIsAsShortAsAReorganisation() public {
        vm.expectRevert(abi.encodeWithSelector(RevocableChannel.DelayTooShort.selector, 3599, 3600));
        new RevocableChannel(3599, 7200, IRegistry(address(0)));
        vm.expectRevert(RevocableChannel.DelaysOutOfOrder.selector);
        new RevocableChannel(3601, 3600, IRegistry(address(0)));
        new RevocableChannel(3600, 3600, IRegistry(address(0)));
    }

    function test_settledIsTheEnd() public {
        open();
        State memory state_ = state(5, 40);
        bytes memory byPile = signed(pileKey, state_);
        closedByCarWith(4, 90);
        channels.punish(terms, secret(car, 4));
        bytes memory refusal =
            abi.encodeWithSelector(RevocableChannel.WrongPhase.selector, id, RevocableChannel.Phase.Settled);
        vm.expectRevert(refusal);
        channels.punish(terms, secret(car, 4));
        vm.expectRevert(refusal);
        channels.settle(terms);
        vm.expectRevert(refusal);
        vm.prank(car);
        channels.close(terms, state_, byPile);
        State memory first = state(0, 100);
        (bytes memory byA, bytes memory byB) = (signed(carKey, first), signed(pileKey, first));
        vm.expectRevert(refusal);
        channels.open(terms, first, byA, byB);
    }

    function testFuzz_whateverIsClosedWithAddsUp(uint128 balanceA, bool byCar, bool revoked) public {
        balanceA = uint128(bound(balanceA, 0, 120));
        open();
        State memory state_ = state(9, balanceA);
        bytes memory signature = signed(byCar ? pileKey : carKey, state_);
        vm.prank(byCar ? car : pile);
        channels.close(terms, state_, signature);
        if (revoked) {
            channels.punish(terms, secret(byCar ? car : pile, 9));
            assertPaid(byCar ? 0 : 120, byCar ? 120 : 0);
        } else {
            vm.warp(block.timestamp + 1 days);
            channels.settle(terms);
            assertPaid(balanceA, 120 - balanceA);
        }
    }
}

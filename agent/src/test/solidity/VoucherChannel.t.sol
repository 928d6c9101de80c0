// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ConditionalVoucher, CooperativeClose, Voucher} from "../../main/solidity/channels/Vouchers.sol";
import {Obligations} from "../../main/solidity/channels/Obligations.sol";
import {Preimages} from "../../main/solidity/channels/Preimages.sol";
import {IVoucherChannel} from "../../main/solidity/interfaces/IVoucherChannel.sol";
import {Payouts, Permit} from "../../main/solidity/payments/Payouts.sol";
import {VoucherChannel} from "../../main/solidity/VoucherChannel.sol";
import {VoucherChannelFixture} from "./VoucherChannelFixture.sol";

/// The life of a channel (P2-15 to P2-18).
contract VoucherChannelTest is VoucherChannelFixture {
    function none() private pure returns (Voucher memory v) {}

    // Opening and deposits

    function test_openTakesTheDepositAndTellsWatchersAllTheyNeed() public {
        fund(car, 100);
        bytes32 id = channels.channelIdOf(parties(7));
        vm.expectEmit(address(channels));
        emit IVoucherChannel.ChannelOpened(id, car, pile, address(money), 7, DAY);
        vm.expectEmit(address(channels));
        emit IVoucherChannel.Deposited(id, car, 100, 100);
        vm.prank(car);
        channels.open(address(money), pile, 7, DAY, 100);
        assertEq(money.balanceOf(address(channels)), 100, "escrow");
        assertState(id, IVoucherChannel.State.Open);
    }

    function test_channelIdCommitsToChainContractTokenPartiesAndNonce() public view {
        bytes32 expected =
            keccak256(abi.encode(block.chainid, address(channels), address(money), car, pile, uint256(7)));
        assertEq(channels.channelIdOf(parties(7)), expected, "channel id");
    }

    function test_whatIsSignedIsEip712ByTheBook() public view {
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("Chargepile Voucher"),
                keccak256("1"),
                block.chainid,
                address(channels)
            )
        );
        Voucher memory v = Voucher(bytes32(uint256(5)), car, 17, 3, bytes32(uint256(9)));
        bytes32 type_ =
            keccak256("Voucher(bytes32 channelId,address payer,uint128 cumulative,uint64 seq,bytes32 evidence)");
        bytes32 struct_ = keccak256(abi.encode(type_, v.channelId, v.payer, v.cumulative, v.seq, v.evidence));
        assertEq(channels.hashVoucher(v), keccak256(abi.encodePacked(hex"1901", domain, struct_)), "voucher");
    }

    function test_openWithPermitNeedsNoApproval() public {
        money.mint(car, 100);
        Permit memory permit = permitFor(100);
        vm.prank(car);
        bytes32 id = channels.openWithPermit(address(money), pile, 1, DAY, 100, permit);
        assertEq(channels.channelOf(id).depositA, 100, "deposit");
    }

    function test_anIdIsNeverUsedTwiceNotEvenAfterSettlement() public {
        (IVoucherChannel.Parties memory of_, bytes32 id) = opened(1, 100, 0);
        vm.startPrank(car);
        vm.expectRevert(abi.encodeWithSelector(IVoucherChannel.ChannelExists.selector, id));
        channels.open(address(money), pile, 1, DAY, 0);
        vm.stopPrank();
        closedWith(of_, id, car, 0);
        settledAfter(of_, DAY);
        vm.expectRevert(abi.encodeWithSelector(IVoucherChannel.ChannelExists.selector, id));
        vm.prank(car);
        channels.open(address(money), pile, 1, DAY, 0);
    }

    function test_challengePeriodIsBounded() public {
        vm.startPrank(car);
        vm.expectRevert(abi.encodeWithSelector(IVoucherChannel.PeriodOutOfBounds.selector, HOUR - 1, HOUR, 30 * DAY));
        channels.open(address(money), pile, 1, HOUR - 1, 0);
        vm.expectRevert(
            abi.encodeWithSelector(IVoucherChannel.PeriodOutOfBounds.selector, 30 * DAY + 1, HOUR, 30 * DAY)
        );
        channels.open(address(money), pile, 1, 30 * DAY + 1, 0);
        channels.open(address(money), pile, 1, HOUR, 0);
        channels.open(address(money), pile, 2, 30 * DAY, 0);
    }

    function test_periodsOfTheContractMustBeInOrder() public {
        vm.expectRevert(IVoucherChannel.PeriodsOutOfOrder.selector);
        new VoucherChannel(HOUR + 1, HOUR, 1, NO_REGISTRY);
    }

    function test_noChallengePeriodIsAsShortAsAReorganisation() public {
        vm.expectRevert(abi.encodeWithSelector(IVoucherChannel.PeriodTooShort.selector, HOUR - 1, HOUR));
        new VoucherChannel(HOUR - 1, DAY, 1, NO_REGISTRY);
        new VoucherChannel(HOUR, HOUR, 0, NO_REGISTRY);
    }

    function test_theTwoPartiesAreTwoAccounts() public {
        address[3] memory impossible = [address(0), car, address(channels)];
        for (uint256 i = 0; i < impossible.length; i++) {
            vm.expectRevert(abi.encodeWithSelector(IVoucherChannel.PartyNotPossible.selector, impossible[i]));
            vm.prank(car);
            channels.open(address(money), impossible[i], 1, DAY, 0);
        }
    }

    function test_aTokenIsAContract() public {
        vm.expectRevert(abi.encodeWithSelector(Payouts.NoToken.selector, other));
        vm.prank(car);
        channels.open(other, pile, 1, DAY, 0);
        vm.expectRevert(abi.encodeWithSelector(Payouts.NoToken.selector, other));
        vm.prank(car);
        channels.openWithPermit(other, pile, 1, DAY, 0, Permit(0, 0, 0, 0));
    }

    function test_anybodyDepositsForAPartyAndOnlyForAParty() public {
        (IVoucherChannel.Parties memory of_, bytes32 id) = opened(1, 100, 0);
        fund(other, 80);
        vm.startPrank(other);
        channels.deposit(of_, car, 20);
        channels.deposit(of_, pile, 50);
        vm.expectRevert(abi.encodeWithSelector(IVoucherChannel.NotAParty.selector, other));
        channels.deposit(of_, other, 10);
        vm.expectRevert(IVoucherChannel.NothingToDeposit.selector);
        channels.deposit(of_, car, 0);
        vm.stopPrank();
        assertEq(channels.channelOf(id).depositA, 120, "deposit of A");
        assertEq(channels.channelOf(id).depositB, 50, "deposit of B");
    }

    function test_depositsFit128BitsTogether() public {
        (IVoucherChannel.Parties memory of_,) = opened(1, type(uint128).max, 0);
        fund(other, 1);
        vm.expectRevert(abi.encodeWithSelector(IVoucherChannel.DepositTooLarge.selector, uint256(type(uint128).max) + 1));
        vm.prank(other);
        channels.deposit(of_, pile, 1);
    }

    function test_nothingIsDepositedOnceAPartyAskedToClose() public {
        (IVoucherChannel.Parties memory of_, bytes32 id) = opened(1, 100, 0);
        closedWith(of_, id, car, 0);
        expectWrongState(id, IVoucherChannel.State.Closing);
        channels.deposit(of_, pile, 1);
    }

    // Cooperative close

    function test_cooperativeClosePaysAtOnce() public {
        (IVoucherChannel.Parties memory of_, bytes32 id) = opened(1, 100, 20);
        CooperativeClose memory agreed = CooperativeClose(id, 65, 10, uint64(block.timestamp));
        (bytes memory byCar, bytes memory byPile) = (signed(carKey, agreed), signed(pileKey, agreed));
        vm.expectEmit(address(channels));
        emit IVoucherChannel.ChannelSettled(id, 45, 75, true);
        vm.prank(other);
        channels.cooperativeClose(of_, agreed, byCar, byPile);
        assertPaid(45, 75);
        assertState(id, IVoucherChannel.State.Settled);
    }

    function test_cooperativeCloseAlsoEndsADispute() public {
        (IVoucherChannel.Parties memory of_, bytes32 id) = opened(1, 100, 0);
        closedWith(of_, id, car, 10);
        CooperativeClose memory agreed = CooperativeClose(id, 40, 0, uint64(block.timestamp));
        channels.cooperativeClose(of_, agreed, signed(carKey, agreed), signed(pileKey, agreed));
        assertPaid(60, 40);
    }

    function test_cooperativeCloseNeedsBothAndTheDeadline() public {
        (IVoucherChannel.Parties memory of_, bytes32 id) = opened(1, 100, 0);
        CooperativeClose memory agreed = CooperativeClose(id, 40, 0, uint64(block.timestamp));
        bytes memory byCar = signed(carKey, agreed);
        bytes memory byPile = signed(pileKey, agreed);
        vm.expectRevert(abi.encodeWithSelector(IVoucherChannel.NotSignedBy.selector, car));
        channels.cooperativeClose(of_, agreed, byPile, byPile);
        vm.expectRevert(abi.encodeWithSelector(IVoucherChannel.NotSignedBy.selector, pile));
        channels.cooperativeClose(of_, agreed, byCar, byCar);
        vm.warp(block.timestamp + 1);
        vm.expectRevert(abi.encodeWithSelector(IVoucherChannel.TooLate.selector, agreed.deadline));
        channels.cooperativeClose(of_, agreed, byCar, byPile);
    }

    /// Neither a stranger's dust, nor the other side's, nor a deposit that was on its way.
    function test_aDepositInBetweenVoidsNoAgreementAndIsNobodysLoss() public {
        (IVoucherChannel.Parties memory of_, bytes32 id) = opened(1, 100, 20);
        CooperativeClose memory agreed = CooperativeClose(id, 65, 10, uint64(block.timestamp));
        (bytes memory byCar, bytes memory byPile) = (signed(carKey, agreed), signed(pileKey, agreed));
        fund(other, 8);
        vm.startPrank(other);
        channels.deposit(of_, car, 1);
        channels.deposit(of_, pile, 7);
        channels.cooperativeClose(of_, agreed, byCar, byPile);
        vm.stopPrank();
        assertPaid(46, 82);
    }

    function test_noAgreementPaysMoreThanTheDeposits() public {
        (IVoucherChannel.Parties memory of_, bytes32 id) = opened(1, 100, 20);
        CooperativeClose memory agreed = CooperativeClose(id, type(uint128).max, 0, uint64(block.timestamp));
        channels.cooperativeClose(of_, agreed, signed(carKey, agreed), signed(pileKey, agreed));
        assertPaid(0, 120);
        (of_, id) = opened(2, 100, 20);
        agreed = CooperativeClose(id, 0, type(uint128).max, uint64(block.timestamp));
        channels.cooperativeClose(of_, agreed, signed(carKey, agreed), signed(pileKey, agreed));
        assertPaid(120, 120);
    }

    // Close, challenge, settle

    function test_onlyAPartyAsksToClose() public {
        (IVoucherChannel.Parties memory of_,) = opened(1, 100, 0);
        vm.expectRevert(abi.encodeWithSelector(IVoucherChannel.NotAParty.selector, other));
        vm.prank(other);
        channels.requestClose(of_, none(), "");
    }

    function test_theWindowIsFixedAtTheRequestAndChallengesDoNotMoveIt() public {
        (IVoucherChannel.Parties memory of_, bytes32 id) = opened(1, 100, 0);
        uint64 end = uint64(block.timestamp) + DAY;
        vm.expectEmit(address(channels));
        emit IVoucherChannel.CloseRequested(id, pile, end);
        closedWith(of_, id, car, 10);
        vm.warp(end - 1);
        challengedWith(of_, id, car, 30);
        assertEq(channels.channelOf(id).settleableAt, end, "end of the window");
        vm.expectRevert(abi.encodeWithSelector(IVoucherChannel.NotYet.selector, end));
        channels.settle(of_);
        vm.warp(end);
        Voucher memory late = voucher(id, car, 40);
        bytes memory signature = signed(late);
        vm.expectRevert(abi.encodeWithSelector(IVoucherChannel.TooLate.selector, end));
        channels.challenge(of_, late, signature);
        channels.settle(of_);
        assertPaid(70, 30);
    }

    function test_aStaleCloseIsAnsweredAndGainsNothing() public {
        (IVoucherChannel.Parties memory of_, bytes32 id) = opened(1, 1000, 500);
        // The car closes without showing what it paid; it presents the pile's refund alone.
        closedWith(of_, id, pile, 200);
        (uint128 toCar, uint128 toPile) = channels.payoutsOf(id);
        assertEq(toCar, 1200, "as the car would have it");
        assertEq(toPile, 300, "as the car would have it");
        vm.expectEmit(address(channels));
        emit IVoucherChannel.VoucherPresented(id, car, 700, 1, keccak256("meter record"));
        challengedWith(of_, id, car, 700);
        settledAfter(of_, DAY);
        assertPaid(500, 1000);
    }

    function test_onlyABetterVoucherCounts() public {
        (IVoucherChannel.Parties memory of_, bytes32 id) = opened(1, 100, 0);
        closedWith(of_, id, car, 30);
        Voucher memory older = voucher(id, car, 30);
        bytes memory signature = signed(older);
        vm.expectRevert(abi.encodeWithSelector(IVoucherChannel.NotBetter.selector, 30, 30));
        channels.challenge(of_, older, signature);
    }

    function test_moreThanTheDepositsIsNeverPaid() public {
        (IVoucherChannel.Parties memory of_, bytes32 id) = opened(1, 100, 20);
        closedWith(of_, id, car, type(uint128).max);
        settledAfter(of_, DAY);
        assertPaid(0, 120);
    }

    function test_lessThanNothingIsNeverPaid() public {
        (IVoucherChannel.Parties memory of_, bytes32 id) = opened(1, 100, 20);
        closedWith(of_, id, pile, type(uint128).max);
        settledAfter(of_, DAY);
        assertPaid(120, 0);
    }

    function test_aChannelNeverOpenedAnswersNothing() public {
        IVoucherChannel.Parties memory of_ = parties(99);
        bytes32 id = channels.channelIdOf(of_);
        CooperativeClose memory agreed = CooperativeClose(id, 0, 0, uint64(block.timestamp));
        (bytes memory byCar, bytes memory byPile) = (signed(carKey, agreed), signed(pileKey, agreed));
        expectWrongState(id, IVoucherChannel.State.None);
        channels.deposit(of_, car, 1);
        expectWrongState(id, IVoucherChannel.State.None);
        channels.cooperativeClose(of_, agreed, byCar, byPile);
        expectWrongState(id, IVoucherChannel.State.None);
        vm.prank(car);
        channels.requestClose(of_, none(), "");
        expectWrongState(id, IVoucherChannel.State.None);
        channels.challenge(of_, none(), "");
        expectWrongState(id, IVoucherChannel.State.None);
        channels.settle(of_);
    }

    // Locks

    function test_aConditionalVoucherCountsOnceItsPreimageIsShown() public {
        (IVoucherChannel.Parties memory of_, bytes32 id) = opened(1, 100, 0);
        ConditionalVoucher memory v = conditional(id, car, 60, "R", uint64(block.timestamp + HOUR));
        bytes memory signature = signed(v);
        closedWith(of_, id, car, 10);
        vm.expectEmit(address(channels));
        emit Preimages.PreimageRegistered(v.hashlock, "R");
        vm.expectEmit(address(channels));
        emit IVoucherChannel.VoucherPresented(id, car, 60, 1, 0);
        channels.redeem(of_, v, "R", signature);
        settledAfter(of_, DAY);
        assertPaid(40, 60);
    }

    function test_aPreimageRegisteredInTimeCountsWheneverTheChannelCloses() public {
        (IVoucherChannel.Parties memory of_, bytes32 id) = opened(1, 100, 0);
        ConditionalVoucher memory v = conditional(id, car, 60, "R", uint64(block.timestamp + HOUR));
        bytes memory signature = signed(v);
        vm.warp(v.expiry - 1);
        channels.registerPreimage("R");
        vm.warp(v.expiry + 10 * DAY);
        channels.registerPreimage("R");
        assertEq(channels.registeredAt(v.hashlock), v.expiry - 1, "the first time counts");
        closedWith(of_, id, car, 10);
        channels.redeem(of_, v, "not looked at", signature);
        settledAfter(of_, DAY);
        assertPaid(40, 60);
    }

    function test_aPreimageRegisteredAtTheExpiryIsTooLate() public {
        (IVoucherChannel.Parties memory of_, bytes32 id) = opened(1, 100, 0);
        ConditionalVoucher memory v = conditional(id, car, 60, "R", uint64(block.timestamp + HOUR));
        bytes memory signature = signed(v);
        closedWith(of_, id, car, 10);
        vm.warp(v.expiry);
        vm.expectRevert(
            abi.encodeWithSelector(IVoucherChannel.LockNotOpened.selector, v.hashlock, v.expiry, v.expiry)
        );
        channels.redeem(of_, v, "R", signature);
        settledAfter(of_, DAY);
        assertPaid(90, 10);
    }

    function test_anotherPreimageOpensNothing() public {
        (IVoucherChannel.Parties memory of_, bytes32 id) = opened(1, 100, 0);
        ConditionalVoucher memory v = conditional(id, car, 60, "R", uint64(block.timestamp + HOUR));
        bytes memory signature = signed(v);
        closedWith(of_, id, car, 10);
        vm.expectRevert(abi.encodeWithSelector(IVoucherChannel.LockNotOpened.selector, v.hashlock, 0, v.expiry));
        channels.redeem(of_, v, "S", signature);
    }

    function test_settlementWaitsForAHeldLockAndAChallengePeriodMore() public {
        (IVoucherChannel.Parties memory of_, bytes32 id) = opened(1, 100, 0);
        uint64 expiry = uint64(block.timestamp) + 3 * DAY;
        ConditionalVoucher memory v = conditional(id, car, 60, "R", expiry);
        bytes memory signature = signed(v);
        closedWith(of_, id, car, 10);
        vm.expectEmit(address(channels));
        emit IVoucherChannel.LockHeld(id, car, 60, v.hashlock, expiry, expiry + DAY);
        vm.prank(pile);
        channels.hold(of_, v, signature);
        vm.warp(expiry - 1);
        channels.registerPreimage("R");
        vm.warp(expiry + DAY - 1);
        vm.expectRevert(abi.encodeWithSelector(IVoucherChannel.NotYet.selector, expiry + DAY));
        channels.settle(of_);
        channels.redeem(of_, v, 0, signature);
        settledAfter(of_, 1);
        assertPaid(40, 60);
    }

    function test_aHeldLockThatNobodyOpensChangesNoPayout() public {
        (IVoucherChannel.Parties memory of_, bytes32 id) = opened(1, 100, 0);
        ConditionalVoucher memory v = conditional(id, car, 60, "R", uint64(block.timestamp) + 3 * DAY);
        closedWith(of_, id, car, 10);
        bytes memory signature = signed(v);
        vm.prank(pile);
        channels.hold(of_, v, signature);
        settledAfter(of_, 4 * DAY);
        assertPaid(90, 10);
    }

    function test_aLockHoldsNoLongerThanTheContractAllows() public {
        (IVoucherChannel.Parties memory of_, bytes32 id) = opened(1, 100, 0);
        uint64 latest = uint64(block.timestamp) + MAX_LOCK;
        closedWith(of_, id, car, 10);
        ConditionalVoucher memory longer = conditional(id, car, 60, "R", latest + 1);
        ConditionalVoucher memory longest = conditional(id, car, 60, "R", latest);
        ConditionalVoucher memory over = conditional(id, car, 60, "R", uint64(block.timestamp));
        ConditionalVoucher memory worse = conditional(id, car, 10, "R", latest);
        (bytes memory byLonger, bytes memory byLongest) = (signed(longer), signed(longest));
        (bytes memory byOver, bytes memory byWorse) = (signed(over), signed(worse));
        vm.startPrank(pile);
        vm.expectRevert(abi.encodeWithSelector(IVoucherChannel.LockTooLong.selector, latest + 1, latest));
        channels.hold(of_, longer, byLonger);
        vm.expectRevert(abi.encodeWithSelector(IVoucherChannel.TooLate.selector, block.timestamp));
        channels.hold(of_, over, byOver);
        vm.expectRevert(abi.encodeWithSelector(IVoucherChannel.NotBetter.selector, 10, 10));
        channels.hold(of_, worse, byWorse);
        channels.hold(of_, longest, byLongest);
        vm.stopPrank();
        assertEq(channels.channelOf(id).settleableAt, latest + DAY, "settleable");
    }

    /// No extension game: the payer could sign itself a lock that nobody accepted.
    function test_onlyThePayeeHolds() public {
        (IVoucherChannel.Parties memory of_, bytes32 id) = opened(1, 100, 0);
        closedWith(of_, id, car, 10);
        ConditionalVoucher memory v = conditional(id, car, 60, "R", uint64(block.timestamp) + 3 * DAY);
        bytes memory signature = signed(v);
        address[2] memory others = [car, other];
        for (uint256 i = 0; i < others.length; i++) {
            vm.expectRevert(abi.encodeWithSelector(IVoucherChannel.NotThePayee.selector, others[i]));
            vm.prank(others[i]);
            channels.hold(of_, v, signature);
        }
        ConditionalVoucher memory strangers = conditional(id, other, 60, "R", v.expiry);
        vm.expectRevert(abi.encodeWithSelector(IVoucherChannel.NotAParty.selector, other));
        channels.hold(of_, strangers, signature);
        assertEq(channels.channelOf(id).settleableAt, block.timestamp + DAY, "not held up");
    }

    function test_whoHasThePayeesSignatureHoldsForIt() public {
        (IVoucherChannel.Parties memory of_, bytes32 id) = opened(1, 100, 0);
        closedWith(of_, id, car, 10);
        ConditionalVoucher memory v = conditional(id, car, 60, "R", uint64(block.timestamp) + 3 * DAY);
        ConditionalVoucher memory another = conditional(id, car, 61, "R", v.expiry);
        bytes memory signature = signed(v);
        bytes memory byPile = sign(pileKey, channels.hashHold(v));
        bytes memory byCar = sign(carKey, channels.hashHold(v));
        bytes memory byPileForAnother = sign(pileKey, channels.hashHold(another));
        vm.startPrank(other);
        vm.expectRevert(abi.encodeWithSelector(IVoucherChannel.NotSignedBy.selector, pile));
        channels.holdFor(of_, v, signature, byCar);
        vm.expectRevert(abi.encodeWithSelector(IVoucherChannel.NotSignedBy.selector, pile));
        channels.holdFor(of_, v, signature, byPileForAnother);
        channels.holdFor(of_, v, signature, byPile);
        vm.stopPrank();
        assertEq(channels.channelOf(id).settleableAt, v.expiry + DAY, "held");
    }

    function test_aPayeesConsentIsEip712ByTheBook() public view {
        ConditionalVoucher memory v = ConditionalVoucher(bytes32(uint256(5)), car, 17, 3, 0, bytes32(uint256(9)), 77);
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("Chargepile Voucher"),
                keccak256("1"),
                block.chainid,
                address(channels)
            )
        );
        bytes32 lock = keccak256(
            abi.encode(
                keccak256(
                    "ConditionalVoucher(bytes32 channelId,address payer,uint128 cumulative,uint64 seq,bytes32 evidence,bytes32 hashlock,uint64 expiry)"
                ),
                v
            )
        );
        bytes32 struct_ = keccak256(abi.encode(keccak256("Hold(bytes32 channelId,bytes32 voucher)"), v.channelId, lock));
        assertEq(channels.hashHold(v), keccak256(abi.encodePacked(hex"1901", domain, struct_)), "hold");
    }

    /// What was never there to be paid holds nothing up; who has paid too shows its own voucher before.
    function test_aLockOverMoreThanThereIsDoesNotHold() public {
        (IVoucherChannel.Parties memory of_, bytes32 id) = opened(1, 100, 20);
        closedWith(of_, id, car, 10);
        uint64 expiry = uint64(block.timestamp) + 3 * DAY;
        ConditionalVoucher memory most = conditional(id, car, 120, "R", expiry);
        ConditionalVoucher memory more = conditional(id, car, 121, "R", expiry);
        (bytes memory byMost, bytes memory byMore) = (signed(most), signed(more));
        vm.startPrank(pile);
        vm.expectRevert(abi.encodeWithSelector(IVoucherChannel.LockTooLarge.selector, 121, 120));
        channels.hold(of_, more, byMore);
        channels.hold(of_, most, byMost);
        vm.stopPrank();
        challengedWith(of_, id, pile, 5);
        more = conditional(id, car, 125, "R", expiry + 1);
        byMore = signed(more);
        vm.prank(pile);
        channels.hold(of_, more, byMore);
        assertEq(channels.channelOf(id).settleableAt, expiry + 1 + DAY, "held");
    }

    // Leaving all

    function test_whoRenouncesLeavesAllToTheOther() public {
        (IVoucherChannel.Parties memory of_, bytes32 id) = opened(1, 100, 20);
        vm.expectRevert(abi.encodeWithSelector(IVoucherChannel.NotAParty.selector, other));
        vm.prank(other);
        channels.renounce(of_);
        vm.expectEmit(address(channels));
        emit IVoucherChannel.Renounced(id, pile);
        vm.expectEmit(address(channels));
        emit IVoucherChannel.ChannelSettled(id, 120, 0, false);
        vm.prank(pile);
        channels.renounce(of_);
        assertPaid(120, 0);
        expectWrongState(id, IVoucherChannel.State.Settled);
        vm.prank(car);
        channels.renounce(of_);
    }

    function test_renouncingEndsADisputeToo() public {
        (IVoucherChannel.Parties memory of_, bytes32 id) = opened(1, 100, 20);
        closedWith(of_, id, car, 30);
        vm.prank(car);
        channels.renounce(of_);
        assertPaid(0, 120);
    }

    function test_whoRefusesChannelsIsGivenNoneAndStillOpensItsOwn() public {
        vm.expectEmit(address(channels));
        emit Obligations.ChannelsRefused(pile, true);
        vm.prank(pile);
        channels.refuseChannels(true);
        vm.expectRevert(abi.encodeWithSelector(Obligations.ChannelRefused.selector, pile));
        vm.prank(car);
        channels.open(address(money), pile, 1, DAY, 0);
        vm.prank(pile);
        channels.open(address(money), car, 1, DAY, 0);
        vm.prank(pile);
        channels.refuseChannels(false);
        vm.prank(car);
        channels.open(address(money), pile, 1, DAY, 0);
    }

    function expectWrongState(bytes32 id, IVoucherChannel.State state) private {
        vm.expectRevert(abi.encodeWithSelector(IVoucherChannel.WrongState.selector, id, state));
    }
}

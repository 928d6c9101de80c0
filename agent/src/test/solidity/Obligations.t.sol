// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Registry} from "../../main/solidity/Registry.sol";
import {RevocableChannel} from "../../main/solidity/RevocableChannel.sol";
import {VoucherChannel} from "../../main/solidity/VoucherChannel.sol";
import {Obligations} from "../../main/solidity/channels/Obligations.sol";
import {State} from "../../main/solidity/channels/States.sol";
import {CooperativeClose, Voucher} from "../../main/solidity/channels/Vouchers.sol";
import {IRegistry} from "../../main/solidity/interfaces/IRegistry.sol";
import {IVoucherChannel} from "../../main/solidity/interfaces/IVoucherChannel.sol";
import {Certificates} from "../../main/solidity/registry/Certificates.sol";
import {RegistryFixture} from "./RegistryFixture.sol";
import {OddMoney} from "./tokens/OddMoney.sol";

/// A pile's bond stays while the pile has an open channel: the real registry and the real channels (P1-11).
contract ObligationsTest is RegistryFixture {
    uint32 private constant HOUR = 3600;
    uint32 private constant DAY = 24 * HOUR;
    /// Of a transaction of 600 000, without what it costs to send.
    uint256 private constant GAS_OF_THE_CALL = 577_000;
    uint64 private constant LONGEST = 37 * uint64(DAY);

    VoucherChannel private channels;
    RevocableChannel private revocable;

    function setUp() public override {
        super.setUp();
        uint64 nonce = vm.getNonce(address(this));
        Registry.Terms memory t = terms();
        t.longestChallenge = LONGEST;
        t.obligors = new address[](2);
        t.obligors[0] = vm.computeCreateAddress(address(this), nonce + 1);
        t.obligors[1] = vm.computeCreateAddress(address(this), nonce + 2);
        registry = new Registry(t);
        channels = new VoucherChannel(HOUR, 30 * DAY, 7 * DAY, registry);
        revocable = new RevocableChannel(HOUR, 30 * DAY, registry);
        fund(company, 1);
        registerCompany();
        registerDriver();
        registerPile(pileCertificate(22_000));
    }

    function test_aPileWithAnOpenChannelStays() public {
        IVoucherChannel.Parties memory of_ = opened(1, 100);
        bytes32 id = channels.channelIdOf(of_);
        assertEq(registry.obligationsFrom(PILE, address(channels)), 1, "raised");
        assertEq(channels.obligedBy(id, pile), PILE, "noted");
        assertFalse(channels.channelOf(id).obligesA, "not the driver");
        stays(1);
        close(of_, 0);
        stays(1);
        settle(of_);
        assertEq(channels.obligedBy(id, pile), bytes32(0), "forgotten");
        leaves();
    }

    function test_everyEndOfAChannelLetsItsPileGo() public {
        uint256 before = vm.snapshotState();
        IVoucherChannel.Parties memory of_ = opened(1, 100);
        CooperativeClose memory agreed =
            CooperativeClose(channels.channelIdOf(of_), 40, 0, uint64(block.timestamp));
        bytes32 digest = channels.hashCooperativeClose(agreed);
        channels.cooperativeClose(of_, agreed, sign(driverKey, digest), sign(pileKey, digest));
        assertEq(money.balanceOf(pile), 40, "paid");
        leaves();
        vm.revertToState(before);
        address[2] memory parties = [driver, pile];
        for (uint256 i = 0; i < parties.length; i++) {
            of_ = opened(1, 100);
            vm.prank(parties[i]);
            channels.renounce(of_);
            leaves();
            vm.revertToState(before);
        }
    }

    function test_aPileIsObligedByItsOwnChannelsAndByEach() public {
        vm.startPrank(pile);
        channels.open(address(money), driver, 1, HOUR, 0);
        channels.open(address(money), stranger, 1, HOUR, 0);
        vm.stopPrank();
        opened(1, 1);
        stays(3);
        vm.prank(pile);
        channels.renounce(IVoucherChannel.Parties(address(money), pile, driver, 1));
        stays(2);
    }

    function test_twoPilesAreBothObliged() public {
        bytes32 second = keccak256("pile-2");
        (uint256 key, address account) = keyOf("second pile");
        registerAnother(second, key, account);
        vm.prank(account);
        channels.open(address(money), pile, 1, HOUR, 0);
        assertEq(registry.party(PILE).obligations, 1, "B");
        assertEq(registry.party(second).obligations, 1, "A");
        IVoucherChannel.Parties memory of_ = IVoucherChannel.Parties(address(money), account, pile, 1);
        close(of_, 0);
        settle(of_);
        assertEq(registry.party(PILE).obligations, 0, "B");
        assertEq(registry.party(second).obligations, 0, "A");
    }

    function test_nobodyElseIsObliged() public {
        vm.prank(driver);
        channels.open(address(money), stranger, 1, HOUR, 0);
        vm.prank(company);
        channels.open(address(money), driver, 1, HOUR, 0);
        vm.prank(driver);
        registry.deregister(DRIVER);
        vm.prank(company);
        registry.deregister(COMPANY);
    }

    /// The obligation is the party's, whatever account it has when the channel ends.
    function test_aPileThatMovedToAnotherAccountIsReleasedToo() public {
        IVoucherChannel.Parties memory of_ = opened(1, 100);
        (pileKey, pile) = keyOf("the pile's next key");
        Certificates.Certificate memory c = pileCertificate(22_000);
        c.keyVersion = 2;
        registerPile(c);
        stays(1);
        vm.prank(driver);
        channels.requestClose(of_, none(), "");
        settle(of_);
        leaves();
    }

    /// The key of the account that the channel names is lost: its owner and its next account get the bond free, and the
    /// other side all that is due to it.
    function test_aPileThatLostItsAccountIsNotBoundForEver() public {
        IVoucherChannel.Parties memory of_ = opened(1, 100);
        vm.expectRevert(abi.encodeWithSelector(IVoucherChannel.NotAParty.selector, stranger));
        vm.prank(stranger);
        channels.requestClose(of_, none(), "");
        uint256 before = vm.snapshotState();
        vm.prank(company);
        channels.requestClose(of_, none(), "");
        settle(of_);
        assertEq(money.balanceOf(driver), 100, "given back");
        leaves();
        vm.revertToState(before);
        (pileKey, pile) = keyOf("the pile's next key");
        Certificates.Certificate memory c = pileCertificate(22_000);
        c.keyVersion = 2;
        registerPile(c);
        vm.prank(pile);
        channels.requestClose(of_, none(), "");
        settle(of_);
        leaves();
    }

    /// It only asks: nothing is left to the other side, and what is due to the pile can still be shown.
    function test_whoSpeaksForAPileOnlyAsksToClose() public {
        IVoucherChannel.Parties memory of_ = opened(1, 100);
        vm.prank(company);
        vm.expectRevert(abi.encodeWithSelector(IVoucherChannel.NotAParty.selector, company));
        channels.renounce(of_);
        vm.prank(company);
        channels.requestClose(of_, none(), "");
        Voucher memory v = Voucher(channels.channelIdOf(of_), driver, 40, 1, 0);
        bytes memory signature = sign(driverKey, channels.hashVoucher(v));
        vm.prank(stranger);
        channels.challenge(of_, v, signature);
        settle(of_);
        assertEq(money.balanceOf(pile), 40, "paid");
        leaves();
    }

    function test_theOwnerOfABondClosesNoChannelThatDoesNotObligeIt() public {
        money.mint(stranger, 100);
        vm.startPrank(stranger);
        money.approve(address(channels), 100);
        channels.open(address(money), driver, 1, HOUR, 100);
        vm.stopPrank();
        vm.expectRevert(abi.encodeWithSelector(IVoucherChannel.NotAParty.selector, company));
        vm.prank(company);
        channels.requestClose(IVoucherChannel.Parties(address(money), stranger, driver, 1), none(), "");
    }

    /// What a stranger opens with nothing in it anybody can end.
    function test_anEmptyChannelIsClosedByAnybody() public {
        vm.prank(stranger);
        channels.open(address(money), pile, 1, HOUR, 0);
        IVoucherChannel.Parties memory of_ = IVoucherChannel.Parties(address(money), stranger, pile, 1);
        stays(1);
        vm.prank(driver);
        channels.requestClose(of_, none(), "");
        settle(of_);
        leaves();
    }

    function test_whoLeavesIsAccusedOrIsRevokedTakesNoChannel() public {
        bytes memory refusal = abi.encodeWithSelector(Obligations.PileNotActive.selector, PILE);
        uint256 before = vm.snapshotState();
        vm.prank(company);
        registry.deregister(PILE);
        refusesToOpen(refusal);
        vm.revertToState(before);
        vm.prank(kgc);
        registry.revoke(PILE, 1, "");
        refusesToOpen(refusal);
        vm.revertToState(before);
        bytes memory byHarmed = complained(1, "evidence");
        vm.prank(agency);
        registry.accuse(PILE, 1, DRIVER, "evidence", byHarmed);
        refusesToOpen(refusal);
        vm.revertToState(before);
        vm.prank(kgc);
        registry.revoke(DRIVER, 1, "");
        opened(1, 0);
    }

    /// A stranger with gas must not hold back a bond.
    function test_nobodyHoldsAPileAgainstItsWill() public {
        for (uint64 i = 0; i < 3; i++) {
            vm.prank(stranger);
            channels.open(address(money), pile, i, 30 * DAY, 0);
        }
        stays(3);
        vm.startPrank(pile);
        channels.refuseChannels(true);
        for (uint64 i = 0; i < 3; i++) {
            channels.renounce(IVoucherChannel.Parties(address(money), stranger, pile, i));
        }
        vm.stopPrank();
        refusesToOpen(abi.encodeWithSelector(Obligations.ChannelRefused.selector, pile));
        leaves();
    }

    function test_aRegistryThatRefusesNeverHoldsUpASettlement() public {
        IVoucherChannel.Parties memory of_ = opened(1, 100);
        close(of_, 30);
        vm.warp(block.timestamp + HOUR);
        uint256 before = vm.snapshotState();
        vm.mockCallRevert(address(registry), abi.encodeCall(IRegistry.lowerObligation, (PILE)), "no");
        vm.expectEmit(address(channels));
        emit Obligations.ObligationKept(channels.channelIdOf(of_), PILE);
        channels.settle{gas: 600_000}(of_);
        assertEq(money.balanceOf(pile), 30, "paid");
        vm.revertToState(before);
        vm.clearMockedCalls();
        vm.etch(address(registry), hex"5b600056"); // burns all that it is given
        channels.settle{gas: 600_000}(of_);
        assertEq(money.balanceOf(pile), 30, "paid");
    }

    /// Neither with payouts nor, where the gas for these is not asked for, without.
    function test_aCallerCanNotStarveTheRegistryOfGas() public {
        for (uint64 nonce = 1; nonce < 3; nonce++) {
            IVoucherChannel.Parties memory of_ = opened(nonce, nonce == 1 ? 100 : 0);
            close(of_, 0);
            vm.warp(block.timestamp + HOUR);
            for (uint256 gas_ = 30_000; gas_ < 600_000; gas_ += gas_ < 120_000 ? 500 : 20_000) {
                uint256 before = vm.snapshotState();
                (bool done,) = address(channels).call{gas: gas_}(abi.encodeCall(channels.settle, (of_)));
                assertEq(registry.party(PILE).obligations, done ? 0 : 1, "lowered or not settled");
                vm.revertToState(before);
            }
            channels.settle(of_);
        }
    }

    /// The most that a settlement can need: two piles, and a token that burns all that it is given, twice.
    function test_twoPilesAndATokenThatBurnsGasSettleWithTheGasThatIsPromised() public {
        OddMoney odd = new OddMoney();
        odd.mint(pile, 100);
        (uint256 key, address account) = keyOf("second pile");
        registerAnother(keccak256("pile-2"), key, account);
        vm.startPrank(pile);
        odd.approve(address(channels), 100);
        channels.open(address(odd), account, 1, HOUR, 100);
        IVoucherChannel.Parties memory of_ = IVoucherChannel.Parties(address(odd), pile, account, 1);
        bytes32 id = channels.channelIdOf(of_);
        vm.stopPrank();
        Voucher memory v = Voucher(id, pile, 30, 1, 0);
        bytes memory signature = sign(pileKey, channels.hashVoucher(v));
        vm.prank(account);
        channels.requestClose(of_, v, signature);
        vm.warp(block.timestamp + HOUR);
        odd.become(OddMoney.Quirk.BurnsGas);
        vm.cool(address(channels));
        vm.cool(address(registry));
        vm.cool(address(odd));
        channels.settle{gas: GAS_OF_THE_CALL}(of_);
        assertEq(channels.owed(pile, address(odd)), 70, "kept");
        assertEq(channels.owed(account, address(odd)), 30, "kept");
        assertEq(registry.party(PILE).obligations, 0, "free");
    }

    function test_aRevocableChannelObligesItsPile() public {
        RevocableChannel.Terms memory terms_ =
            RevocableChannel.Terms(address(money), driver, pile, 1, HOUR, uint64(block.timestamp));
        bytes32 id = revocable.channelIdOf(terms_);
        State memory first = State(id, 0, 100, 0, sha256("a"), sha256("b"));
        money.mint(driver, 100);
        vm.prank(driver);
        money.approve(address(revocable), 100);
        bytes32 digest = revocable.hashState(first);
        (bytes memory byDriver, bytes memory byPile) = (sign(driverKey, digest), sign(pileKey, digest));
        revocable.open(terms_, first, byDriver, byPile);
        stays(1);
        vm.prank(driver);
        revocable.close(terms_, first, byPile);
        stays(1);
        vm.warp(block.timestamp + HOUR);
        revocable.settle(terms_);
        leaves();
    }

    function test_aChannelContractIsMadeForARegistryThatKnowsItAndLocksBondsLongEnough() public {
        vm.expectRevert(abi.encodeWithSelector(Obligations.NotAnObligor.selector, address(registry)));
        new VoucherChannel(HOUR, 30 * DAY, 7 * DAY, registry);
        vm.expectRevert(abi.encodeWithSelector(Obligations.NoRegistry.selector, stranger));
        new VoucherChannel(HOUR, 30 * DAY, 7 * DAY, IRegistry(stranger));
        vm.mockCall(address(registry), abi.encodePacked(IRegistry.isObligor.selector), abi.encode(true));
        vm.expectRevert(abi.encodeWithSelector(Obligations.BondsFreeTooSoon.selector, LONGEST, LONGEST + 1));
        new VoucherChannel(HOUR, 30 * DAY, 7 * DAY + 1, registry);
        new VoucherChannel(HOUR, 30 * DAY, 7 * DAY, registry);
        vm.expectRevert(abi.encodeWithSelector(Obligations.BondsFreeTooSoon.selector, LONGEST, LONGEST + 1));
        new RevocableChannel(HOUR, 37 * DAY + 1, registry);
    }

    function opened(uint64 nonce, uint128 amount) private returns (IVoucherChannel.Parties memory) {
        money.mint(driver, amount);
        vm.startPrank(driver);
        money.approve(address(channels), amount);
        channels.open(address(money), pile, nonce, HOUR, amount);
        vm.stopPrank();
        return IVoucherChannel.Parties(address(money), driver, pile, nonce);
    }

    function refusesToOpen(bytes memory refusal) private {
        vm.expectRevert(refusal);
        vm.prank(driver);
        channels.open(address(money), pile, 1, HOUR, 0);
    }

    /// B asks to close, with a voucher of A where it has one.
    function close(IVoucherChannel.Parties memory of_, uint128 cumulative) private {
        Voucher memory v = Voucher(channels.channelIdOf(of_), of_.a, cumulative, 1, 0);
        bytes memory signature = cumulative == 0 ? bytes("") : sign(driverKey, channels.hashVoucher(v));
        vm.prank(of_.b);
        channels.requestClose(of_, v, signature);
    }

    function settle(IVoucherChannel.Parties memory of_) private {
        vm.warp(block.timestamp + HOUR);
        channels.settle(of_);
    }

    function none() private pure returns (Voucher memory v) {}

    function stays(uint32 open) private {
        vm.expectRevert(abi.encodeWithSelector(Registry.OpenObligations.selector, PILE, open));
        vm.prank(company);
        registry.deregister(PILE);
    }

    function leaves() private {
        vm.prank(company);
        registry.deregister(PILE);
        assertEq(registry.party(PILE).unlockAt, uint64(block.timestamp) + LONGEST, "leaving");
    }

    function registerAnother(bytes32 id, uint256 key, address account) private {
        Certificates.Certificate memory c = certificate(id, IRegistry.Role.PILE, account);
        (c.company, c.meterKey, c.ratedPowerW) = (COMPANY, c.nodeKey, 1);
        bytes memory signature = certified(c);
        bytes memory possession = possessed(key, c);
        vm.prank(company);
        registry.register(c, signature, possession);
    }
}

/// What a registered pile adds; kept in snapshots/VoucherChannel.json.
/// forge-config: default.isolate = true
contract ObligationsGasTest is RegistryFixture {
    VoucherChannel private channels;

    function setUp() public override {
        super.setUp();
        uint64 nonce = vm.getNonce(address(this));
        Registry.Terms memory t = terms();
        t.longestChallenge = 37 days;
        t.obligors[0] = vm.computeCreateAddress(address(this), nonce + 1);
        registry = new Registry(t);
        channels = new VoucherChannel(1 hours, 30 days, 7 days, registry);
        fund(company, 1);
        registerCompany();
        registerDriver();
        registerPile(pileCertificate(22_000));
        money.mint(driver, 1e9);
        money.mint(pile, 1e9);
        money.mint(address(channels), 1);
        vm.prank(driver);
        money.approve(address(channels), 1e9);
    }

    function test_aChannelOfARegisteredPile() public {
        vm.prank(driver);
        channels.open(address(money), pile, 1, 1 hours, 1e6);
        vm.snapshotGasLastCall("VoucherChannel", "open with deposit, with a registered pile");
        IVoucherChannel.Parties memory of_ = IVoucherChannel.Parties(address(money), driver, pile, 1);
        CooperativeClose memory agreed =
            CooperativeClose(channels.channelIdOf(of_), 4e5, 0, uint64(block.timestamp));
        bytes32 digest = channels.hashCooperativeClose(agreed);
        channels.cooperativeClose(of_, agreed, sign(driverKey, digest), sign(pileKey, digest));
        vm.snapshotGasLastCall("VoucherChannel", "cooperative close, with a registered pile");
    }
}

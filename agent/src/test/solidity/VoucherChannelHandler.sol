// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ConditionalVoucher, CooperativeClose, Voucher} from "../../main/solidity/channels/Vouchers.sol";
import {IRegistry} from "../../main/solidity/interfaces/IRegistry.sol";
import {IVoucherChannel} from "../../main/solidity/interfaces/IVoucherChannel.sol";
import {VoucherChannel} from "../../main/solidity/VoucherChannel.sol";
import {Test} from "./foundry/Test.sol";
import {OddMoney} from "./tokens/OddMoney.sol";

/// Three accounts that open, fund, dispute and settle channels with each other at random, while the token now and then
/// pauses or refuses an account. Beside it stands a model by plain arithmetic. What must work works here, or reverts and
/// fails the run; what must be refused is checked to be.
contract VoucherChannelHandler is Test {
    uint32 private constant PERIOD = 1 days;
    uint256 private constant MOST = 12;

    struct Model {
        IVoucherChannel.Parties parties;
        bytes32 id;
        uint256 depositA;
        uint256 depositB;
        uint256 bestA;
        uint256 bestB;
        IVoucherChannel.State state;
        uint256 closedAt;
        uint256 settleableAt;
        uint256 paidA;
        uint256 paidB;
    }

    VoucherChannel public immutable channels;
    OddMoney public immutable money;
    address[3] public accounts;
    uint256 public donated;

    /// How often each way was gone.
    uint256 public settlements;
    uint256 public disputed;
    uint256 public holds;
    uint256 public redemptions;
    uint256 public agreements;
    uint256 public renunciations;
    uint256 public claims;
    uint256 public refusals;

    mapping(address => uint256) private _keys;
    Model[] private _models;

    constructor() {
        money = new OddMoney();
        channels = new VoucherChannel(1 hours, 30 days, 7 days, IRegistry(address(0)));
        string[3] memory names = ["a", "b", "c"];
        for (uint256 i = 0; i < 3; i++) {
            (uint256 key, address account) = keyOf(names[i]);
            accounts[i] = account;
            _keys[account] = key;
            money.mint(account, type(uint128).max);
            vm.prank(account);
            money.approve(address(channels), type(uint256).max);
        }
        open(0, 0, 1e18);
    }

    // What happens

    function open(uint256 who, uint256 with_, uint128 amount) public {
        if (_models.length == MOST || troubled()) return;
        address a = accounts[who % 3];
        address b = accounts[(who % 3 + 1 + with_ % 2) % 3];
        amount = uint128(bound(amount, 0, 1e24));
        uint64 nonce = uint64(_models.length);
        vm.prank(a);
        bytes32 id = channels.open(address(money), b, nonce, PERIOD, amount);
        Model storage model = _models.push();
        model.parties = IVoucherChannel.Parties(address(money), a, b, nonce);
        model.id = id;
        model.depositA = amount;
        model.state = IVoucherChannel.State.Open;
    }

    function deposit(uint256 which, uint256 from, bool forA, uint128 amount) external {
        (Model storage model, bool there) = any(which, IVoucherChannel.State.Open);
        if (!there || troubled()) return;
        amount = uint128(bound(amount, 1, 1e24));
        vm.prank(accounts[from % 3]);
        channels.deposit(model.parties, forA ? model.parties.a : model.parties.b, amount);
        if (forA) model.depositA += amount;
        else model.depositB += amount;
    }

    function requestClose(uint256 which, bool byA, uint128 cumulative) external {
        (Model storage model, bool there) = any(which, IVoucherChannel.State.Open);
        if (!there) return;
        cumulative = near(model, cumulative);
        Voucher memory voucher = voucherOf(model, !byA, cumulative);
        bytes memory signature = cumulative == 0 ? bytes("") : signed(voucher);
        vm.prank(byA ? model.parties.a : model.parties.b);
        channels.requestClose(model.parties, voucher, signature);
        present(model, !byA, cumulative);
        model.state = IVoucherChannel.State.Closing;
        model.closedAt = block.timestamp;
        model.settleableAt = block.timestamp + PERIOD;
    }

    function challenge(uint256 which, uint256 by, bool ofA, uint128 cumulative) external {
        (Model storage model, bool there) = any(which, IVoucherChannel.State.Closing);
        if (!there) return;
        cumulative = near(model, cumulative);
        Voucher memory voucher = voucherOf(model, ofA, cumulative);
        bytes memory signature = signed(voucher);
        (uint128 toABefore, uint128 toBBefore) = channels.payoutsOf(model.id);
        vm.prank(accounts[by % 3]);
        bool expected = block.timestamp < model.settleableAt && cumulative > (ofA ? model.bestA : model.bestB);
        try channels.challenge(model.parties, voucher, signature) {
            assertTrue(expected, "a voucher that is late or not better is refused");
            present(model, ofA, cumulative);
        } catch {
            assertFalse(expected, "a better voucher in time is accepted");
            refusals++;
        }
        (uint128 toA, uint128 toB) = channels.payoutsOf(model.id);
        assertTrue(ofA ? toB >= toBBefore : toA >= toABefore, "a challenge moves money to the payee alone");
    }

    function lock(uint256 which, bool ofA, uint128 cumulative, uint256 preimage, uint32 expiry, bool redeem) external {
        (Model storage model, bool there) = any(which, IVoucherChannel.State.Closing);
        if (!there) return;
        cumulative = near(model, cumulative);
        ConditionalVoucher memory voucher = ConditionalVoucher(
            model.id,
            ofA ? model.parties.a : model.parties.b,
            cumulative,
            2,
            0,
            sha256(abi.encode(preimage % 8)),
            uint64(block.timestamp + bound(expiry, 0, 9 days))
        );
        bytes memory signature = sign(_keys[voucher.payer], channels.hashConditionalVoucher(voucher));
        bool better = block.timestamp < model.settleableAt && cumulative > (ofA ? model.bestA : model.bestB);
        if (redeem) {
            uint256 time = channels.registeredAt(voucher.hashlock);
            bool expected = better && (time == 0 ? block.timestamp : time) < voucher.expiry;
            try channels.redeem(model.parties, voucher, bytes32(preimage % 8), signature) {
                assertTrue(expected, "redeemed too late");
                redemptions++;
                present(model, ofA, cumulative);
            } catch {
                assertFalse(expected, "not redeemed in time");
                refusals++;
            }
        } else {
            bool byPayee = preimage % 16 < 12;
            bool expected = byPayee && better && block.timestamp < voucher.expiry
                && voucher.expiry <= model.closedAt + channels.maxLock()
                && cumulative <= model.depositA + model.depositB + (ofA ? model.bestB : model.bestA);
            vm.prank(byPayee == ofA ? model.parties.b : model.parties.a);
            try channels.hold(model.parties, voucher, signature) {
                assertTrue(expected, "held by the payer, too long or for too much");
                holds++;
                uint256 until = voucher.expiry + PERIOD;
                if (until > model.settleableAt) model.settleableAt = until;
            } catch {
                assertFalse(expected, "not held");
                refusals++;
            }
        }
    }

    function registerPreimage(uint256 preimage) external {
        channels.registerPreimage(bytes32(preimage % 8));
    }

    function cooperativeClose(uint256 which, uint128 paidByA, uint128 paidByB) external {
        Model storage model = _models[which % _models.length];
        if (model.state == IVoucherChannel.State.Settled) return;
        CooperativeClose memory agreed = CooperativeClose(
            model.id, near(model, paidByA), near(model, paidByB), uint64(block.timestamp)
        );
        bytes32 digest = channels.hashCooperativeClose(agreed);
        bytes memory byA = sign(_keys[model.parties.a], digest);
        bytes memory byB = sign(_keys[model.parties.b], digest);
        (uint256 a, uint256 b) = has(model);
        channels.cooperativeClose(model.parties, agreed, byA, byB);
        present(model, true, agreed.paidByA);
        present(model, false, agreed.paidByB);
        uint256 expected = payoutOfB(model);
        finish(model, a, b);
        assertEq(model.paidB, expected, "as agreed");
        agreements++;
    }

    function renounce(uint256 which, bool byA) external {
        Model storage model = _models[which % _models.length];
        if (model.state == IVoucherChannel.State.Settled || _models.length < MOST / 2) return;
        (uint256 a, uint256 b) = has(model);
        vm.prank(byA ? model.parties.a : model.parties.b);
        channels.renounce(model.parties);
        finish(model, a, b);
        assertEq(byA ? model.paidA : model.paidB, 0, "left to the other");
        renunciations++;
    }

    /// After the window it must work, whatever the token does; before, it must not.
    function settle(uint256 which, uint256 by, bool wait) external {
        (Model storage model, bool there) = any(which, IVoucherChannel.State.Closing);
        if (!there) return;
        if (wait && block.timestamp < model.settleableAt) vm.warp(model.settleableAt);
        (uint256 a, uint256 b) = has(model);
        vm.prank(accounts[by % 3]);
        if (block.timestamp >= model.settleableAt) {
            uint256 expected = payoutOfB(model);
            bool unequal = model.bestA != 0 && model.bestB != 0;
            channels.settle{gas: 600_000}(model.parties);
            finish(model, a, b);
            assertEq(model.paidB, expected, "the payee has by the best voucher presented");
            settlements++;
            if (unequal) disputed++;
        } else {
            try channels.settle(model.parties) {
                assertTrue(false, "settled within the window");
            } catch {
                refusals++;
            }
        }
    }

    function claim(uint256 who) external {
        address account = accounts[who % 3];
        uint256 amount = channels.owed(account, address(money));
        if (amount == 0 || troubled()) return;
        uint256 before = money.balanceOf(account);
        vm.prank(account);
        channels.claim(address(money), account);
        assertEq(money.balanceOf(account) - before, amount, "claimed");
        claims++;
    }

    function pass(uint32 seconds_) external {
        vm.warp(block.timestamp + bound(seconds_, 1, 1 days));
    }

    function trouble(uint8 kind, uint256 who) external {
        if (kind % 4 == 0) money.become(OddMoney.Quirk.Paused);
        else if (kind % 4 == 1) money.blackList(accounts[who % 3]);
        else money.become(OddMoney.Quirk.None);
    }

    function donate(uint96 amount) external {
        money.mint(address(channels), amount);
        donated += amount;
    }

    /// A voucher of one channel at another, and everything at a settled one.
    function replay(uint256 which, uint256 where, bool ofA, uint128 cumulative) external {
        if (_models.length < 2) return;
        Model storage from = _models[which % _models.length];
        Model storage to = _models[where % _models.length];
        Voucher memory voucher = voucherOf(from, ofA, uint128(bound(cumulative, 1, type(uint128).max)));
        bytes memory signature = signed(voucher);
        if (from.id != to.id) {
            refused(abi.encodeCall(channels.challenge, (to.parties, voucher, signature)));
            voucher.channelId = to.id;
            refused(abi.encodeCall(channels.challenge, (to.parties, voucher, signature)));
        }
        if (to.state == IVoucherChannel.State.Settled) {
            voucher = voucherOf(to, ofA, type(uint128).max);
            refused(abi.encodeCall(channels.challenge, (to.parties, voucher, signed(voucher))));
            refused(abi.encodeCall(channels.settle, (to.parties)));
            vm.prank(to.parties.a);
            refused(abi.encodeCall(channels.requestClose, (to.parties, voucher, "")));
            vm.prank(to.parties.a);
            refused(abi.encodeCall(channels.deposit, (to.parties, to.parties.a, 1)));
        }
    }

    // What the model says

    function count() external view returns (uint256) {
        return _models.length;
    }

    function modelOf(uint256 i) external view returns (Model memory) {
        return _models[i];
    }

    function payoutOfB(Model memory model) public pure returns (uint256) {
        int256 all = int256(model.depositA + model.depositB);
        int256 ofB = int256(model.depositB) + int256(model.bestA) - int256(model.bestB);
        return uint256(ofB < 0 ? int256(0) : ofB > all ? all : ofB);
    }

    function refused(bytes memory call_) private {
        (bool done,) = address(channels).call(call_);
        assertFalse(done, "refused");
        refusals++;
    }

    function finish(Model storage model, uint256 a, uint256 b) private {
        (uint256 aNow, uint256 bNow) = has(model);
        model.paidA = aNow - a;
        model.paidB = bNow - b;
        model.state = IVoucherChannel.State.Settled;
    }

    /// What the parties have, in the token and to claim.
    function has(Model storage model) private view returns (uint256 a, uint256 b) {
        a = money.balanceOf(model.parties.a) + channels.owed(model.parties.a, address(money));
        b = money.balanceOf(model.parties.b) + channels.owed(model.parties.b, address(money));
    }

    function present(Model storage model, bool ofA, uint256 cumulative) private {
        if (ofA) model.bestA = cumulative;
        else model.bestB = cumulative;
    }

    function voucherOf(Model storage model, bool ofA, uint128 cumulative) private view returns (Voucher memory) {
        return Voucher(model.id, ofA ? model.parties.a : model.parties.b, cumulative, 1, 0);
    }

    function signed(Voucher memory voucher) private view returns (bytes memory) {
        return sign(_keys[voucher.payer], channels.hashVoucher(voucher));
    }

    function any(uint256 which, IVoucherChannel.State state) private view returns (Model storage model, bool there) {
        model = _models[0];
        for (uint256 i = 0; i < _models.length; i++) {
            model = _models[(which % _models.length + i) % _models.length];
            if (model.state == state) return (model, true);
        }
    }

    /// Mostly amounts about the deposits, where the arithmetic has its edges; some far over.
    function near(Model storage model, uint128 amount) private view returns (uint128) {
        if (amount % 7 == 0) return amount;
        return uint128(bound(amount, 0, 2 * (model.depositA + model.depositB) + 1));
    }

    function troubled() private view returns (bool) {
        return money.quirk() != OddMoney.Quirk.None;
    }
}

// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {State} from "../../main/solidity/channels/States.sol";
import {IRegistry} from "../../main/solidity/interfaces/IRegistry.sol";
import {RevocableChannel} from "../../main/solidity/RevocableChannel.sol";
import {Test} from "./foundry/Test.sol";
import {Money} from "./tokens/Money.sol";

/// A car (A) and a pile (B) with money, and the terms of a channel between them.
abstract contract RevocableChannelFixture is Test {
    RevocableChannel internal channels;
    Money internal money;
    uint256 internal carKey;
    uint256 internal pileKey;
    address internal car;
    address internal pile;
    RevocableChannel.Terms internal terms;
    bytes32 internal id;

    function setUp() public virtual {
        vm.warp(1_800_000_000);
        (carKey, car) = keyOf("car");
        (pileKey, pile) = keyOf("pile");
        money = new Money();
        channels = new RevocableChannel(1 hours, 30 days, IRegistry(address(0)));
        terms = RevocableChannel.Terms(address(money), car, pile, 1, 1 days, uint64(block.timestamp + 1 hours));
        id = channels.channelIdOf(terms);
        fund(car);
        fund(pile);
    }

    function fund(address account) internal {
        money.mint(account, 1000);
        vm.prank(account);
        money.approve(address(channels), type(uint256).max);
    }

    function secret(address of_, uint64 version) internal pure returns (bytes32) {
        return keccak256(abi.encode(of_, version));
    }

    /// 100 by the car and 20 by the pile, of which the car has `balanceA` now.
    function state(uint64 version, uint128 balanceA) internal view returns (State memory) {
        return State(
            id,
            version,
            balanceA,
            120 - balanceA,
            sha256(abi.encode(secret(car, version))),
            sha256(abi.encode(secret(pile, version)))
        );
    }

    function signed(uint256 key, State memory state_) internal view returns (bytes memory) {
        return sign(key, channels.hashState(state_));
    }

    function open() internal {
        State memory first = state(0, 100);
        channels.open(terms, first, signed(carKey, first), signed(pileKey, first));
    }

    function closedByCarWith(uint64 version, uint128 balanceA) internal {
        State memory state_ = state(version, balanceA);
        bytes memory byPile = signed(pileKey, state_);
        vm.prank(car);
        channels.close(terms, state_, byPile);
    }

    function assertPaid(uint256 toCar, uint256 toPile) internal view {
        assertEq(money.balanceOf(car), 900 + toCar, "the car's money");
        assertEq(money.balanceOf(pile), 980 + toPile, "the pile's money");
        assertEq(money.balanceOf(address(channels)), 0, "nothing is left behind");
    }
}

// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {State} from "../../main/solidity/channels/States.sol";
import {RevocableChannelFixture} from "./RevocableChannelFixture.sol";

/// What each step costs as a transaction of its own; kept in snapshots/RevocableChannel.json.
/// forge-config: default.isolate = true
contract RevocableChannelGasTest is RevocableChannelFixture {
    function setUp() public override {
        super.setUp();
        money.mint(address(channels), 1);
    }

    function test_life() public {
        State memory first = state(0, 100);
        (bytes memory byCar, bytes memory byPile) = (signed(carKey, first), signed(pileKey, first));
        channels.open(terms, first, byCar, byPile);
        vm.snapshotGasLastCall("RevocableChannel", "open with both deposits");
        State memory old = state(4, 90);
        byPile = signed(pileKey, old);
        vm.prank(car);
        channels.close(terms, old, byPile);
        vm.snapshotGasLastCall("RevocableChannel", "close");
        uint256 closed = vm.snapshotState();
        channels.punish(terms, secret(car, 4));
        vm.snapshotGasLastCall("RevocableChannel", "punish");
        vm.revertToState(closed);
        vm.warp(block.timestamp + 1 days);
        channels.settle(terms);
        vm.snapshotGasLastCall("RevocableChannel", "settle");
    }
}

package chargepile.agent.runtime;

import chargepile.agent.mqtt.Bus;
import chargepile.agent.mqtt.LinkEnvironment;
import chargepile.agent.mqtt.LinkSettings;
import chargepile.agent.mqtt.Scheduler;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;

/**
 * Threads, time and chance, as a program or a simulation has them.
 *
 * @param lane runs all that happens to a node
 * @param chainThread waits for chain and wallet, one task at a time, so that nothing else does;
 *     {@code Runnable::run} where they answer at once
 * @param linkTimers the timers of the encrypted links
 * @param random cryptographically secure outside of tests
 */
public record Surroundings(
    Lane lane, Executor chainThread, Time time, Scheduler linkTimers, RandomGenerator random) {
  /** What a node's links stand on; all that happens to them happens on its mailbox. */
  LinkEnvironment links(Bus bus, Executor mailbox, NodeKeys keys) {
    return new LinkEnvironment(
        bus, mailbox, linkTimers, random, keys.signer(), keys.nodeKey(), LinkSettings.DEFAULTS);
  }
}

package chargepile.agent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.chain.ChainException;
import chargepile.agent.units.BlockHeight;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A pile says that it is alive as long as it is, and no longer. */
@Timeout(60)
final class HeartbeatTest {
  private static final Duration EVERY = Duration.ofSeconds(30);

  private final List<String> heard = new CopyOnWriteArrayList<>();

  private Heartbeat heartbeat(TwoNodes nodes, Supplier<BlockHeight> tip) {
    var unused =
        nodes
            .broker
            .connect(Optional.empty())
            .subscribe(
                TwoNodes.TOPICS.heartbeat(),
                said -> {
                  assertFalse(said.retained());
                  heard.add(new String(said.payload(), StandardCharsets.UTF_8));
                });
    return new Heartbeat(
        nodes.pileBus,
        TwoNodes.TOPICS,
        new TwoNodes.VirtualTime(nodes.clock),
        EVERY,
        tip,
        Runnable::run,
        nodes.pile);
  }

  @Test
  void itSaysTimeUptimePhaseAndBlockAtEveryInterval() {
    try (TwoNodes nodes = new TwoNodes(TwoNodes.Terms.USUAL).start();
        Heartbeat heartbeat = heartbeat(nodes, () -> new BlockHeight(7))) {
      assertTrue(heartbeat != null);
      nodes.run(Duration.ofSeconds(95));
      assertTrue(
          heard.getLast().endsWith("\"uptime_s\":90,\"every_s\":30,\"phase\":null,\"block\":7}"),
          heard.getLast());
      assertTrue(
          heard.getFirst().startsWith("{\"time\":\"2026-01-01T00:00:00Z\""), heard::toString);
      long before = heard.size();
      nodes.run(Duration.ofSeconds(90));
      assertEquals(before + 3, heard.size());
      nodes.open();
      nodes.chargeUntil(50_000);
      nodes.run(Duration.ofSeconds(31));
      assertTrue(heard.getLast().contains("\"phase\":\"Charging\""), heard.getLast());
    }
  }

  @Test
  void aChainThatCannotBeAskedLeavesTheLastBlock() {
    int[] asked = new int[1];
    Supplier<BlockHeight> tip =
        () -> {
          if (asked[0]++ > 0) {
            throw new ChainException("away");
          }
          return new BlockHeight(7);
        };
    try (TwoNodes nodes = new TwoNodes(TwoNodes.Terms.USUAL).start();
        Heartbeat heartbeat = heartbeat(nodes, tip)) {
      assertTrue(heartbeat != null);
      nodes.run(Duration.ofSeconds(61));
      assertTrue(asked[0] > 1);
      assertTrue(heard.getLast().contains("\"block\":7"), heard.getLast());
    }
  }

  @Test
  void aPileThatHangsFallsSilent() throws Exception {
    CountDownLatch held = new CountDownLatch(1);
    try (TwoNodes nodes = new TwoNodes(TwoNodes.Terms.USUAL).start();
        Heartbeat heartbeat = heartbeat(nodes, () -> new BlockHeight(7))) {
      assertTrue(heartbeat != null);
      nodes.run(Duration.ofSeconds(31));
      int before = heard.size();
      nodes.pile.inTurn(
          () -> {
            try {
              held.await();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          });
      nodes.clock.advance(Duration.ofMinutes(5));
      assertEquals(before, heard.size());
      held.countDown();
      nodes.settle();
      nodes.clock.advance(Duration.ofSeconds(1));
      assertEquals(before + 1, heard.size(), "what was missed is said once");
    }
  }
}

package chargepile.agent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import chargepile.agent.chain.FeeReserve;
import chargepile.agent.chain.embedded.EmbeddedChain;
import chargepile.agent.chain.embedded.EmbeddedWallet;
import chargepile.agent.units.Satoshi;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReserveWatchTest {
  private final List<String> alerts = new ArrayList<>();
  private long nanos = Duration.ofDays(1).toNanos();
  private int channels;

  private final Time time =
      new Time() {
        @Override
        public Instant wall() {
          return Instant.EPOCH;
        }

        @Override
        public long nanos() {
          return nanos;
        }

        @Override
        public Timer schedule(Duration delay, Runnable task) {
          throw new AssertionError("it looks when the chain changes");
        }
      };

  @Test
  void whatIsLackingIsToldWhenThatBeginsAndWhenItEnds() throws Exception {
    try (EmbeddedChain chain = new EmbeddedChain(() -> Instant.EPOCH, Runnable::run)) {
      EmbeddedWallet wallet = new EmbeddedWallet(chain, TwoNodes.seed("w"), TwoNodes.SIGNER);
      try (ReserveWatch _ =
          new ReserveWatch(
              chain,
              wallet,
              new FeeReserve(new Satoshi(50_000)),
              () -> channels,
              Runnable::run,
              time,
              alerts::add)) {
        minute(chain);
        assertEquals(List.of(), alerts, "no channel, no reserve");
        channels = 2;
        chain.mine(1);
        assertEquals(List.of(), alerts, "not so soon again");
        minute(chain);
        minute(chain);
        assertEquals(
            List.of(
                "the wallet lacks 100000 sat of the 100000 sat it must keep to close 2 channels"
                    + " when fees are high: pay to it"),
            alerts);
        chain.fund(wallet.freshScript(), new Satoshi(100_000));
        minute(chain);
        minute(chain);
        assertEquals(
            "the wallet has the 100000 sat again that it must keep to close 2 channels",
            alerts.getLast());
        assertEquals(2, alerts.size());
      }
    }
  }

  private void minute(EmbeddedChain chain) {
    nanos += Duration.ofMinutes(1).toNanos();
    chain.mine(1);
  }
}

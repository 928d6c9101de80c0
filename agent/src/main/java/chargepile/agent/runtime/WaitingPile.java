package chargepile.agent.runtime;

import chargepile.agent.mqtt.Bus;
import chargepile.agent.mqtt.Scheduler;
import chargepile.agent.mqtt.Topics;
import chargepile.agent.session.ChainTrouble;
import chargepile.agent.session.pile.PileAction;
import chargepile.agent.session.pile.PileDocument;
import chargepile.agent.session.pile.PileSettings;
import fr.acinq.bitcoin.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * A pile that has never had a chain, so that it does not know where its money is to go: it says why
 * it sells nothing. Thread-safe.
 */
public final class WaitingPile implements AutoCloseable {
  private static final Duration LONGEST_STOP = Duration.ofSeconds(2);

  private final Lane lane;
  private final Instant since;
  private final long sinceNanos;
  private final PileTopics documents;
  private final PileCommands commands;
  private volatile String reason = "";

  /**
   * @param lane runs all that is published
   */
  public WaitingPile(
      Bus bus,
      Topics topics,
      Lane lane,
      Time time,
      Scheduler timers,
      PublicKey node,
      PublicKey meter,
      PaidIn money,
      PileSettings settings) {
    this.lane = lane;
    this.since = time.wall();
    this.sinceNanos = time.nanos();
    this.documents = new PileTopics(bus, topics, timers, lane, node, meter, money, settings, false);
    this.commands =
        new PileCommands(
            bus,
            topics,
            time,
            command ->
                CompletableFuture.completedFuture(
                    new PileAction.Answer(
                        0, false, "the pile can't begin without its chain: " + reason)));
    bus.onConnection(
        up -> {
          if (up) {
            lane.execute(documents::publishAll);
          }
        });
  }

  /** Why the chain can't be begun with now. */
  public void because(String reason) {
    this.reason = reason;
    var trouble = Optional.of(new ChainTrouble(reason, since, sinceNanos));
    lane.execute(
        () -> {
          documents.publish(new PileDocument.Chain(trouble, false));
          documents.flush();
        });
  }

  /** The pile begins, or the program ends. */
  @Override
  public void close() {
    commands.close();
    lane.execute(documents::sayOffline);
    lane.finish(LONGEST_STOP);
  }
}

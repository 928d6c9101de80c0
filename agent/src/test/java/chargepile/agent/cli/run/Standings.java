package chargepile.agent.cli.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.channel.Commitments;
import chargepile.agent.channel.Outcome;
import chargepile.agent.channel.Stage;
import chargepile.agent.channel.codec.ChannelCodec;
import chargepile.agent.channel.tx.CommitmentSpec;
import chargepile.agent.store.ChannelRow;
import chargepile.agent.store.ReceiptRow;
import chargepile.agent.store.Snapshot;
import chargepile.agent.store.StoreView;
import chargepile.agent.units.ChannelId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What both stores say of what pile and driver have signed. */
record Standings(Side pile, Side driver, List<ReceiptRow> receipts) {
  /** Two states that a side holds signatures for: its own commitment, and its peer's. */
  record Signed(long number, long pileMsat, long driverMsat) {}

  /**
   * A channel as one side stored it.
   *
   * @param pilesCommitment the last commitment of the pile's that this side knows
   * @param driversCommitment likewise of the driver's
   */
  record Known(
      Signed pilesCommitment, Signed driversCommitment, String stage, Optional<Outcome> outcome) {
    boolean isOpen() {
      return outcome.isEmpty();
    }
  }

  /** A store. */
  record Side(Snapshot snapshot, Map<ChannelId, Known> channels) {
    static Side of(StoreView store, boolean pile) {
      Snapshot snapshot = store.load();
      Map<ChannelId, Known> channels = new LinkedHashMap<>();
      for (ChannelRow row : snapshot.channels()) {
        Stage stage = ChannelCodec.decode(row.state()).stage();
        commitments(stage)
            .ifPresent(c -> channels.put(row.id(), known(c, pile, row.stage(), outcome(stage))));
      }
      return new Side(snapshot, channels);
    }

    private static Optional<Commitments> commitments(Stage stage) {
      return switch (stage) {
        case Stage.Funded funded -> Optional.of(funded.commitments());
        case Stage.Closed closed -> closed.last();
        default -> Optional.empty();
      };
    }

    private static Optional<Outcome> outcome(Stage stage) {
      return stage instanceof Stage.Closed closed
          ? Optional.of(closed.outcome())
          : Optional.empty();
    }

    private static Known known(
        Commitments commitments, boolean pile, String stage, Optional<Outcome> outcome) {
      // The spec of a commitment is written from its owner's side.
      CommitmentSpec own = commitments.local().allocation().spec();
      CommitmentSpec peers = commitments.remote().allocation().spec();
      Signed local = signed(commitments.local().number(), own, pile);
      Signed remote = signed(commitments.remote().number(), peers, !pile);
      return pile
          ? new Known(local, remote, stage, outcome)
          : new Known(remote, local, stage, outcome);
    }

    private static Signed signed(long number, CommitmentSpec spec, boolean pile) {
      return pile
          ? new Signed(number, spec.toLocal().value(), spec.toRemote().value())
          : new Signed(number, spec.toRemote().value(), spec.toLocal().value());
    }

    long importMwh() {
      return snapshot.registers().importMwh();
    }
  }

  static Standings of(StoreView pile, StoreView driver) {
    return new Standings(Side.of(pile, true), Side.of(driver, false), driver.receipts());
  }

  /** Whether both sides know the same commitments of every channel, and nothing is under way. */
  boolean agree() {
    return common().stream()
        .allMatch(
            id -> {
              Known one = known(pile, id);
              Known other = known(driver, id);
              return one.isOpen() == other.isOpen()
                  && one.pilesCommitment.equals(other.pilesCommitment)
                  && one.driversCommitment.equals(other.driversCommitment)
                  && one.pilesCommitment.pileMsat == one.driversCommitment.pileMsat;
            });
  }

  /**
   * What holds at every moment, also while an update is under way: neither side is more than one
   * state ahead, and no two states with a number differ.
   */
  void assertCompatible() {
    for (ChannelId id : common()) {
      Known one = known(pile, id);
      Known other = known(driver, id);
      compatible(id, one.pilesCommitment, other.pilesCommitment);
      compatible(id, one.driversCommitment, other.driversCommitment);
    }
  }

  private static void compatible(ChannelId id, Signed one, Signed other) {
    String which = "channel %s: the pile has %s, the driver %s".formatted(id, one, other);
    assertTrue(Math.abs(one.number - other.number) <= 1, which);
    if (one.number == other.number) {
      assertEquals(one, other, which);
    }
  }

  /**
   * That the last state that both have signed before is what this one begins with: no state is gone
   * back to, and the pile keeps at least what it had.
   */
  void assertFollows(Standings before) {
    for (ChannelId id : before.common()) {
      Known then = known(before.pile, id);
      Known now = known(pile, id);
      assertTrue(
          now.pilesCommitment.number >= then.pilesCommitment.number
              && now.pilesCommitment.pileMsat >= then.pilesCommitment.pileMsat,
          () -> "channel %s: the pile had %s, has %s".formatted(id, then, now));
      Known thenDriver = known(before.driver, id);
      Known nowDriver = known(driver, id);
      assertTrue(
          nowDriver.driversCommitment.number >= thenDriver.driversCommitment.number,
          () -> "channel %s: the driver had %s, has %s".formatted(id, thenDriver, nowDriver));
    }
  }

  /** The channels that both sides know. */
  List<ChannelId> common() {
    return pile.channels.keySet().stream().filter(driver.channels::containsKey).toList();
  }

  /** What a channel gave the pile, in msat. */
  long pileMsat(ChannelId id) {
    return known(pile, id).pilesCommitment.pileMsat;
  }

  /** What the receipts of a channel add up to, in msat. */
  long receiptedMsat(ChannelId id) {
    return receipts.stream()
        .filter(receipt -> receipt.channel().equals(id))
        .mapToLong(receipt -> receipt.imported().msat())
        .sum();
  }

  private static Known known(Side side, ChannelId id) {
    Known known = side.channels.get(id);
    if (known == null) {
      throw new AssertionError("channel %s is not stored".formatted(id));
    }
    return known;
  }
}

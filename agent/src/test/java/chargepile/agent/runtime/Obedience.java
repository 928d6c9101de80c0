package chargepile.agent.runtime;

import chargepile.agent.channel.Stage;
import java.util.ArrayList;
import java.util.List;

/** Holds what a pile did against its answers to commands: what it says is done must be seen. */
final class Obedience {
  private static final long TWO_PULSES = 2_000;

  private final Charge charge;
  private final List<String> faults = new ArrayList<>();

  /** What may flow at most, after a command; in milliwatt-hours. */
  private long limit = Long.MAX_VALUE;

  Obedience(Charge charge) {
    this.charge = charge;
  }

  /** The pile has just answered that it has carried a command out. */
  void onDone(String verb) {
    switch (verb) {
      case "pause", "stop" -> {
        if (charge.nodes.hardware.contactor().commanded()) {
          faults.add("the contactor is closed after " + verb);
        }
      }
      case "close-channel" -> {
        if (charge.nodes.stage() instanceof Stage.Normal(var commitments, var closing)
            && closing.isEmpty()) {
          faults.add("nothing closes the channel " + commitments.channelId());
        }
      }
      case "limit" -> limit = Math.max(charge.metered(), Adversary.LIMIT_WH * 1_000);
      case "start" -> limit = Long.MAX_VALUE; // for a new session
      default -> {}
    }
  }

  /** What was said to be done and was not, in words. */
  List<String> faults() {
    List<String> all = new ArrayList<>(faults);
    long beyond = charge.metered() - limit;
    if (beyond > TWO_PULSES) {
      all.add("%d mWh flowed beyond the limit".formatted(beyond));
    }
    return all;
  }
}

package chargepile.agent.cli.node;

import chargepile.agent.cli.Figures;
import chargepile.agent.session.leg.PaymentLeg;
import chargepile.agent.units.Denomination;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/** What a node finds in its store when it starts, in words that both sides use. */
public final class Found {
  private Found() {}

  /** The last run did not close its store. */
  public static String cutOff(Path store) {
    return store
        + ": the last run was cut off (killed, without power, or by its disk); going on from its"
        + " last commit";
  }

  /** A channel with money in it; empty for others. */
  public static Optional<String> channel(PaymentLeg leg, Denomination money) {
    return leg.signed()
        .filter(signed -> leg.isUnfinished())
        .map(
            signed ->
                "found channel %s, %s: commitment %d, %s here and %s there"
                    .formatted(
                        signed.channel(),
                        leg.title().toLowerCase(Locale.ROOT),
                        signed.number(),
                        Figures.money(money, signed.local()),
                        Figures.money(money, signed.remote())));
  }
}

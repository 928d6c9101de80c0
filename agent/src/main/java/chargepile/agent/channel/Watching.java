package chargepile.agent.channel;

import fr.acinq.bitcoin.OutPoint;
import java.util.HashSet;
import java.util.Set;

/** What a channel watches follows from its stage alone. */
public final class Watching {
  private Watching() {}

  /** What a channel in this stage wants to know of the chain; also after a restart. */
  public static Watches of(Stage stage) {
    return switch (stage) {
      case Stage.AwaitingReady waiting ->
          new Watches(
              Set.of(waiting.commitments().funding()),
              Set.of(waiting.commitments().funding().txid));
      case Stage.Normal normal -> funding(normal);
      case Stage.DataLost lost -> funding(lost);
      case Stage.Closing closing -> closing(closing);
      case Stage.Absent absent -> Watches.NONE;
      case Stage.AwaitingAccept opening -> Watches.NONE;
      case Stage.AwaitingFunding opening -> Watches.NONE;
      case Stage.AwaitingFundingSigned opening -> Watches.NONE;
      case Stage.AwaitingFundingCreated opening -> Watches.NONE;
      case Stage.Closed closed -> Watches.NONE;
    };
  }

  private static Watches funding(Stage.Funded stage) {
    return new Watches(Set.of(stage.commitments().funding()), Set.of());
  }

  private static Watches closing(Stage.Closing closing) {
    Set<OutPoint> outputs = new HashSet<>();
    outputs.add(closing.commitments().funding());
    closing
        .seen()
        .ifPresent(
            spending -> {
              for (int i = 0; i < spending.txOut.size(); i++) {
                outputs.add(new OutPoint(spending.txid, i));
              }
            });
    return new Watches(outputs, Set.of());
  }
}

package chargepile.agent.channel;

import fr.acinq.bitcoin.OutPoint;
import fr.acinq.bitcoin.Transaction;
import java.util.HashSet;
import java.util.Set;

/** What a channel watches follows from its stage alone. */
public final class Watching {
  private Watching() {}

  /** What a channel in this stage wants to know of the chain; also after a restart. */
  public static Watches of(Stage stage) {
    return switch (stage) {
      case Stage.AwaitingReady waiting -> funding(waiting);
      case Stage.Normal normal -> funding(normal);
      case Stage.DataLost lost -> funding(lost);
      case Stage.Closing closing -> closing(closing);
      case Stage.Recovering recovering -> recovering(recovering);
      case Stage.Absent absent -> Watches.NONE;
      case Stage.AwaitingAccept opening -> Watches.NONE;
      case Stage.AwaitingFunding opening -> Watches.NONE;
      case Stage.AwaitingFundingSigned opening -> Watches.NONE;
      case Stage.AwaitingFundingCreated opening -> Watches.NONE;
      case Stage.Closed closed -> Watches.NONE;
    };
  }

  private static Watches funding(Stage.Funded stage) {
    OutPoint funding = stage.commitments().funding();
    return new Watches(Set.of(funding), Set.of(funding.txid));
  }

  private static Watches recovering(Stage.Recovering stage) {
    Set<OutPoint> outputs = new HashSet<>();
    outputs.add(stage.kept().funding());
    stage.seen().ifPresent(spending -> addOutputs(outputs, spending));
    return new Watches(outputs, Set.of());
  }

  private static void addOutputs(Set<OutPoint> outputs, Transaction spending) {
    for (int i = 0; i < spending.txOut.size(); i++) {
      outputs.add(new OutPoint(spending.txid, i));
    }
  }

  private static Watches closing(Stage.Closing closing) {
    Set<OutPoint> outputs = new HashSet<>();
    outputs.add(closing.commitments().funding());
    closing
        .seen()
        .ifPresent(
            spending -> {
              addOutputs(outputs, spending);
              closing.settlement().secondStages().forEach(stage -> add(outputs, stage, spending));
            });
    return new Watches(outputs, Set.of());
  }

  /** Each HTLC's output in its second stage stands at the index of its input (BOLT 3, anchors). */
  private static void add(Set<OutPoint> outputs, Transaction stage, Transaction spending) {
    for (int i = 0; i < Math.min(stage.txIn.size(), stage.txOut.size()); i++) {
      if (stage.txIn.get(i).outPoint.txid.equals(spending.txid)) {
        outputs.add(new OutPoint(stage.txid, i));
      }
    }
  }
}

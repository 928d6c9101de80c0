package chargepile.agent.runtime;

import chargepile.agent.session.PeerChannel;
import chargepile.agent.session.pile.Pile;
import chargepile.agent.session.pile.PileAction;
import chargepile.agent.session.pile.PileCodec;
import chargepile.agent.store.RegistersRow;
import fr.acinq.bitcoin.PublicKey;
import fr.acinq.bitcoin.Transaction;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A pile's transition in the store's words. */
final class PileChange {
  private PileChange() {}

  /**
   * @param next the pile after the transition
   * @param transactions that the transition publishes
   */
  static NodeStore.Change of(
      PileAction.Store stored, Pile next, Instant at, List<Transaction> transactions) {
    Map<PublicKey, PeerChannel> changed = new LinkedHashMap<>();
    for (PublicKey peer : stored.channels()) {
      PeerChannel channel = next.channels().get(peer);
      if (channel != null) {
        changed.put(peer, channel);
      }
    }
    return new NodeStore.Change(
        at,
        stored.event(),
        stored.replaced(),
        changed,
        stored.remembered(),
        PileCodec.encode(next),
        Optional.of(
            new RegistersRow(
                next.meter().registers().importEnergy().value(),
                next.meter().registers().exportEnergy().value())),
        transactions,
        stored.receipts().entrySet().stream()
            .map(kept -> ReceiptRows.row(kept.getKey(), kept.getValue()))
            .toList(),
        ReceiptRows.settlements(stored.settlements()));
  }

  /** The registers as they are when the node stops. */
  static NodeStore.Change ofStop(Pile pile, Instant at) {
    return of(
        new PileAction.Store("stopped", Set.of(), Map.of(), Map.of(), Map.of(), Map.of()),
        pile,
        at,
        List.of());
  }
}

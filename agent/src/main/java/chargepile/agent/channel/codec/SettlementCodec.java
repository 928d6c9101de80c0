package chargepile.agent.channel.codec;

import chargepile.agent.channel.ChannelEvent;
import chargepile.agent.channel.Settlement;
import chargepile.agent.codec.MalformedStateException;
import chargepile.agent.codec.StateReader;
import chargepile.agent.codec.StateWriter;
import fr.acinq.bitcoin.OutPoint;
import fr.acinq.bitcoin.Transaction;
import fr.acinq.bitcoin.TxId;
import java.util.Comparator;
import java.util.Set;

/** A {@link Settlement} as bytes. */
final class SettlementCodec {
  private static final Comparator<OutPoint> ORDER =
      Comparator.comparing((OutPoint output) -> output.txid.value.toHex())
          .thenComparingLong(output -> output.index);

  private SettlementCodec() {}

  static void write(StateWriter out, Settlement value) {
    out.optional(
            value.recalled(),
            recalled -> {
              out.i64(recalled.number());
              CommitmentsCodec.writeHtlcs(out, recalled.htlcs());
            })
        .list(value.secondStages(), out::transaction)
        .list(value.funded(), paid -> out.transaction(paid.transaction()).feerate(paid.feerate()))
        .list(
            value.unpaid().stream().sorted(ORDER).toList(),
            output -> out.fixed(output.txid.value).i64(output.index))
        .list(value.told().stream().sorted().toList(), out::i64);
  }

  static Settlement read(StateReader in) {
    return new Settlement(
        in.optional(() -> new ChannelEvent.Recalled(in.i64(), CommitmentsCodec.htlcs(in))),
        in.list(in::transaction),
        in.list(() -> new Settlement.Funded(paid(in), in.feerate())),
        Set.copyOf(in.list(() -> new OutPoint(new TxId(in.vector32()), in.i64()))),
        Set.copyOf(in.list(in::i64)));
  }

  /** It is known by its first input, so that it must have one. */
  private static Transaction paid(StateReader in) {
    Transaction transaction = in.transaction();
    if (transaction.txIn.isEmpty()) {
      throw new MalformedStateException("a transaction that the wallet pays for has no input");
    }
    return transaction;
  }
}

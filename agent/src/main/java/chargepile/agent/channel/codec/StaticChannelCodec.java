package chargepile.agent.channel.codec;

import chargepile.agent.channel.StaticChannel;
import chargepile.agent.codec.StateReader;
import chargepile.agent.codec.StateWriter;
import fr.acinq.bitcoin.OutPoint;
import fr.acinq.bitcoin.TxId;

/** A {@link StaticChannel} as bytes. */
final class StaticChannelCodec {
  private StaticChannelCodec() {}

  static void write(StateWriter out, StaticChannel value) {
    CommitmentsCodec.write(out, value.setup());
    out.fixed(value.funding().txid.value).i64(value.funding().index);
  }

  static StaticChannel read(StateReader in) {
    return new StaticChannel(
        CommitmentsCodec.setup(in), new OutPoint(new TxId(in.vector32()), in.i64()));
  }
}

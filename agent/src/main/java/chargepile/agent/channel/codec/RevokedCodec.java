package chargepile.agent.channel.codec;

import chargepile.agent.channel.tx.Htlc;
import chargepile.agent.codec.MalformedStateException;
import chargepile.agent.codec.StateReader;
import chargepile.agent.codec.StateWriter;
import java.util.List;

/** What is kept of a revoked commitment with HTLCs, as bytes. */
public final class RevokedCodec {
  private static final int VERSION = 1;

  private RevokedCodec() {}

  public static byte[] encode(List<Htlc> htlcs) {
    StateWriter out = new StateWriter().u8(VERSION);
    CommitmentsCodec.writeHtlcs(out, htlcs);
    return out.toByteArray();
  }

  /**
   * Reads what {@link #encode} wrote.
   *
   * @throws MalformedStateException when the bytes are something else
   */
  public static List<Htlc> decode(byte[] bytes) {
    return StateReader.whole(
        "revoked commitment",
        bytes,
        in -> {
          int version = in.u8();
          if (version != VERSION) {
            throw new MalformedStateException("version " + version + " is not known");
          }
          return CommitmentsCodec.htlcs(in);
        });
  }
}

package chargepile.agent.session.driver;

import chargepile.agent.codec.MalformedStateException;
import chargepile.agent.codec.StateReader;
import chargepile.agent.codec.StateWriter;
import chargepile.agent.session.PeerChannel;
import chargepile.agent.session.SessionStates;
import chargepile.agent.session.leg.PaymentLeg;
import chargepile.agent.session.notary.Notary;
import chargepile.agent.session.notary.NotaryCodec;
import chargepile.agent.session.wire.SessionOffer;
import chargepile.agent.session.wire.SessionSummary;
import chargepile.agent.session.wire.StopReason;
import fr.acinq.bitcoin.ByteVector;
import java.time.Instant;
import java.util.OptionalLong;
import java.util.function.LongFunction;

/**
 * A driver's state as bytes, without its channel, which is stored in a row of its own. What does
 * not outlive a start is left out: link, timers and times of the monotonic clock.
 */
public final class DriverCodec {
  private static final int VERSION = 4;

  /** With engagements that say nothing of how they concluded. */
  private static final int UNCONCLUDED = 3;

  /** Without what the notary keeps. */
  private static final int UNNOTARISED = 2;

  /** Without meter records. */
  private static final int UNSIGNED = 1;

  private DriverCodec() {}

  public static byte[] encode(Driver driver) {
    StateWriter out = new StateWriter();
    out.u8(VERSION);
    out.i64(driver.channel().keyIndex());
    out.optional(driver.session(), session -> session(out, session));
    NotaryCodec.write(out, driver.notary());
    return out.toByteArray();
  }

  /**
   * The driver that was stored, to be given {@link DriverEvent.Restarted} first of all.
   *
   * @param channels the stored channel under the keys with an index
   * @throws MalformedStateException when the bytes are damaged or another program's
   */
  public static Driver decode(byte[] bytes, LongFunction<PaymentLeg> channels) {
    return StateReader.whole("driver", bytes, in -> driver(in, channels));
  }

  private static Driver driver(StateReader in, LongFunction<PaymentLeg> channels) {
    int version = in.u8();
    if (version < UNSIGNED || version > VERSION) {
      throw new MalformedStateException(
          "driver: version %d, this program knows up to %d".formatted(version, VERSION));
    }
    long keyIndex = in.i64();
    return Driver.restored(
        new PeerChannel(keyIndex, channels.apply(keyIndex)),
        in.optional(() -> session(in, version)),
        version <= UNNOTARISED ? Notary.NONE : NotaryCodec.read(in, version > UNCONCLUDED));
  }

  private static void session(StateWriter out, DriverSession session) {
    SessionStates.message(out, session.offer());
    SessionStates.directions(out, session.directions());
    out.i64(session.acceptedAt().toEpochMilli());
    out.energy(session.importPeak());
    out.energy(session.exportPeak());
    out.optional(session.stopping(), reason -> out.text(reason.name()));
    out.optional(session.summary(), summary -> SessionStates.message(out, summary));
    out.bytes(session.record());
  }

  private static DriverSession session(StateReader in, int version) {
    return new DriverSession(
        SessionStates.message(in, SessionOffer.class),
        SessionStates.directions(in),
        Instant.ofEpochMilli(in.i64()),
        OptionalLong.empty(),
        in.energy(),
        in.energy(),
        in.optional(() -> StopReason.valueOf(in.text())),
        in.optional(() -> SessionStates.message(in, SessionSummary.class)),
        version == UNSIGNED ? ByteVector.empty : in.vector());
  }
}

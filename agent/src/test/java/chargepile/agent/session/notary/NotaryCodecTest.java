package chargepile.agent.session.notary;

import static org.junit.jupiter.api.Assertions.assertEquals;

import chargepile.agent.codec.StateReader;
import chargepile.agent.codec.StateWriter;
import chargepile.agent.units.SessionId;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.PublicKey;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NotaryCodecTest {
  private static final PublicKey PEER =
      PublicKey.fromHex("0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798");
  private static final Notary ENGAGED =
      Notary.restored(
          Optional.of(
              new Engagement(
                  new SessionId(new ByteVector("11".repeat(16))),
                  PEER,
                  new ByteVector("c0"),
                  new ByteVector("c1"),
                  7,
                  Optional.empty())),
          List.of(),
          List.of());

  /** No pending settlement 4, none answered 4. */
  private static final int AFTER_THE_ENGAGEMENT = 8;

  @Test
  void anEngagementIsReadAsItWasWritten() {
    assertEquals(ENGAGED, read(written(), true));
  }

  @Test
  void oneThatWasWrittenBeforeConclusionsWereKeptHasNone() {
    byte[] now = written();
    int end = now.length - AFTER_THE_ENGAGEMENT;
    byte[] old = Arrays.copyOf(now, now.length - 1);
    System.arraycopy(now, end, old, end - 1, AFTER_THE_ENGAGEMENT);
    assertEquals(ENGAGED, read(old, false));
  }

  private static byte[] written() {
    StateWriter out = new StateWriter();
    NotaryCodec.write(out, ENGAGED);
    return out.toByteArray();
  }

  private static Notary read(byte[] bytes, boolean concluded) {
    return StateReader.whole("notary", bytes, in -> NotaryCodec.read(in, concluded));
  }
}

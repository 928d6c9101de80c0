package chargepile.agent.session.wire;

import chargepile.agent.units.Amount;
import chargepile.agent.units.SessionId;
import fr.acinq.bitcoin.ByteVector;

/**
 * {@code session_paid} (type 32789), pile to driver, where the terms were agreed to beforehand:
 * what the pile has been paid in the channel for all that was agreed, in words that count where the
 * agreement is settled. So it can't ask for it once more.
 *
 * @param paid in this session and those before it
 * @param signature of whatever words those are, 65 bytes
 */
public record SessionPaid(SessionId sessionId, Amount paid, ByteVector signature)
    implements SessionMessage {
  /** Of a signature. */
  public static final int SIGNATURE_BYTES = 65;

  public SessionPaid {
    if (signature.size() != SIGNATURE_BYTES) {
      throw new IllegalArgumentException(
          "a signature has %d bytes, not %d".formatted(SIGNATURE_BYTES, signature.size()));
    }
  }
}

package chargepile.agent.session.pile;

import chargepile.agent.ocmf.ReadingTime;
import fr.acinq.bitcoin.ByteVector;
import java.util.Optional;

/**
 * What a session has to show for itself.
 *
 * @param begun when the terms were agreed to; empty before
 * @param receipt the meter's signed records of the whole session, once it has ended; empty where
 *     the meter signs none
 */
public record Proof(Optional<ReadingTime> begun, ByteVector receipt) {
  static final Proof NONE = new Proof(Optional.empty(), ByteVector.empty);
}

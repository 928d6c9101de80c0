package chargepile.agent.session.notary;

import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.PublicKey;
import java.util.Optional;

/**
 * What a notary is given from outside.
 *
 * @param pile of a driver's notary, the node key of its pile; empty for a pile's own
 * @param certificate the own one; empty with {@link IdentityPolicy#OFF}
 */
public record NotaryContext(
    IdentityPolicy policy, Optional<PublicKey> pile, ByteVector certificate) {
  /** One that does nothing. */
  public static final NotaryContext OFF =
      new NotaryContext(IdentityPolicy.OFF, Optional.empty(), ByteVector.empty);

  boolean isPile() {
    return pile.isEmpty();
  }
}

package chargepile.agent.session.notary;

import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.PublicKey;
import java.util.Optional;
import java.util.OptionalLong;

/** What is known of who a peer is, as it was last judged; for as long as its link lasts. */
public sealed interface PeerIdentity {
  /** It has said nothing on this link yet, or there is none. */
  record Unheard() implements PeerIdentity {}

  /** Its certificate is being looked at. */
  record Checking(ByteVector certificate) implements PeerIdentity {}

  /**
   * Its certificate is one of the key generation centre's, valid now, and for the key that the link
   * was made with.
   *
   * @param name the identity that the centre registered
   * @param ratedPowerWatts of a pile
   * @param meterKey of a pile whose meter signs
   */
  record Certified(
      ByteVector certificate,
      String name,
      OptionalLong ratedPowerWatts,
      Optional<PublicKey> meterKey)
      implements PeerIdentity {}

  /**
   * It has no certificate that is good here.
   *
   * @param reason for people
   */
  record Refused(String reason) implements PeerIdentity {}
}

package chargepile.agent.session.notary;

import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.PublicKey;

/** What takes pairings, and is asked of the clerk. */
public sealed interface NotaryTask {
  /**
   * Is this the certificate of a driver or pile, good now, and for this node key?
   *
   * @param pile whether it must be a pile's
   */
  record Check(PublicKey peer, ByteVector certificate, boolean pile) implements NotaryTask {}

  /**
   * A pile signs first (P1-13).
   *
   * @param anew with the present time, as that of the session's end was not believed
   */
  record Sign(Pending settlement, boolean anew) implements NotaryTask {}

  /** A driver compares, verifies, and adds its own (P1-14). */
  record Countersign(Pending settlement, Pending.Proposal proposal) implements NotaryTask {}

  /** The pile verifies what came back (P1-15). */
  record Verify(Pending settlement, ByteVector signature) implements NotaryTask {}
}

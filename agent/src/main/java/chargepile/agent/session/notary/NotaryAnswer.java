package chargepile.agent.session.notary;

import chargepile.agent.energy.SessionTotals;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.PublicKey;
import java.time.Instant;

/** What came of a {@link NotaryTask}, and what else the clerk has to say. */
public sealed interface NotaryAnswer {
  /**
   * Of {@link NotaryTask.Check}.
   *
   * @param identity {@link PeerIdentity.Certified} or {@link PeerIdentity.Refused}
   * @param at the time that it was judged by
   */
  record Identified(PublicKey peer, ByteVector certificate, PeerIdentity identity, Instant at)
      implements NotaryAnswer {}

  /**
   * Of {@link NotaryTask.Sign}.
   *
   * @param paid what was signed for
   */
  record Signed(SettlementId id, SessionTotals paid, Pending.Proposal proposal)
      implements NotaryAnswer {}

  /**
   * Of {@link NotaryTask.Countersign}.
   *
   * @param signature of both
   * @param file the certificate with the signature of both, to be kept
   */
  record Countersigned(SettlementId id, ByteVector signature, ByteVector file)
      implements NotaryAnswer {}

  /**
   * Of {@link NotaryTask.Verify}.
   *
   * @param file the certificate with the signature of both, to be kept
   */
  record Verified(SettlementId id, ByteVector file) implements NotaryAnswer {}

  /** Unasked: the clerk works with another own certificate from now on. */
  record Renewed(ByteVector certificate) implements NotaryAnswer {}

  /** Of all but the first: it can't be done, or must not be, now or with this proposal. */
  record Declined(SettlementId id, String reason) implements NotaryAnswer {}

  /** Of {@link NotaryTask.Countersign}: all is right but the time, so that a clock is wrong. */
  record Mistimed(SettlementId id, String reason) implements NotaryAnswer {}

  /** Of {@link NotaryTask.Sign} and {@link NotaryTask.Countersign}: it never can be done. */
  record GivenUp(SettlementId id, String reason) implements NotaryAnswer {}
}

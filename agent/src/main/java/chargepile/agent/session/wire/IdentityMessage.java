package chargepile.agent.session.wire;

import chargepile.agent.units.Direction;
import chargepile.agent.units.SessionId;
import fr.acinq.bitcoin.ByteVector;

/**
 * What pile and driver say about who they are, and about what a session came to; it moves no money.
 * Who knows none of these passes them over, as their types are odd (BOLT 1).
 */
public sealed interface IdentityMessage {
  /**
   * {@code introduction} (type 32779), either side, before all else on a link: who is speaking.
   *
   * @param certificate of the key generation centre for the node key that the link was made with
   */
  record Introduction(ByteVector certificate) implements IdentityMessage {}

  /**
   * {@code introduction_refusal} (type 32781), either side: with a peer that introduces itself in
   * this way, or not at all, no terms are agreed to.
   *
   * @param text for people, printable ASCII
   */
  record IntroductionRefusal(String text) implements IdentityMessage {}

  /**
   * {@code settlement_proposal} (type 32783), pile to driver: what the session came to in one
   * direction. Said again at every new link until it is answered.
   *
   * @param settlement the settlement certificate without a signature
   * @param signature the pile's, S_1 of P1-13, 48 bytes
   */
  record SettlementProposal(
      SessionId session, Direction direction, ByteVector settlement, ByteVector signature)
      implements IdentityMessage {}

  /**
   * {@code settlement_signature} (type 32785), driver to pile: it is right.
   *
   * @param signature of both, S_2 of P1-14, 48 bytes
   */
  record SettlementSignature(SessionId session, Direction direction, ByteVector signature)
      implements IdentityMessage {}

  /**
   * {@code settlement_refusal} (type 32787), either side: the certificate of this session will not
   * be signed, or the signature is not taken.
   *
   * @param mistimed whether its time alone is not believed: another is welcome at the next link
   * @param text for people, printable ASCII
   */
  record SettlementRefusal(SessionId session, Direction direction, boolean mistimed, String text)
      implements IdentityMessage {}
}

package chargepile.agent.session.wire;

import chargepile.agent.codec.MalformedMessageException;
import java.nio.ByteBuffer;

/**
 * Identity messages to and from their wire form, laid out as those of {@link SessionCodec}.
 *
 * <pre>
 *   32779 introduction          certificate: length 2 and bytes
 *   32781 introduction_refusal  text: length 2 and bytes
 *   32783 settlement_proposal   session_id 16, direction 1, settlement: length 2 and bytes, signature 48
 *   32785 settlement_signature  session_id 16, direction 1, signature 48
 *   32787 settlement_refusal    session_id 16, direction 1, mistimed 1 (0 or 1), text: length 2 and bytes
 * </pre>
 *
 * A direction is 1 for import or 2 for export. Each ends with a TLV stream, in which no record is
 * known.
 */
public final class IdentityCodec {
  private static final int INTRODUCTION = 32779;
  private static final int INTRODUCTION_REFUSAL = 32781;
  private static final int PROPOSAL = 32783;
  private static final int SIGNATURE = 32785;
  private static final int SETTLEMENT_REFUSAL = 32787;

  /** A compressed point of G1 (P1-18). */
  private static final int SIGNATURE_BYTES = 48;

  /** Certificates and settlements have a few hundred. */
  private static final int LARGEST = 8192;

  private IdentityCodec() {}

  /** Whether a message type is one of these. */
  public static boolean isIdentityType(int type) {
    return type >= INTRODUCTION && type <= SETTLEMENT_REFUSAL && type % 2 == 1;
  }

  /** The wire form of a message; its text is reduced to printable ASCII and cut to fit. */
  public static byte[] encode(IdentityMessage message) {
    return switch (message) {
      case IdentityMessage.Introduction(var certificate) ->
          new SessionWriter(INTRODUCTION).bytes(certificate).finish();
      case IdentityMessage.IntroductionRefusal(String text) ->
          new SessionWriter(INTRODUCTION_REFUSAL).text(text).finish();
      case IdentityMessage.SettlementProposal(
              var session,
              var direction,
              var settlement,
              var signature) ->
          new SessionWriter(PROPOSAL, session)
              .direction(direction)
              .bytes(settlement)
              .fixed(signature)
              .finish();
      case IdentityMessage.SettlementSignature(var session, var direction, var signature) ->
          new SessionWriter(SIGNATURE, session).direction(direction).fixed(signature).finish();
      case IdentityMessage.SettlementRefusal(
              var session,
              var direction,
              boolean mistimed,
              String text) ->
          new SessionWriter(SETTLEMENT_REFUSAL, session)
              .direction(direction)
              .flag(mistimed)
              .text(text)
              .finish();
    };
  }

  /** The message in {@code bytes}, whose type is one of these. */
  public static IdentityMessage decode(byte[] bytes) throws MalformedMessageException {
    if (bytes.length < 2) {
      throw new MalformedMessageException(
          "message", "type", "needs 2 bytes, %d remain".formatted(bytes.length));
    }
    ByteBuffer in = ByteBuffer.wrap(bytes);
    int type = in.getShort() & 0xffff;
    return switch (type) {
      case INTRODUCTION -> introduction(new SessionReader("introduction", in));
      case INTRODUCTION_REFUSAL ->
          introductionRefusal(new SessionReader("introduction_refusal", in));
      case PROPOSAL -> proposal(new SessionReader("settlement_proposal", in));
      case SIGNATURE -> signature(new SessionReader("settlement_signature", in));
      case SETTLEMENT_REFUSAL -> settlementRefusal(new SessionReader("settlement_refusal", in));
      default ->
          throw new MalformedMessageException("message", "type", "no identity message " + type);
    };
  }

  private static IdentityMessage introduction(SessionReader in) throws MalformedMessageException {
    var message = new IdentityMessage.Introduction(in.vector("certificate", LARGEST));
    in.end();
    return message;
  }

  private static IdentityMessage introductionRefusal(SessionReader in)
      throws MalformedMessageException {
    var message = new IdentityMessage.IntroductionRefusal(in.text("text"));
    in.end();
    return message;
  }

  private static IdentityMessage proposal(SessionReader in) throws MalformedMessageException {
    var message =
        new IdentityMessage.SettlementProposal(
            in.sessionId(),
            in.direction(),
            in.vector("settlement", LARGEST),
            in.fixed("signature", SIGNATURE_BYTES));
    in.end();
    return message;
  }

  private static IdentityMessage signature(SessionReader in) throws MalformedMessageException {
    var message =
        new IdentityMessage.SettlementSignature(
            in.sessionId(), in.direction(), in.fixed("signature", SIGNATURE_BYTES));
    in.end();
    return message;
  }

  private static IdentityMessage settlementRefusal(SessionReader in)
      throws MalformedMessageException {
    var message =
        new IdentityMessage.SettlementRefusal(
            in.sessionId(), in.direction(), in.flag("mistimed"), in.text("text"));
    in.end();
    return message;
  }
}

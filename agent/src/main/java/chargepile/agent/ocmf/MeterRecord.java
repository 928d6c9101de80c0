package chargepile.agent.ocmf;

import chargepile.agent.crypto.Signer;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.ByteVector64;
import fr.acinq.bitcoin.Crypto;
import fr.acinq.bitcoin.PublicKey;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;

/**
 * A signed meter record: {@code OCMF|payload|signature}. What is signed are the payload's bytes as
 * they stand, so they are kept.
 *
 * @param payloadText the JSON object that is signed
 * @param payload what it says
 * @param signatureText the JSON object that holds the signature
 * @param signature compact
 */
public record MeterRecord(
    String payloadText, Payload payload, String signatureText, ByteVector64 signature) {
  /** ECDSA on secp256k1 over the SHA-256 of the payload. */
  public static final String ALGORITHM = "ECDSA-secp256k1-SHA256";

  static final char SEPARATOR = '|';
  private static final String HEADER = "OCMF";
  private static final String DER = "application/x-der";

  /** Some ten times what a record of a pile takes. */
  private static final int LONGEST = 16_384;

  /**
   * Besides these, a signature section may have fields of makers and processors, which nothing
   * protects: who puts any there could put anything.
   */
  private static final Set<String> SIGNATURE_NAMES = Set.of("SA", "SE", "SM", "SD");

  /** A record under its signature. */
  static MeterRecord signed(Payload payload, String payloadText, ByteVector64 signature) {
    return new MeterRecord(
        payloadText,
        payload,
        "{\"SA\":\"%s\",\"SE\":\"hex\",\"SD\":\"%s\"}"
            .formatted(ALGORITHM, DerSignature.encode(signature).toHex().toUpperCase(Locale.ROOT)),
        signature);
  }

  /**
   * Reads a record; whose signature it bears is another question.
   *
   * @throws MalformedRecordException when the text is anything else, has more before or behind it,
   *     or is signed in a way that this program does not know
   */
  public static MeterRecord parse(String text) throws MalformedRecordException {
    if (text.length() > LONGEST) {
      throw new MalformedRecordException(
          "%d characters are no meter record".formatted(text.length()));
    }
    String[] sections = text.split("\\|", -1);
    if (!sections[0].equals(HEADER)) {
      throw new MalformedRecordException("no meter record: it does not begin with OCMF|");
    }
    if (sections.length != 3) {
      throw new MalformedRecordException(
          "a record has 3 sections with | between them, not " + sections.length);
    }
    return new MeterRecord(
        sections[1], PayloadReader.read(sections[1]), sections[2], signature(sections[2]));
  }

  /** The whole record, on one line unless its maker wrote it on more. */
  public String text() {
    return HEADER + SEPARATOR + payloadText + SEPARATOR + signatureText;
  }

  /** Whether {@code key} signed the payload. */
  public boolean isSignedBy(PublicKey key, Signer verifier) {
    return verifier.verify(digest(payloadText), signature, key);
  }

  static ByteVector32 digest(String payloadText) {
    return new ByteVector32(Crypto.sha256(payloadText.getBytes(StandardCharsets.UTF_8)));
  }

  private static ByteVector64 signature(String text) throws MalformedRecordException {
    RecordFields fields = RecordFields.read("the signature", text);
    for (String name : fields.values().keySet()) {
      if (!SIGNATURE_NAMES.contains(name)) {
        throw fields.malformed(name, "is not protected by the signature, so nobody vouches for it");
      }
    }
    require(fields, "SA", fields.text("SA").orElse("ECDSA-secp256r1-SHA256"), ALGORITHM);
    require(fields, "SE", fields.text("SE").orElse("hex"), "hex");
    require(fields, "SM", fields.text("SM").orElse(DER), DER);
    return DerSignature.decode(fields.required("SD"));
  }

  private static void require(RecordFields fields, String name, String value, String known)
      throws MalformedRecordException {
    if (!value.equals(known)) {
      throw fields.malformed(name, "is %s, known is %s".formatted(value, known));
    }
  }
}

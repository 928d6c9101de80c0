package chargepile.agent.cli.node;

import static java.nio.charset.StandardCharsets.US_ASCII;

import chargepile.agent.cli.CommandFailedException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x500.style.IETFUtils;

/** Certificates and keys as text (RFC 7468). */
public final class Pem {
  private static final Pattern KEY =
      Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");
  private static final int LINE = 64;

  private Pem() {}

  /** {@code der} between lines that say it is a {@code label}. */
  public static String text(String label, byte[] der) {
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
        .formatted(
            label, Base64.getMimeEncoder(LINE, "\n".getBytes(US_ASCII)).encodeToString(der), label);
  }

  /** The certificates in {@code file}, at least one. */
  public static List<X509Certificate> certificates(Path file) throws CommandFailedException {
    List<X509Certificate> found;
    try {
      found =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(read(file)))
              .stream()
              .map(X509Certificate.class::cast)
              .toList();
    } catch (CertificateException e) {
      throw new CommandFailedException(file + " holds no PEM certificate: " + e.getMessage(), e);
    }
    if (found.isEmpty()) {
      throw new CommandFailedException(file + " holds no PEM certificate");
    }
    return found;
  }

  /** The PKCS #8 key in {@code file}. */
  public static PrivateKey privateKey(Path file) throws CommandFailedException {
    Matcher pem = KEY.matcher(new String(read(file), US_ASCII));
    if (!pem.find()) {
      throw new CommandFailedException(
          file + " holds no PKCS #8 key: openssl pkcs8 -topk8 -nocrypt -in OLD makes one");
    }
    var spec = new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(pem.group(1)));
    for (String kind : List.of("EC", "RSA", "Ed25519")) {
      try {
        return KeyFactory.getInstance(kind).generatePrivate(spec);
      } catch (InvalidKeySpecException e) {
        // of another kind: the next one is tried
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("every JDK knows these kinds", e);
      }
    }
    throw new CommandFailedException(file + " holds a key that is neither EC, RSA nor Ed25519");
  }

  /** Whether {@code key} signs what the key in {@code certificate} verifies. */
  public static boolean isPair(X509Certificate certificate, PrivateKey key) {
    String scheme =
        switch (key.getAlgorithm()) {
          case "EC" -> "SHA256withECDSA";
          case "RSA" -> "SHA256withRSA";
          default -> key.getAlgorithm();
        };
    byte[] probe = "which key is this?".getBytes(US_ASCII);
    try {
      Signature signature = Signature.getInstance(scheme);
      signature.initSign(key);
      signature.update(probe);
      byte[] signed = signature.sign();
      signature.initVerify(certificate.getPublicKey());
      signature.update(probe);
      return signature.verify(signed);
    } catch (GeneralSecurityException e) {
      return false; // a key of another kind, or of another curve
    }
  }

  /** The common name of the subject, if it has one. */
  public static Optional<String> commonName(X509Certificate certificate) {
    RDN[] names =
        X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded())
            .getRDNs(BCStyle.CN);
    return names.length == 0
        ? Optional.empty()
        : Optional.of(IETFUtils.valueToString(names[0].getFirst().getValue()));
  }

  private static byte[] read(Path file) throws CommandFailedException {
    try {
      return Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      throw new CommandFailedException(file + " is not there", e);
    } catch (IOException e) {
      throw new CommandFailedException("%s can't be read: %s".formatted(file, e), e);
    }
  }
}

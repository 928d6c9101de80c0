package chargepile.agent.cli.certs;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.node.Pem;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.bouncycastle.asn1.x500.X500Name;

/** A private certificate authority in a folder: {@code ca.pem} and {@code ca.key}, ECDSA P-256. */
final class Authority {
  static final String NAME = "ca";

  /** For machines whose clock is slow; a Raspberry Pi has none that runs without power. */
  private static final Duration CLOCK_ERROR = Duration.ofDays(1);

  private static final int SERIAL_BITS = 127;

  private final Path folder;
  private final X509Certificate certificate;
  private final PrivateKey key;
  private final SecureRandom random;

  private Authority(Path folder, X509Certificate certificate, PrivateKey key, SecureRandom random) {
    this.folder = folder;
    this.certificate = certificate;
    this.key = key;
    this.random = random;
  }

  /** The span from about {@code now} on; the start is earlier, for clocks that are late. */
  record Validity(Instant from, Instant until) {
    static Validity days(Instant now, long days) {
      Instant second = now.truncatedTo(ChronoUnit.SECONDS);
      return new Validity(second.minus(CLOCK_ERROR), second.plus(Duration.ofDays(days)));
    }
  }

  /** A new one; its folder is there. */
  static Authority create(Path folder, Validity validity, SecureRandom random)
      throws CommandFailedException {
    KeyPair pair = keyPair(random);
    BigInteger serial = serial(random);
    // Its name is its own, so that the certificates of two authorities are never confused.
    X500Name name =
        CertificateText.commonName(
            "chargepile authority " + serial.toString(Character.MAX_RADIX).substring(0, 8));
    var text =
        new CertificateText(
            name,
            name,
            serial,
            validity.from(),
            validity.until(),
            pair.getPublic(),
            new CertificateText.Purpose.Signing());
    CertificateFiles files = CertificateFiles.of(folder, NAME);
    try {
      files.write(text.signed(pair.getPublic(), pair.getPrivate()), pair.getPrivate());
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("an authority's certificate can't be made", e);
    }
    return new Authority(
        folder, Pem.certificates(files.certificate()).getFirst(), pair.getPrivate(), random);
  }

  /** The one in {@code folder}; refused when it is not whole or not valid at {@code now}. */
  static Authority open(Path folder, Instant now, SecureRandom random)
      throws CommandFailedException {
    CertificateFiles files = CertificateFiles.of(folder, NAME);
    if (Files.notExists(files.certificate()) || Files.notExists(files.key())) {
      throw new CommandFailedException(
          "there is no authority in %s (%s and %s): chargepile certs init %s makes one"
              .formatted(
                  folder, files.certificate().getFileName(), files.key().getFileName(), folder));
    }
    X509Certificate certificate = Pem.certificates(files.certificate()).getFirst();
    PrivateKey key = Pem.privateKey(files.key());
    if (!now.isBefore(certificate.getNotAfter().toInstant())) {
      throw new CommandFailedException(
          ("the authority in %s expired at %s: make another one in a new folder with chargepile"
                  + " certs init, and with it new certificates for all")
              .formatted(folder, certificate.getNotAfter().toInstant()));
    }
    if (now.isBefore(certificate.getNotBefore().toInstant())) {
      throw new CommandFailedException(
          "the authority in %s begins at %s, later than now: is this machine's clock right?"
              .formatted(folder, certificate.getNotBefore().toInstant()));
    }
    Authority authority = new Authority(folder, certificate, key, random);
    if (!authority.isWhole()) {
      throw new CommandFailedException(
          "%s is not the key of %s".formatted(files.key(), files.certificate()));
    }
    return authority;
  }

  /** Until when it is valid; nothing it signs is longer. */
  Instant until() {
    return certificate.getNotAfter().toInstant();
  }

  /** The pair of {@code name} in its folder, new; made out to {@code subject}. */
  CertificateFiles issue(
      String name, String subject, CertificateText.Purpose purpose, Validity validity)
      throws CommandFailedException {
    CertificateFiles files = CertificateFiles.of(folder, name);
    files.requireNew();
    KeyPair pair = keyPair(random);
    var text =
        new CertificateText(
            X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded()),
            CertificateText.commonName(subject),
            serial(random),
            validity.from(),
            validity.until().isAfter(until()) ? until() : validity.until(),
            pair.getPublic(),
            purpose);
    try {
      files.write(text.signed(certificate.getPublicKey(), key), pair.getPrivate());
    } catch (GeneralSecurityException | IOException e) {
      throw new CommandFailedException(
          "the authority in %s can't sign: %s".formatted(folder, e.getMessage()), e);
    }
    return files;
  }

  private boolean isWhole() throws CommandFailedException {
    byte[] probe = serial(random).toByteArray();
    try {
      Signature signature = Signature.getInstance("SHA256withECDSA");
      signature.initSign(key);
      signature.update(probe);
      byte[] signed = signature.sign();
      signature.initVerify(certificate.getPublicKey());
      signature.update(probe);
      return signature.verify(signed);
    } catch (GeneralSecurityException e) {
      throw new CommandFailedException(
          "the authority in %s is not one with ECDSA P-256: %s".formatted(folder, e.getMessage()),
          e);
    }
  }

  private static KeyPair keyPair(SecureRandom random) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"), random);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK knows P-256", e);
    }
  }

  private static BigInteger serial(SecureRandom random) {
    return new BigInteger(SERIAL_BITS, random).setBit(SERIAL_BITS - 1);
  }
}

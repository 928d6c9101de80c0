package chargepile.agent.cli.kgc;

import static java.nio.charset.StandardCharsets.UTF_8;

import chargepile.agent.cli.DamagedLogException;
import chargepile.agent.cli.node.DurableFile;
import chargepile.agent.crypto.pairing.Pairing;
import chargepile.agent.identity.Certificate;
import chargepile.agent.identity.CertificateCheck;
import chargepile.agent.identity.KgcParameters;
import chargepile.agent.identity.MalformedIdentityException;
import chargepile.agent.identity.MasterKey;
import chargepile.agent.identity.RegistrationReply;
import fr.acinq.bitcoin.ByteVector;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The number and hash of the audit log's last line, under a key that comes from the master key:
 * {@code audit.seal}. Whoever has no passphrase can't write it, so the lines up to that one are as
 * they were when the passphrase was last given. Lines after it need none: revocations, denials; of
 * issues at most one that a power cut left without a seal, and then the certificate itself shows
 * that the master key was there.
 *
 * <p>What was put back whole from an older copy of the folder it can't tell.
 */
final class LogSeal {
  static final String NAME = "audit.seal";

  private static final String ALGORITHM = "HmacSHA256";
  private static final byte[] PURPOSE = "chargepile kgc audit log".getBytes(UTF_8);

  private final Path file;
  private final byte[] key;

  LogSeal(Path folder, MasterKey master) {
    this.file = folder.resolve(NAME);
    this.key = mac(master.encode().toByteArray(), PURPOSE);
  }

  /** Vouches for the log as it is; on the disk when this returns. */
  void write(AuditLog log) throws IOException {
    DurableFile.write(file, (log.head() + " " + seal(log.head())).getBytes(UTF_8));
  }

  boolean exists() {
    return Files.exists(file);
  }

  private String seal(String head) {
    return new ByteVector(mac(key, head.getBytes(UTF_8))).toHex();
  }

  /**
   * Finds out whether the log is the one that was sealed, with lines after it that need no
   * passphrase.
   *
   * @throws DamagedLogException when it is not
   */
  void require(AuditLog log, KgcParameters parameters, Pairing pairing) throws IOException {
    if (!Files.exists(file)) {
      throw new DamagedLogException(
          file
              + " is missing, so nobody can tell whether the log was written anew: put it back from"
              + " a backup. A folder from before logs were sealed gets its seal by chargepile kgc"
              + " seal");
    }
    String known = Files.readString(file).strip();
    int end = known.lastIndexOf(' ');
    String head = known.substring(0, Math.max(end, 0));
    byte[] found = known.substring(end + 1).getBytes(UTF_8);
    if (!MessageDigest.isEqual(found, seal(head).getBytes(UTF_8))) {
      throw new DamagedLogException(
          file + " was not written with the master key: put the folder back from a backup");
    }
    int sealed = log.indexOf(head);
    if (sealed < 0) {
      throw new DamagedLogException(
          "%s was written anew by somebody without the passphrase: line %s is not the one that %s vouches for. Put the folder back from a backup"
              .formatted(AuditLog.NAME, head.replaceFirst(" .*", ""), file));
    }
    List<AuditLog.Line> issues =
        log.lines().stream()
            .skip(sealed)
            .filter(line -> line.event().equals(Register.ISSUED))
            .toList();
    if (issues.size() > 1
        || issues.stream().anyMatch(line -> !isIssued(line, parameters, pairing))) {
      throw new DamagedLogException(
          "%s: somebody without the passphrase wrote that something was issued, after line %d. Put the folder back from a backup"
              .formatted(AuditLog.NAME, sealed));
    }
  }

  private static boolean isIssued(AuditLog.Line line, KgcParameters parameters, Pairing pairing) {
    try {
      Certificate certificate =
          RegistrationReply.decode(line.bytes("reply"), pairing).certificate();
      return certificate.registration().serial() == line.natural("serial")
          && new CertificateCheck(parameters, Optional.empty(), pairing)
              .verify(certificate, certificate.registration().notBefore())
              .isEmpty();
    } catch (MalformedIdentityException e) {
      return false;
    }
  }

  private static byte[] mac(byte[] key, byte[] text) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(key, ALGORITHM));
      return mac.doFinal(text);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has " + ALGORITHM, e);
    }
  }
}

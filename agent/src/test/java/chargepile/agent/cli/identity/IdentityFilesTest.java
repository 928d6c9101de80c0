package chargepile.agent.cli.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.identity.ArmoredFile.Kind;
import chargepile.agent.identity.CertificateRefusal;
import chargepile.agent.identity.RegistrationReply;
import chargepile.agent.identity.Revocation;
import chargepile.agent.identity.RevocationList;
import chargepile.agent.identity.Role;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A device's identity is what its own KGC gave it, or it is refused with the reason. */
final class IdentityFilesTest {
  private static final TestKgc KGC = new TestKgc("kgc");
  private static final TestKgc OTHER = new TestKgc("other");

  @TempDir private Path folder;
  private IdentityFiles files;

  @BeforeEach
  void registered() throws Exception {
    files = IdentityFiles.in(folder);
    ArmoredFile.write(files.kgc(), Kind.PARAMETERS, KGC.parameters().encode());
    keep(KGC.reply(KGC.request("pile-1", Role.PILE), 7));
  }

  @Test
  void theKeyIsThatOfTheCertificate() throws Exception {
    IdentityFiles.Loaded loaded = load("pile-1");
    assertEquals("pile-1", loaded.certificate().party().value());
    assertEquals(
        TestKgc.PAIRING.publicKey(loaded.key().secret()), loaded.certificate().publicKey());
    assertEquals(Optional.empty(), loaded.refusal(TestKgc.NOW, TestKgc.PAIRING));
  }

  @Test
  void anotherDevicesIdentityIsRefused() {
    assertRefused("it is another device's, or the seed was replaced", () -> load("pile-2"));
  }

  @Test
  void anIdentityOfAnotherKgcIsRefused() throws Exception {
    keep(OTHER.reply(OTHER.request("pile-1", Role.PILE), 7));
    assertRefused("it is from the key generation centre", () -> load("pile-1"));
  }

  @Test
  void aReplyWithAnotherRepliesPartIsRefused() throws Exception {
    RegistrationReply one = KGC.reply(KGC.request("pile-1", Role.PILE), 7);
    RegistrationReply two = KGC.reply(KGC.request("pile-1", Role.PILE), 8);
    keep(new RegistrationReply(two.certificate(), one.sealed()));
    assertRefused("does not open with this device's node key", () -> load("pile-1"));
  }

  @Test
  void anExpiredCertificateIsLoadedAndTold() throws Exception {
    IdentityFiles.Loaded loaded = load("pile-1");
    var refusal = loaded.refusal(TestKgc.NOW.plus(Duration.ofDays(365)), TestKgc.PAIRING);
    assertTrue(refusal.orElseThrow() instanceof CertificateRefusal.Expired, refusal::toString);
  }

  @Test
  void aRevokedCertificateIsLoadedAndTold() throws Exception {
    list(KGC, 7);
    var refusal = load("pile-1").refusal(TestKgc.NOW, TestKgc.PAIRING);
    assertTrue(refusal.orElseThrow() instanceof CertificateRefusal.Revoked, refusal::toString);
  }

  @Test
  void anOlderListThanTheLastIsRefused() throws Exception {
    list(KGC, 9, 4);
    load("pile-1");
    list(KGC, 9, 3);
    assertRefused("number 3 of kgc, and number 4 was in use already", () -> load("pile-1"));
    list(KGC, 9, 5);
    load("pile-1");
    list(KGC, 9, 4);
    assertRefused("number 5 was in use already", () -> load("pile-1"));
  }

  @Test
  void aListOfAnotherKgcIsRefused() throws Exception {
    list(OTHER, 7);
    assertRefused("is not signed by the key generation centre kgc", () -> load("pile-1"));
  }

  @Test
  void missingFilesAreNamed() throws Exception {
    Files.delete(files.identity());
    assertRefused("identity.pem is not there; it should be a KGC's reply", () -> load("pile-1"));
  }

  @Test
  void aFileOfAnotherKindIsNamed() throws Exception {
    Files.copy(files.kgc(), folder.resolve("copy.pem"));
    Files.move(
        folder.resolve("copy.pem"),
        files.identity(),
        java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    assertRefused("it is a CHARGEPILE KGC PARAMETERS", () -> load("pile-1"));
  }

  @Test
  void aDamagedFileIsRefused() throws Exception {
    String text = Files.readString(files.identity());
    Files.writeString(files.identity(), text.substring(0, text.length() / 2));
    assertRefused("or is cut off", () -> load("pile-1"));
    Files.writeString(files.identity(), text.replaceFirst("\nQ1", "\nR1"));
    assertRefused("identity.pem is not a KGC's reply", () -> load("pile-1"));
  }

  private void keep(RegistrationReply reply) throws CommandFailedException {
    ArmoredFile.write(files.identity(), Kind.REPLY, reply.encode());
  }

  private void list(TestKgc kgc, long serial) throws CommandFailedException {
    list(kgc, serial, 1);
  }

  private void list(TestKgc kgc, long serial, long number) throws CommandFailedException {
    RevocationList list =
        kgc.centre().revoke(number, TestKgc.NOW, List.of(new Revocation(serial, TestKgc.NOW)));
    ArmoredFile.write(folder.resolve(IdentityFiles.REVOCATIONS), Kind.REVOCATIONS, list.encode());
  }

  private IdentityFiles.Loaded load(String device) throws CommandFailedException {
    return IdentityFiles.in(folder).load(TestKgc.device(device), TestKgc.PAIRING);
  }

  private static void assertRefused(String why, org.junit.jupiter.api.function.Executable what) {
    var refused = assertThrows(CommandFailedException.class, what);
    assertTrue(String.valueOf(refused.getMessage()).contains(why), refused::getMessage);
  }
}

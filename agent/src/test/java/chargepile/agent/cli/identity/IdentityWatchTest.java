package chargepile.agent.cli.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.cli.identity.ArmoredFile.Kind;
import chargepile.agent.identity.Ledger;
import chargepile.agent.identity.RegistrationReply;
import chargepile.agent.identity.Revocation;
import chargepile.agent.identity.Role;
import chargepile.agent.runtime.IdentityRenewal;
import chargepile.agent.session.notary.NotaryAnswer;
import chargepile.agent.session.notary.NotaryTask;
import chargepile.agent.session.notary.PeerIdentity;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the centre issues and revokes is used without a restart; what is bad changes nothing. */
final class IdentityWatchTest {
  private static final TestKgc KGC = new TestKgc("kgc");
  private static final TestKgc OTHER = new TestKgc("other");
  private static final long DRIVER = 9;

  @TempDir private Path folder;
  private Instant now = TestKgc.NOW;
  private IdentityWatch watch;

  @BeforeEach
  void started() throws Exception {
    keep(KGC);
    keep(KGC.reply(KGC.request("pile-1", Role.PILE), 7));
    watch =
        new IdentityWatch(
            () -> IdentityFiles.in(folder),
            new IdentityWatch.Owner(
                TestKgc.device("pile-1"),
                Optional.of(22_000L),
                new Ledger.Bitcoin(ByteVector32.Zeroes)),
            TestKgc.PAIRING,
            () -> now);
  }

  private void keep(TestKgc kgc) throws Exception {
    ArmoredFile.write(
        folder.resolve(IdentityFiles.KGC), Kind.PARAMETERS, kgc.parameters().encode());
  }

  private void keep(RegistrationReply reply) throws Exception {
    ArmoredFile.write(folder.resolve(IdentityFiles.IDENTITY), Kind.REPLY, reply.encode());
  }

  private void list(long number, long... serials) throws Exception {
    ArmoredFile.write(
        folder.resolve(IdentityFiles.REVOCATIONS),
        Kind.REVOCATIONS,
        KGC.centre()
            .revoke(
                number,
                TestKgc.NOW,
                Arrays.stream(serials)
                    .mapToObj(serial -> new Revocation(serial, TestKgc.NOW))
                    .toList())
            .encode());
  }

  /** How the clerk judges a driver's certificate. */
  private PeerIdentity judged(IdentityRenewal.Renewed used) {
    ByteVector shown = KGC.reply(KGC.request("driver-1", Role.USER), DRIVER).certificate().encode();
    NotaryTask check = new NotaryTask.Check(TestKgc.device("driver-1").nodeId(), shown, false);
    return assertInstanceOf(NotaryAnswer.Identified.class, used.clerk().answer(check, now))
        .identity();
  }

  private void assertNothingTaken() {
    var before = watch.used().certificate();
    assertEquals(Optional.empty(), watch.look());
    assertEquals(before, watch.used().certificate());
    assertInstanceOf(PeerIdentity.Certified.class, judged(watch.used()));
  }

  @Test
  void whatIsUnchangedIsNotReadAgain() {
    assertNothingTaken();
  }

  @Test
  void aListThatComesIsUsed() throws Exception {
    list(1);
    assertInstanceOf(PeerIdentity.Certified.class, judged(watch.look().orElseThrow()));
    list(2, DRIVER);
    assertInstanceOf(PeerIdentity.Refused.class, judged(watch.look().orElseThrow()));
    assertEquals(Optional.empty(), watch.look());
  }

  @Test
  void anOlderListOrNoneIsNot() throws Exception {
    list(2, DRIVER);
    assertInstanceOf(PeerIdentity.Refused.class, judged(watch.look().orElseThrow()));
    list(1);
    assertEquals(Optional.empty(), watch.look());
    Files.delete(folder.resolve(IdentityFiles.REVOCATIONS));
    assertEquals(Optional.empty(), watch.look());
    assertInstanceOf(PeerIdentity.Refused.class, judged(watch.used()));
    list(3);
    assertInstanceOf(PeerIdentity.Certified.class, judged(watch.look().orElseThrow()));
  }

  @Test
  void aCertificateThatIsIssuedAnewIsUsed() throws Exception {
    RegistrationReply next = KGC.reply(KGC.request("pile-1", Role.PILE), 8);
    keep(next);
    assertEquals(next.certificate().encode(), watch.look().orElseThrow().certificate());
    assertEquals(next.certificate(), watch.loaded().certificate());
  }

  @Test
  void whatIsDamagedOrAnothersChangesNothing() throws Exception {
    Path identity = folder.resolve(IdentityFiles.IDENTITY);
    String text = Files.readString(identity);
    Files.writeString(identity, text.substring(0, text.length() / 2));
    assertNothingTaken();
    Files.delete(identity);
    assertNothingTaken();
    keep(KGC.reply(KGC.request("pile-2", Role.PILE), 8));
    assertNothingTaken();
    keep(KGC.reply(KGC.request("pile-1", Role.USER), 8));
    assertNothingTaken();
    Files.writeString(identity, text);
    keep(OTHER);
    assertNothingTaken();
    keep(KGC);
    Files.writeString(folder.resolve(IdentityFiles.REVOCATIONS), "nothing");
    assertNothingTaken();
    list(1, DRIVER);
    assertInstanceOf(PeerIdentity.Refused.class, judged(watch.look().orElseThrow()));
  }

  @Test
  void aCertificateOfTomorrowIsUsedTomorrow() throws Exception {
    Instant tomorrow = TestKgc.NOW.plus(Duration.ofDays(1));
    keep(
        KGC.reply(
            KGC.request("pile-1", Role.PILE), 8, tomorrow, tomorrow.plus(Duration.ofDays(365))));
    assertNothingTaken();
    now = tomorrow;
    assertTrue(watch.look().isPresent());
  }
}

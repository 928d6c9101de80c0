package chargepile.agent.cli.kgc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.cli.identity.IdentityFile;
import chargepile.agent.cli.identity.TestKgc;
import chargepile.agent.crypto.Signer;
import chargepile.agent.crypto.pairing.Pairing;
import chargepile.agent.identity.PartyId;
import chargepile.agent.identity.RegistrationMessage;
import chargepile.agent.identity.RegistrationMessage.Issued;
import chargepile.agent.identity.RegistrationMessage.Refused;
import chargepile.agent.identity.RegistrationMessage.Waiting;
import chargepile.agent.identity.RegistrationRequest;
import chargepile.agent.identity.Role;
import chargepile.agent.runtime.NodeKeys;
import fr.acinq.bitcoin.ByteVector;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a serving centre tells devices; it issues nothing by itself. */
final class FolderDeskTest {
  private static final Pairing PAIRING = Pairing.best();
  private static final Signer SIGNER = Signer.best();

  @TempDir private Path folder;
  private final List<String> arrived = new ArrayList<>();
  private KgcBench bench;
  private Instant now = Instant.now();
  private FolderDesk desk;

  @BeforeEach
  void open() throws IOException {
    bench = KgcBench.init(folder, "kgc");
    desk =
        new FolderDesk(
            bench.kgc,
            SIGNER,
            PAIRING,
            () -> now,
            request -> arrived.add(request.subject().party().value()));
  }

  @Test
  void aRequestWaitsOnceForTheOperator() throws Exception {
    RegistrationRequest request = request("alice", "alice", Role.USER);
    for (int i = 0; i < 3; i++) {
      Waiting waiting = assertInstanceOf(Waiting.class, ask(request));
      assertTrue(waiting.text().contains(request.fingerprint()), waiting::text);
    }
    assertEquals(List.of("alice"), arrived);
    assertEquals(0, bench.issued());
  }

  @Test
  void whatTheOperatorIssuedIsHandedOutAsOftenAsItIsAskedFor() throws Exception {
    RegistrationRequest request = request("alice", "alice", Role.USER);
    String before = desk.state();
    ask(request);
    assertEquals(before, desk.state(), "a request decides nothing");
    approve("alice");
    assertNotEquals(before, desk.state());
    Issued first = assertInstanceOf(Issued.class, ask(request));
    assertEquals(first, ask(request));
    assertEquals(1, bench.issued());
  }

  /** The power goes after the log's line and before the request is put away. */
  @Test
  void whatWasDecidedDoesNotWait() throws Exception {
    RegistrationRequest request = request("alice", "alice", Role.USER);
    ask(request);
    Path waiting = bench.kgc.resolve("pending/" + request.encode().sha256().toHex() + ".request");
    byte[] file = Files.readAllBytes(waiting);
    approve("alice");
    Files.write(waiting, file);
    assertTrue(bench.done("kgc", "pending", bench.kgc).out().contains("no request waits"));
    assertInstanceOf(Issued.class, ask(request));
    assertEquals(1, bench.issued());
  }

  @Test
  void aDeniedRequestForATakenNameIsToldSo() throws Exception {
    ask(request("alice", "alice", Role.USER));
    approve("alice");
    RegistrationRequest other = request("mallory", "alice", Role.USER);
    ask(other);
    bench.done("kgc", "deny", bench.kgc, other.fingerprint());
    assertRefused("denied: ", ask(other));
    assertTrue(bench.done("kgc", "pending", bench.kgc).out().contains("no request waits"));
  }

  /** A fingerprint names it, and what looks like one does not stand before it. */
  @Test
  void aDeniedRequestIsApprovedByItsFingerprintAlone() throws Exception {
    RegistrationRequest denied = request("alice", "alice", Role.USER);
    ask(denied);
    bench.done("kgc", "deny", bench.kgc, "alice");
    KgcBench.refused("name its fingerprint", run("approve", "alice"));
    KgcBench.refused(
        "no request of",
        chargepile.agent.cli.CommandRun.of("kgc", "deny", bench.kgc, denied.fingerprint()));
    ask(request("mallory", denied.fingerprint(), Role.USER));
    assertEquals(0, bench.issued());
    approve(denied.fingerprint());
    assertInstanceOf(Issued.class, ask(denied));
    // it counts as approved from now on, so that after a revocation it waits again
    bench.done("kgc", "revoke", bench.kgc, "alice", "--reason", "moved away");
    assertRefused("is revoked since", ask(denied));
  }

  @Test
  void anExpiredCertificateIsNotHandedOutAgain() throws Exception {
    RegistrationRequest request = request("alice", "alice", Role.USER);
    ask(request);
    approve("alice");
    now = now.plus(Duration.ofDays(400));
    assertRefused("the certificate of alice (serial 1) expired at", ask(request));
    assertRefused("ask the operator to approve " + request.fingerprint(), ask(request));
    assertEquals(1, bench.issued());
  }

  @Test
  void aRevokedCertificateIsNotHandedOutAgain() throws Exception {
    RegistrationRequest request = request("alice", "alice", Role.USER);
    ask(request);
    approve("alice");
    bench.done("kgc", "revoke", bench.kgc, "alice", "--reason", "moved away");
    assertRefused("is revoked since", ask(request));
    assertEquals(1, bench.issued());
  }

  @Test
  void aNameThatIsTakenIsRefused() throws Exception {
    ask(request("alice", "alice", Role.USER));
    approve("alice");
    assertRefused("alice is registered already", ask(request("mallory", "alice", Role.USER)));
    assertEquals(1, bench.issued());
  }

  @Test
  void anotherRoleForANameIsRefused() throws Exception {
    ask(request("pile-1", "pile-1", Role.PILE));
    approve("pile-1");
    assertRefused(
        "pile-1 is registered as a pile and the request says driver",
        ask(request("mallory", "pile-1", Role.USER)));
  }

  @Test
  void aPileWithoutAMeterIsRefused() throws Exception {
    NodeKeys keys = TestKgc.device("pile-1");
    assertRefused(
        "one is missing", ask(request(keys, new PartyId("pile-1"), Role.PILE, Optional.empty())));
    assertEquals(List.of(), arrived);
  }

  @Test
  void aRequestForAnotherCentreIsRefused() throws Exception {
    TestKgc other = new TestKgc("other");
    assertRefused(
        "the request is for the key generation centre", ask(other.request("alice", Role.USER)));
  }

  @Test
  void nobodyAsksForAnother() throws Exception {
    RegistrationRequest alices = request("alice", "alice", Role.USER);
    RegistrationMessage answer = desk.answer(TestKgc.device("mallory").nodeId(), alices.encode());
    assertRefused("a device asks for itself", answer);
    ask(alices);
    approve("alice");
    assertRefused(
        "a device asks for itself",
        desk.answer(TestKgc.device("mallory").nodeId(), alices.encode()));
  }

  @Test
  void whatIsNoRequestIsRefused() {
    assertRefused(
        "the request can't be read",
        desk.answer(TestKgc.device("alice").nodeId(), new ByteVector("0011")));
  }

  @Test
  void severalRequestsForOneNameAreToldApartByTheirFingerprint() throws Exception {
    RegistrationRequest real = request("alice", "alice", Role.USER);
    ask(request("mallory", "alice", Role.USER));
    ask(real);
    KgcBench.refused("2 requests are for alice", run("approve", "alice"));
    assertEquals(0, run("approve", real.fingerprint()).exit());
    assertInstanceOf(Issued.class, ask(real));
    assertRefused("is registered already", ask(request("mallory", "alice", Role.USER)));
    assertEquals(1, bench.issued());
  }

  @Test
  void onlySoManyRequestsWait() throws Exception {
    Path pending = Files.createDirectories(bench.kgc.resolve("pending"));
    for (int i = 0; i < PendingRequests.MOST; i++) {
      Files.writeString(pending.resolve(i + ".request"), "-");
    }
    assertRefused("too many requests wait", ask(request("alice", "alice", Role.USER)));
  }

  @Test
  void aDamagedRegisterIsNotAnsweredFrom() throws Exception {
    RegistrationRequest request = request("alice", "alice", Role.USER);
    Files.writeString(bench.kgc.resolve(AuditLog.NAME), "{}\n");
    assertRefused("its operator has to look", ask(request));
  }

  private RegistrationMessage ask(RegistrationRequest request) {
    return desk.answer(request.subject().nodeKey(), request.encode());
  }

  private void approve(String id) {
    assertEquals(0, run("approve", id).exit());
  }

  private chargepile.agent.cli.CommandRun run(String verb, String id) {
    return chargepile.agent.cli.CommandRun.of(
        "kgc", verb, bench.kgc, id, "--passphrase-file", bench.passphrase);
  }

  private RegistrationRequest request(String device, String id, Role role) throws Exception {
    NodeKeys keys = TestKgc.device(device);
    return request(
        keys, new PartyId(id), role, role == Role.PILE ? Optional.of(11_000L) : Optional.empty());
  }

  private RegistrationRequest request(NodeKeys keys, PartyId id, Role role, Optional<Long> watts)
      throws Exception {
    return RegistrationRequest.of(
        new RegistrationRequest.Subject(
            IdentityFile.parameters(bench.exported("kgc.pem"), PAIRING).id(),
            id,
            role,
            keys.nodeId(),
            watts.map(_ -> keys.meterId()),
            watts,
            Optional.empty()),
        keys.nodeKey(),
        keys.identityShare(),
        SIGNER,
        PAIRING);
  }

  private static void assertRefused(String why, RegistrationMessage answer) {
    Refused refused = assertInstanceOf(Refused.class, answer, answer::toString);
    assertTrue(refused.text().contains(why), refused::text);
  }
}

package chargepile.agent.cli.kgc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.cli.CommandRun;
import chargepile.agent.cli.identity.ArmoredFile;
import chargepile.agent.cli.identity.IdentityFile;
import chargepile.agent.cli.identity.IdentityFiles;
import chargepile.agent.cli.identity.Roles;
import chargepile.agent.cli.identity.TestKgc;
import chargepile.agent.crypto.EvmSignature;
import chargepile.agent.crypto.Signer;
import chargepile.agent.crypto.pairing.Pairing;
import chargepile.agent.identity.CertificateRefusal;
import chargepile.agent.identity.EvmAccount;
import chargepile.agent.identity.KgcParameters;
import chargepile.agent.identity.PartyId;
import chargepile.agent.identity.Registration;
import chargepile.agent.identity.RegistrationReply;
import chargepile.agent.identity.RegistrationRequest;
import chargepile.agent.identity.Role;
import chargepile.agent.identity.SignedChainCertificate;
import chargepile.agent.runtime.NodeKeys;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A key generation centre on files: each identity is given once, to who asked for it. */
final class KgcCommandsTest {
  private static final Pairing PAIRING = Pairing.best();
  private static final URI NO_BROKER = URI.create("tcp://127.0.0.1:1");

  @TempDir private Path folder;
  private KgcBench bench;

  @BeforeEach
  void init() throws IOException {
    bench = KgcBench.init(folder, "kgc");
  }

  @Test
  void aDriverIsRegistered() throws Exception {
    Path request = bench.request(bench.driver("alice"), "alice");
    assertEquals(0, bench.issue(request).exit());
    bench.done(bench.register(bench.driver("alice"), "--reply", folder.resolve("alice.reply")));
    IdentityFiles.Loaded identity = load("alice");
    assertEquals(Role.USER, identity.certificate().role());
    assertEquals("alice", identity.certificate().party().value());
    assertEquals(Optional.empty(), identity.refusal(Instant.now(), PAIRING));
    assertTrue(bench.done("kgc", "list", bench.kgc).out().contains("alice"));
  }

  @Test
  void aPilesCertificateNamesItsMeterAndPower() throws Exception {
    List<Object> pile = bench.pile("pile-1", NO_BROKER);
    assertEquals(0, bench.issue(bench.request(pile, "pile-1")).exit());
    bench.done(bench.register(pile, "--reply", folder.resolve("pile-1.reply")));
    Registration registration = load("pile-1").certificate().registration();
    assertEquals(Role.PILE, registration.role());
    assertEquals(Optional.of(11_000L), registration.ratedPowerWatts());
    assertEquals(Optional.of(keys("pile-1").meterId()), registration.meterKey());
    assertEquals(keys("pile-1").nodeId(), registration.nodeKey());
  }

  @Test
  void anEvmAccountIsCertifiedWithTheProofInTheRequest() throws Exception {
    List<Object> pile = new ArrayList<>(bench.pile("pile-1", NO_BROKER));
    pile.addAll(List.of("--registry", "31337:0x" + "d0".repeat(20)));
    assertEquals(0, bench.issue(bench.request(pile, "pile-1")).exit());
    bench.done(bench.register(pile, "--reply", folder.resolve("pile-1.reply")));
    EvmAccount account = load("pile-1").certificate().registration().evmAccount().orElseThrow();
    assertEquals(
        EvmSignature.address(keys("pile-1").accountKey().publicKey()).value(), account.address());
    assertEquals(31_337, account.chainId());
    assertEquals(new ByteVector("d0".repeat(20)), account.registry());
  }

  @Test
  void theSameReplyBringsTheCertificateForTheRegistrySignedByTheCentresEthereumKey()
      throws Exception {
    List<Object> pile = new ArrayList<>(bench.pile("pile-1", NO_BROKER));
    pile.addAll(List.of("--registry", "31337:0x" + "d0".repeat(20)));
    CommandRun issued = bench.issue(bench.request(pile, "pile-1"));
    assertTrue(issued.out().contains("with the certificate for 31337:0x"), issued.out());
    CommandRun taken = bench.done(bench.register(pile, "--reply", folder.resolve("pile-1.reply")));
    RegistrationReply reply =
        IdentityFile.reply(folder.resolve("pile-1").resolve(IdentityFiles.IDENTITY), PAIRING);
    SignedChainCertificate chain = reply.chain().orElseThrow();
    assertEquals(reply.certificate().registration(), chain.certificate().registration());
    String centre = chain.signedBy(Signer.best()).orElseThrow().toString();
    assertTrue(taken.out().contains(centre), taken.out());
    assertTrue(bench.export().out().contains("the centre's Ethereum address: " + centre));
  }

  @Test
  void aCompanyIsNamedInThePilesItRegisters() throws Exception {
    List<Object> pile = new ArrayList<>(bench.pile("pile-1", NO_BROKER));
    pile.addAll(List.of("--registry", "31337:0x" + "d0".repeat(20)));
    Path request = bench.request(pile, "pile-1");
    KgcBench.refused("no company of that name", bench.issue(request, "--company", "volt-co"));
    List<Object> company = new ArrayList<>(bench.driver("volt-co"));
    company.addAll(List.of("--role", "company"));
    assertEquals(0, bench.issue(bench.request(company, "volt-co")).exit());
    KgcBench.refused(
        "volt-co is none",
        bench.issue(bench.request(bench.driver("volt-co"), "x"), "--company", "volt-co"));
    CommandRun issued = bench.issue(request, "--company", "volt-co");
    assertTrue(issued.out().contains("a pile of the company volt-co"), issued.out());
    assertEquals(
        Optional.of(new PartyId("volt-co")),
        IdentityFile.reply(folder.resolve("pile-1.reply"), PAIRING)
            .chain()
            .orElseThrow()
            .certificate()
            .company());
    List<Object> other = new ArrayList<>(bench.driver("other-co"));
    other.addAll(List.of("--role", "company"));
    assertEquals(0, bench.issue(bench.request(other, "other-co")).exit());
    KgcBench.refused(
        "answered before, for the company volt-co", bench.issue(request, "--company", "other-co"));
  }

  @Test
  void aRegistryIsAChainAndAnAddress() throws Exception {
    List<Object> alice = new ArrayList<>(bench.driver("alice"));
    alice.addAll(List.of("--registry", "0xab"));
    KgcBench.refused(
        "give the chain's id and the contract's address",
        CommandRun.of(bench.register(alice, "--request", folder.resolve("x"))));
  }

  @Test
  void theSameRequestHasTheSameReplyAndIsIssuedOnce() throws Exception {
    Path request = bench.request(bench.driver("alice"), "alice");
    bench.issue(request);
    byte[] first = Files.readAllBytes(folder.resolve("alice.reply"));
    Files.delete(folder.resolve("alice.reply"));
    CommandRun again = bench.issue(bench.request(bench.driver("alice"), "alice"));
    assertTrue(again.out().contains("this is the same reply"), again.out());
    assertEquals(
        new String(first, StandardCharsets.US_ASCII),
        Files.readString(folder.resolve("alice.reply")));
    assertEquals(1, bench.issued());
  }

  @Test
  void twoAtOnceIssueOnce() throws Exception {
    Path request = bench.request(bench.driver("alice"), "alice");
    try (ExecutorService operators = Executors.newFixedThreadPool(2)) {
      var one = operators.submit(() -> bench.issue(request, "--reply", folder.resolve("1")));
      var two = operators.submit(() -> bench.issue(request, "--reply", folder.resolve("2")));
      assertEquals(0, one.get().exit());
      assertEquals(0, two.get().exit());
    }
    assertEquals(Files.readString(folder.resolve("1")), Files.readString(folder.resolve("2")));
    assertEquals(1, bench.issued());
  }

  @Test
  void anotherRequestForAKnownNameIsRefused() throws Exception {
    bench.issue(bench.request(bench.driver("alice"), "alice"));
    Files.delete(folder.resolve("alice/seed"));
    Path other = bench.request(bench.driver("alice"), "other");
    KgcBench.refused("alice is registered already (serial 1", bench.issue(other));
    assertEquals(1, bench.issued());
  }

  @Test
  void reissueGivesANewKeyAndRevokesTheOldCertificate() throws Exception {
    Path request = bench.request(bench.driver("alice"), "alice");
    bench.issue(request);
    bench.done(bench.register(bench.driver("alice"), "--reply", folder.resolve("alice.reply")));
    IdentityFiles.Loaded old = load("alice");
    assertEquals(0, bench.issue(request, "--reissue=1").exit());
    bench.done(bench.register(bench.driver("alice"), "--reply", folder.resolve("alice.reply")));
    IdentityFiles.Loaded fresh = load("alice");
    assertNotEquals(old.key().tag(), fresh.key().tag());
    assertNotEquals(old.certificate().publicKey(), fresh.certificate().publicKey());
    assertEquals(2, fresh.certificate().registration().keyVersion());
    bench.export();
    var list =
        IdentityFile.revocations(bench.exported("revocations.pem"), fresh.parameters(), PAIRING);
    assertTrue(list.revokedSince(1).isPresent());
    assertTrue(list.revokedSince(2).isEmpty());
    // the same request now has the new reply
    assertTrue(bench.issue(request).out().contains("serial 2"));
  }

  @Test
  void anOldReplyDoesNotReplaceANewerIdentity() throws Exception {
    Path request = bench.request(bench.driver("alice"), "alice");
    bench.issue(request, "--reply", folder.resolve("old.reply"));
    bench.issue(request, "--reissue=1");
    bench.done(bench.register(bench.driver("alice"), "--reply", folder.resolve("alice.reply")));
    KgcBench.refused(
        "it is an old reply",
        CommandRun.of(
            bench.register(bench.driver("alice"), "--reply", folder.resolve("old.reply"))));
    assertEquals(2, load("alice").certificate().registration().serial());
  }

  /** The reply could not be written, so the operator says the same again. */
  @Test
  void theSameReissueIsDoneOnce() throws Exception {
    Path request = bench.request(bench.driver("alice"), "alice");
    bench.issue(request);
    Path nowhere = folder.resolve("missing folder/alice.reply");
    KgcBench.refused("can't be written", bench.issue(request, "--reissue=1", "--reply", nowhere));
    CommandRun again = bench.issue(request, "--reissue=1");
    assertEquals(0, again.exit(), again.err());
    assertTrue(again.out().contains("this is the same reply"), again.out());
    assertTrue(again.out().contains("chargepile kgc export " + bench.kgc), again.out());
    assertEquals(2, bench.issued());
    assertEquals(0, bench.issue(request, "--reissue=2").exit());
    KgcBench.refused(
        "the last certificate of alice is serial 3", bench.issue(request, "--reissue=1"));
    assertEquals(3, bench.issued());
  }

  @Test
  void anotherRequestThanTheOwnersIsNotIssued() throws Exception {
    String real = KgcBench.fingerprint(bench.request(bench.driver("alice"), "alice"));
    Files.delete(folder.resolve("alice/seed"));
    Path swapped = bench.request(bench.driver("alice"), "alice");
    KgcBench.refused("it is another request than", bench.issueAs(real, swapped));
    CommandRun shown =
        CommandRun.of("kgc", "issue", bench.kgc, swapped, "--passphrase-file", bench.passphrase);
    KgcBench.refused("nothing was issued", shown);
    assertTrue(shown.out().contains("alice  driver  node key"), shown.out());
    assertEquals(0, bench.issued());
  }

  @Test
  void hubsAgenciesAndCompaniesAreRegisteredToo() throws Exception {
    for (Role role : List.of(Role.HUB, Role.AGENCY, Role.COMPANY)) {
      String name = Roles.name(role);
      Path request = folder.resolve(name + ".request");
      List<Object> device = bench.driver(name);
      bench.done(bench.register(device, "--role", name, "--request", request));
      assertEquals(0, bench.issue(request).exit());
      Path reply = folder.resolve(name + ".reply");
      bench.done(bench.register(device, "--role", name, "--reply", reply));
      assertEquals(role, load(name).certificate().role());
    }
    Path unused = folder.resolve("unused.request");
    for (String refused : List.of("pile", "HUB", "user", "")) {
      KgcBench.refused(
          "--role " + refused,
          CommandRun.of(
              bench.register(bench.driver("alice"), "--role", refused, "--request", unused)));
    }
    KgcBench.refused(
        "--role hub: the device of --config is a pile",
        CommandRun.of(
            bench.register(bench.pile("pile-1", NO_BROKER), "--role", "hub", "--request", unused)));
  }

  @Test
  void registerSaysWhomItTrustsAndWhatToCompare() throws Exception {
    Path request = folder.resolve("alice.request");
    String asked = bench.done(bench.register(bench.driver("alice"), "--request", request)).out();
    String centre = "fingerprint " + parameters().id().toHex();
    assertTrue(asked.contains(centre), asked);
    assertTrue(asked.contains("--fingerprint " + KgcBench.fingerprint(request)), asked);
    String issued = bench.issue(request).out();
    assertTrue(issued.contains(keys("alice").nodeId().toHex()), issued);
    String taken =
        bench
            .done(bench.register(bench.driver("alice"), "--reply", folder.resolve("alice.reply")))
            .out();
    assertTrue(taken.contains(centre), taken);
    KgcBench.refused(
        "use 1 to 604800",
        CommandRun.of(bench.register(bench.driver("alice"), "--at", "x", "--wait", 0)));
  }

  @Test
  void aMeterHasOneName() throws Exception {
    List<Object> pile = bench.pile("pile-1", NO_BROKER);
    assertTrue(
        bench
            .issue(bench.request(pile, "pile-1"))
            .out()
            .contains(keys("pile-1").meterId().toHex()));
    NodeKeys thief = TestKgc.device("pile-2");
    Path copied = folder.resolve("copied.request");
    write(
        copied,
        RegistrationRequest.of(
            new RegistrationRequest.Subject(
                parameters().id(),
                new PartyId("pile-2"),
                Role.PILE,
                thief.nodeId(),
                Optional.of(keys("pile-1").meterId()),
                Optional.of(22_000L),
                Optional.empty()),
            thief.nodeKey(),
            thief.identityShare(),
            thief.signer(),
            PAIRING));
    KgcBench.refused("is registered with pile-1 (serial 1): one meter", bench.issue(copied));
    bench.done("kgc", "revoke", bench.kgc, "pile-1", "--reason", "scrapped");
    assertEquals(0, bench.issue(copied).exit());
  }

  @Test
  void aDamagedIdentityIsNotOverwrittenAndToldHowToMend() throws Exception {
    bench.issue(bench.request(bench.driver("alice"), "alice"));
    Path identity = folder.resolve("alice/identity.pem");
    Files.writeString(identity, "-----BEGIN");
    Object[] taking =
        bench.register(bench.driver("alice"), "--reply", folder.resolve("alice.reply"));
    KgcBench.refused("move " + identity + " away", CommandRun.of(taking));
    assertEquals("-----BEGIN", Files.readString(identity));
    Files.delete(identity);
    bench.done(taking);
  }

  @Test
  void theHeadOfTheLogCanBeKeptElsewhere() throws Exception {
    String head = Files.readString(bench.kgc.resolve(AuditLog.HEAD)).strip();
    assertTrue(bench.done("kgc", "list", bench.kgc).out().contains(head));
    assertTrue(bench.done("kgc", "list", bench.kgc, "--json").out().contains(head));
    String exported = bench.export().out();
    assertTrue(
        exported.contains(Files.readString(bench.kgc.resolve(AuditLog.HEAD)).strip()), exported);
  }

  @Test
  void reissueIsForWhoIsRegistered() throws Exception {
    Path request = bench.request(bench.driver("alice"), "alice");
    KgcBench.refused("alice was never registered", bench.issue(request, "--reissue=1"));
    assertEquals(0, bench.issued());
  }

  @Test
  void aNameKeepsItsRole() throws Exception {
    bench.issue(bench.request(bench.driver("pile-1"), "driver"));
    Files.delete(folder.resolve("pile-1/seed"));
    Path request = bench.request(bench.pile("pile-1", NO_BROKER), "pile");
    KgcBench.refused(
        "pile-1 is registered as a driver and the request says pile",
        bench.issue(request, "--reissue=1"));
    assertEquals(1, bench.issued());
  }

  @Test
  void aDeviceHasOneName() throws Exception {
    bench.issue(bench.request(bench.driver("alice"), "alice"));
    List<Object> again = List.of("--data", folder.resolve("alice"), "--id", "alicia");
    KgcBench.refused(
        "is registered as alice (serial 1): one device has one name",
        bench.issue(bench.request(again, "alicia")));
    assertEquals(1, bench.issued());
  }

  @Test
  void aRequestForAnotherCentreIsRefused() throws Exception {
    Path request = bench.request(bench.driver("alice"), "alice");
    KgcBench other = KgcBench.init(folder, "other");
    KgcBench.refused("the request is for the key generation centre", other.issue(request));
    assertEquals(0, other.issued());
  }

  @Test
  void aReplyOfAnotherCentreIsRefused() throws Exception {
    KgcBench other = KgcBench.init(folder, "other");
    other.issue(other.request(bench.driver("alice"), "alice"));
    KgcBench.refused(
        "it is from the key generation centre",
        CommandRun.of(
            bench.register(bench.driver("alice"), "--reply", folder.resolve("alice.reply"))));
    assertFalse(Files.exists(folder.resolve("alice/identity.pem")));
  }

  @Test
  void aDeviceKeepsToTheCentreItTrusts() throws Exception {
    bench.issue(bench.request(bench.driver("alice"), "alice"));
    bench.done(bench.register(bench.driver("alice"), "--reply", folder.resolve("alice.reply")));
    KgcBench other = KgcBench.init(folder, "other");
    KgcBench.refused(
        "is of another key generation centre than other",
        CommandRun.of(
            other.register(bench.driver("alice"), "--request", folder.resolve("x.request"))));
  }

  @Test
  void aReplyForAnotherDeviceIsRefused() throws Exception {
    bench.issue(bench.request(bench.driver("bob"), "bob"));
    KgcBench.refused(
        "it is another device's",
        CommandRun.of(
            bench.register(bench.driver("alice"), "--reply", folder.resolve("bob.reply"))));
  }

  @Test
  void aReplyThatIsNotWhatWasAskedForIsRefused() throws Exception {
    bench.issue(bench.request(bench.pile("pile-1", NO_BROKER), "pile-1"));
    List<Object> asDriver = List.of("--data", folder.resolve("pile-1"), "--id", "pile-1");
    KgcBench.refused(
        "the role PILE, and this device asks for USER",
        CommandRun.of(bench.register(asDriver, "--reply", folder.resolve("pile-1.reply"))));
  }

  @Test
  void aRequestWithAnothersProofIsRefused() throws Exception {
    RegistrationRequest alice =
        IdentityFile.request(bench.request(bench.driver("alice"), "alice"), PAIRING);
    RegistrationRequest bob =
        IdentityFile.request(bench.request(bench.driver("bob"), "bob"), PAIRING);
    Path forged = folder.resolve("forged.request");
    write(
        forged,
        new RegistrationRequest(
            alice.subject(), bob.share(), bob.possession(), Optional.empty(), alice.signature()));
    KgcBench.refused("not signed with the node key", bench.issue(forged));
    NodeKeys keys = keys("alice");
    RegistrationRequest signed =
        RegistrationRequest.of(
            alice.subject(), keys.nodeKey(), keys.identityShare(), keys.signer(), PAIRING);
    assertEquals(alice, signed, "the same device asks with the same bytes");
    assertEquals(0, bench.issued());
  }

  @Test
  void aRevokedPartyIsNotAnsweredAgain() throws Exception {
    Path request = bench.request(bench.driver("alice"), "alice");
    bench.issue(request);
    bench.done("kgc", "revoke", bench.kgc, "alice", "--reason", "the phone was stolen");
    KgcBench.refused("is revoked since", bench.issue(request));
    KgcBench.refused("the phone was stolen", bench.issue(request));
    KgcBench.refused(
        "is revoked already",
        CommandRun.of("kgc", "revoke", bench.kgc, "--serial", 1, "--reason", "again"));
    assertEquals(1, bench.issued());
  }

  @Test
  void aDeviceSeesItsRevocationInTheExportedList() throws Exception {
    bench.issue(bench.request(bench.driver("alice"), "alice"));
    bench.done(bench.register(bench.driver("alice"), "--reply", folder.resolve("alice.reply")));
    bench.done("kgc", "revoke", bench.kgc, "--serial", 1, "--reason", "sold");
    bench.export();
    Files.copy(bench.exported("revocations.pem"), folder.resolve("alice/revocations.pem"));
    var refusal = load("alice").refusal(Instant.now(), PAIRING);
    assertTrue(refusal.orElseThrow() instanceof CertificateRefusal.Revoked, refusal::toString);
  }

  @Test
  void whoWasNeverRegisteredIsNotRevoked() {
    for (Object[] which : List.of(new Object[] {"zoe"}, new Object[] {"--serial", 9})) {
      Object[] all =
          Stream.concat(Stream.of("kgc", "revoke", bench.kgc, "--reason", "x"), Stream.of(which))
              .toArray();
      KgcBench.refused("was never issued", CommandRun.of(all));
    }
    KgcBench.refused(
        "Give either an id or --serial",
        CommandRun.of("kgc", "revoke", bench.kgc, "--reason", "x"));
  }

  @Test
  void contactsStayInTheLog() throws Exception {
    Path request = bench.request(bench.driver("alice"), "alice");
    bench.issue(request, "--contact", "Alice, +49 170 1234567");
    bench.export();
    assertTrue(Files.readString(bench.kgc.resolve(AuditLog.NAME)).contains("1234567"));
    for (Path file :
        List.of(
            folder.resolve("alice.reply"),
            bench.exported("kgc.pem"),
            bench.exported("revocations.pem"))) {
      assertFalse(decoded(file).contains("1234567"), file::toString);
    }
    CommandRun list = bench.done("kgc", "list", bench.kgc, "--json");
    assertFalse(list.out().contains("1234567"), list.out());
  }

  @Test
  void theMasterKeyIsSealed() throws Exception {
    Files.writeString(bench.passphrase, "wrong\n");
    KgcBench.refused(
        "the passphrase is wrong", bench.issue(bench.request(bench.driver("alice"), "alice")));
    assertEquals(0, bench.issued());
    assertTrue(bench.done("kgc", "list", bench.kgc).out().contains("0 issued"));
    assertEquals(
        "rw-------",
        java.nio.file.attribute.PosixFilePermissions.toString(
            Files.getPosixFilePermissions(bench.kgc.resolve(KgcFolder.MASTER))));
  }

  @Test
  void nobodyIsAskedWhereNobodySits() throws Exception {
    Path request = bench.request(bench.driver("alice"), "alice");
    KgcBench.refused(
        "give --passphrase-file",
        CommandRun.of(
            "kgc", "issue", bench.kgc, request, "--fingerprint", KgcBench.fingerprint(request)));
  }

  @Test
  void nothingIsOverwrittenByInit() {
    KgcBench.refused(
        "is not empty",
        CommandRun.of("kgc", "init", bench.kgc, "--passphrase-file", bench.passphrase));
  }

  @Test
  void twoInitsAtOnceMakeOneCentre() throws Exception {
    Path fresh = folder.resolve("fresh");
    Object[] init = {"kgc", "init", fresh, "--passphrase-file", bench.passphrase};
    try (ExecutorService operators = Executors.newFixedThreadPool(2)) {
      var one = operators.submit(() -> CommandRun.of(init));
      var two = operators.submit(() -> CommandRun.of(init));
      assertEquals(1, one.get().exit() + two.get().exit(), one.get().err() + two.get().err());
    }
    bench.done("kgc", "list", fresh);
  }

  @Test
  void aFolderWithoutACentreIsNamed() {
    KgcBench.refused("kgc init", CommandRun.of("kgc", "list", folder.resolve("none")));
  }

  @Test
  void daysHaveBounds() throws Exception {
    Path request = bench.request(bench.driver("alice"), "alice");
    KgcBench.refused("use 1 to 3650", bench.issue(request, "--days", 0));
    bench.issue(request, "--days", 30);
    RegistrationReply reply = IdentityFile.reply(folder.resolve("alice.reply"), PAIRING);
    assertEquals(
        Duration.ofDays(31),
        Duration.between(
            reply.certificate().registration().notBefore(),
            reply.certificate().registration().notAfter()));
  }

  private IdentityFiles.Loaded load(String name) throws Exception {
    return IdentityFiles.in(folder.resolve(name)).load(keys(name), PAIRING);
  }

  private KgcParameters parameters() throws Exception {
    return IdentityFile.parameters(bench.exported("kgc.pem"), PAIRING);
  }

  private NodeKeys keys(String name) throws IOException {
    return new NodeKeys(
        new ByteVector32(Files.readAllBytes(folder.resolve(name).resolve("seed"))), Signer.best());
  }

  private static void write(Path file, RegistrationRequest request) throws Exception {
    ArmoredFile.write(file, ArmoredFile.Kind.REQUEST, request.encode());
  }

  private static String decoded(Path file) throws IOException {
    String body = Files.readString(file).replaceAll("-----[^-]+-----|\\s", "");
    return new String(java.util.Base64.getDecoder().decode(body), StandardCharsets.ISO_8859_1);
  }
}

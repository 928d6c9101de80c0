package chargepile.agent.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.cli.identity.ArmoredFile;
import chargepile.agent.cli.identity.ArmoredFile.Kind;
import chargepile.agent.cli.identity.TestKgc;
import chargepile.agent.identity.IdentityKey;
import chargepile.agent.identity.Ledger;
import chargepile.agent.identity.MultiSignature;
import chargepile.agent.identity.PartialSignature;
import chargepile.agent.identity.PartyId;
import chargepile.agent.identity.RegistrationReply;
import chargepile.agent.identity.Revocation;
import chargepile.agent.identity.Role;
import chargepile.agent.identity.SettlementCertificate;
import chargepile.agent.identity.SignedSettlement;
import chargepile.agent.identity.SignerSet;
import chargepile.agent.runtime.NodeKeys;
import chargepile.agent.units.Amount;
import chargepile.agent.units.ChannelId;
import chargepile.agent.units.MilliWattHours;
import chargepile.agent.units.SessionId;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A settlement certificate is checked with nothing but the KGC's public parameters (P1-33). */
final class VerifyCertificateCommandTest {
  private static final TestKgc KGC = new TestKgc("kgc");
  private static final TestKgc OTHER = new TestKgc("other");
  private static final RegistrationReply PILE = KGC.reply(KGC.request("pile-1", Role.PILE), 1);
  private static final RegistrationReply DRIVER = KGC.reply(KGC.request("alice", Role.USER), 2);
  private static final Instant SETTLED = TestKgc.NOW.plus(Duration.ofDays(10));

  @TempDir private Path folder;
  private Path kgc;
  private Path file;

  @BeforeEach
  void files() throws Exception {
    kgc = folder.resolve("kgc.pem");
    file = folder.resolve("session.pem");
    ArmoredFile.write(kgc, Kind.PARAMETERS, KGC.parameters().encode());
    keep(signed(terms(12_345_000, SETTLED)));
  }

  @Test
  void whatHoldsIsSaidInPlainWords() {
    CommandRun run = verify();
    assertEquals(0, run.exit(), run.err());
    for (String line :
        List.of(
            "alice (driver) and pile-1 (pile) signed it, certified by kgc",
            "12.345 kWh, sold by pile-1 and bought by alice",
            "from 100 kWh to 112.345 kWh",
            "commitment 17",
            "2030-01-11T00:00:00Z; it may be presented until 2030-02-10T00:00:00Z",
            "give the centre's list with --revocations")) {
      assertTrue(run.out().contains(line), run.out());
    }
  }

  @Test
  void programsGetJson() {
    CommandRun run = verify("--json");
    assertEquals(0, run.exit(), run.err());
    assertEquals(1, run.lines().size());
    for (String field :
        List.of(
            "\"ok\":true",
            "\"seller\":\"pile-1\"",
            "\"buyer\":\"alice\"",
            "\"energy_mwh\":12345000",
            "\"amount_msat\":3703500",
            "\"commitment\":17",
            "\"role\":\"driver\"")) {
      assertTrue(run.out().contains(field), run.out());
    }
  }

  @Test
  void changedTermsAreFound() throws Exception {
    SignedSettlement good = signed(terms(12_345_000, SETTLED));
    keep(new SignedSettlement(terms(12_344_000, SETTLED), good.signers(), good.signature()));
    assertWrong("terms, signers or signature were changed");
  }

  @Test
  void aPartyThatDidNotSignIsFound() throws Exception {
    SettlementCertificate terms = terms(12_345_000, SETTLED);
    SignerSet one = SignerSet.certified(List.of(PILE.certificate()));
    PartialSignature signature =
        new MultiSignature(TestKgc.PAIRING).start(one, terms.encode(), key("pile-1", PILE));
    keep(new SignedSettlement(terms, List.of(PILE.certificate()), signature.point()));
    assertWrong("alice is a party to the settlement and has not signed it");
  }

  @Test
  void anotherCentresParametersDontHold() throws Exception {
    ArmoredFile.write(kgc, Kind.PARAMETERS, OTHER.parameters().encode());
    assertWrong("it is from the key generation centre");
  }

  @Test
  void aSignerWhoseCertificateHadExpiredIsFound() throws Exception {
    keep(signed(terms(12_345_000, TestKgc.NOW.plus(Duration.ofDays(400)))));
    assertWrong("the certificate of alice: it was valid until 2031-01-01T00:00:00Z");
  }

  @Test
  void aSignerWhoWasRevokedBeforeIsFound() throws Exception {
    Path list = list(KGC, SETTLED.minusSeconds(1));
    assertEquals(0, verify().exit());
    assertWrong("it is revoked since", "--revocations", list);
  }

  @Test
  void aRevocationAfterTheSettlementLeavesItAndIsTold() throws Exception {
    Path list = list(KGC, SETTLED.plusSeconds(1));
    CommandRun run = verify("--revocations", list);
    assertEquals(0, run.exit(), run.err());
    assertTrue(
        run.out()
            .contains(
                "alice since 2030-01-11T00:00:01Z, after the stated time, which only the signers"
                    + " attest, by list 3 of 2030-01-11T00:00:01Z"),
        run.out());
    assertFalse(run.out().contains("no signer"), run.out());
    CommandRun json = verify("--revocations", list, "--json");
    assertTrue(
        json.out()
            .contains(
                "\"revocations\":{\"list\":3,\"issued\":\"2030-01-11T00:00:01Z\","
                    + "\"older_than_settlement\":false,\"revoked_later\":[{\"id\":\"alice\","
                    + "\"serial\":2,\"since\":\"2030-01-11T00:00:01Z\"}]}"),
        json.out());
  }

  @Test
  void aListOlderThanTheSettlementIsTold() throws Exception {
    Path old = list(KGC, 9, SETTLED.minusSeconds(1));
    CommandRun run = verify("--revocations", old);
    assertEquals(0, run.exit(), run.err());
    assertTrue(run.out().contains("no signer, by list 3"), run.out());
    assertTrue(run.out().contains("which is older than the settlement"), run.out());
    CommandRun fresh = verify("--revocations", list(KGC, 9, SETTLED.plusSeconds(1)));
    assertTrue(fresh.out().contains("no signer, by list 3"), fresh.out());
    assertFalse(fresh.out().contains("older"), fresh.out());
  }

  @Test
  void aListOfAnotherCentreIsRefused() throws Exception {
    assertWrong(
        "is not signed by the key generation centre kgc",
        "--revocations",
        list(OTHER, SETTLED.minusSeconds(1)));
  }

  @Test
  void whatIsNoCertificateIsNamed() throws Exception {
    Files.writeString(file, "OCMF|{}");
    assertWrong("session.pem is not a settlement certificate");
    Files.delete(file);
    assertWrong("session.pem is not there");
    ArmoredFile.write(file, Kind.SETTLEMENT, new ByteVector("00112233"));
    assertWrong("session.pem is not a settlement certificate");
    ArmoredFile.write(file, Kind.CERTIFICATE, PILE.certificate().encode());
    assertWrong("it is a CHARGEPILE CERTIFICATE");
  }

  @Test
  void withoutParametersNothingIsVerified() {
    assertEquals(2, CommandRun.of("verify-certificate", file).exit());
  }

  private CommandRun verify(Object... more) {
    Object[] all = new Object[4 + more.length];
    all[0] = "verify-certificate";
    all[1] = file;
    all[2] = "--kgc";
    all[3] = kgc;
    System.arraycopy(more, 0, all, 4, more.length);
    return CommandRun.of(all);
  }

  private void assertWrong(String why, Object... more) {
    CommandRun run = verify(more);
    assertEquals(1, run.exit(), run.out());
    assertTrue(run.err().contains(why), run.err());
    Object[] json = java.util.Arrays.copyOf(more, more.length + 1);
    json[more.length] = "--json";
    CommandRun told = verify(json);
    assertEquals(1, told.exit());
    assertTrue(told.out().contains("\"ok\":false"), told.out());
  }

  private Path list(TestKgc centre, Instant since) throws CommandFailedException {
    return list(centre, 2, since);
  }

  private Path list(TestKgc centre, long serial, Instant since) throws CommandFailedException {
    Path list = folder.resolve("revocations.pem");
    ArmoredFile.write(
        list,
        Kind.REVOCATIONS,
        centre.centre().revoke(3, since, List.of(new Revocation(serial, since))).encode());
    return list;
  }

  private void keep(SignedSettlement settlement) throws CommandFailedException {
    ArmoredFile.write(file, Kind.SETTLEMENT, settlement.encode());
  }

  private static SettlementCertificate terms(long energyMwh, Instant settled) {
    var side =
        new SettlementCertificate.Side(
            new MilliWattHours(energyMwh), new Amount(300_000), new Amount(3_703_500));
    return new SettlementCertificate(
        new Ledger.Bitcoin(new ByteVector32("6f".repeat(32))),
        new ChannelId(new ByteVector32("ab".repeat(32))),
        new SessionId(new ByteVector("cd".repeat(16))),
        Optional.empty(),
        Optional.empty(),
        new PartyId("pile-1"),
        new PartyId("alice"),
        side,
        side,
        new MilliWattHours(100_000_000),
        new MilliWattHours(112_345_000),
        new ByteVector32("ef".repeat(32)),
        17,
        settled,
        settled.plus(Duration.ofDays(30)));
  }

  private static SignedSettlement signed(SettlementCertificate terms) throws Exception {
    SignerSet signers = SignerSet.certified(List.of(PILE.certificate(), DRIVER.certificate()));
    MultiSignature scheme = new MultiSignature(TestKgc.PAIRING);
    PartialSignature first = scheme.start(signers, terms.encode(), key("pile-1", PILE));
    PartialSignature both = scheme.add(first, signers, terms.encode(), key("alice", DRIVER));
    return new SignedSettlement(
        terms, List.of(PILE.certificate(), DRIVER.certificate()), both.point());
  }

  private static IdentityKey key(String name, RegistrationReply reply) {
    NodeKeys keys = TestKgc.device(name);
    return reply
        .open(keys.nodeKey(), keys.identityShare(), keys.signer(), TestKgc.PAIRING)
        .orElseThrow();
  }
}

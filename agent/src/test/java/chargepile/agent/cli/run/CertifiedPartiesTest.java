package chargepile.agent.cli.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.cli.CommandRun;
import chargepile.agent.cli.identity.ArmoredFile;
import chargepile.agent.cli.identity.IdentityFile;
import chargepile.agent.cli.identity.IdentityFiles;
import chargepile.agent.cli.identity.TestKgc;
import chargepile.agent.cli.node.DurableFile;
import chargepile.agent.identity.PartyId;
import chargepile.agent.identity.RegistrationRequest;
import chargepile.agent.identity.Role;
import chargepile.agent.identity.SignedSettlement;
import chargepile.agent.runtime.NodeKeys;
import fr.acinq.bitcoin.ByteVector32;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A pile that charges certified drivers alone, as processes over a real broker and node. */
class CertifiedPartiesTest {
  private static final TestKgc KGC = new TestKgc("kgc.example");

  @TempDir private Path folder;
  private Site site;

  @BeforeEach
  void start() throws Exception {
    site =
        new Site(
            folder,
            "seconds,power_w\n0,20000\n6,0\n",
            """
            [tariff]
            price_msat_per_kwh = 10000000
            [exposure]
            increment_wh = 10
            credit_wh = 30
            [identity]
            policy = "required"
            """);
    register("pile", Role.PILE, 1);
  }

  @AfterEach
  void stop() {
    if (site != null) {
      site.close();
    }
  }

  /** Gives a device a seed, and what the centre answered to its request. */
  private void register(String name, Role role, long serial) throws Exception {
    Path data = Files.createDirectories(site.data(name));
    ByteVector32 seed = TestKgc.seed(name);
    DurableFile.write(data.resolve("seed"), seed.toByteArray());
    NodeKeys keys = new NodeKeys(seed, TestKgc.SIGNER);
    boolean pile = role == Role.PILE;
    RegistrationRequest request =
        RegistrationRequest.of(
            new RegistrationRequest.Subject(
                KGC.parameters().id(),
                new PartyId(name + "-1"),
                role,
                keys.nodeId(),
                pile ? Optional.of(keys.meterId()) : Optional.empty(),
                pile ? Optional.of(22_000L) : Optional.empty(),
                Optional.empty()),
            keys.nodeKey(),
            keys.identityShare(),
            TestKgc.SIGNER,
            TestKgc.PAIRING);
    Instant from = Instant.now().truncatedTo(ChronoUnit.SECONDS).minusSeconds(3600);
    ArmoredFile.write(
        data.resolve(IdentityFiles.IDENTITY),
        ArmoredFile.Kind.REPLY,
        KGC.reply(request, serial, from, from.plus(Duration.ofDays(30))).encode());
    ArmoredFile.write(
        data.resolve(IdentityFiles.KGC), ArmoredFile.Kind.PARAMETERS, KGC.parameters().encode());
  }

  @Test
  void bothEndWithTheSameSignature() throws Exception {
    register("driver", Role.USER, 2);
    try (Program pile = site.pile()) {
      String address = pile.await(line -> line.startsWith("chargepile:"));
      try (Program driver =
          site.driver("charge", address, "--max-price=10000000", "--identity-policy=required")) {
        driver.await(line -> line.equals("the pile is certified as pile-1"));
        driver.await(line -> line.startsWith("paid "));
        driver.await(line -> line.startsWith("settlement certificate signed by both: import"));
        assertEquals(0, driver.exit(), driver.said());
      }
      Path drivers = folder.resolve("drivers");
      Path piles = folder.resolve("piles");
      try (Program receipts = site.look("receipts", "--certificates", drivers.toString())) {
        assertEquals(0, receipts.exit(), receipts.said());
      }
      awaitPiles(piles);
      Path file = only(drivers);
      assertEquals(Files.readString(file), Files.readString(only(piles)));
      Path kgc = site.data("driver").resolve(IdentityFiles.KGC);
      CommandRun verified = CommandRun.of("verify-certificate", "--kgc", kgc, file);
      assertEquals(0, verified.exit(), verified.err());
      SignedSettlement signed = IdentityFile.settlement(file, TestKgc.PAIRING);
      assertEquals(48, signed.signature().encode().size());
      assertEquals(
          site.standings().receipts().getFirst().imported().msat(),
          signed.terms().sold().amount().value());
    }
  }

  /** The driver's signature is on its way when the driver has it. */
  private void awaitPiles(Path folder) throws Exception {
    long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    CommandRun receipts;
    do {
      receipts =
          CommandRun.of("receipts", "--config", site.configuration(), "--certificates", folder);
    } while (receipts.exit() != 0 && System.nanoTime() < end);
    assertEquals(0, receipts.exit(), receipts.err());
  }

  private static Path only(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> all = files.toList();
      assertEquals(1, all.size());
      return all.getFirst();
    }
  }

  @Test
  void aDriverWithoutACertificateHearsWhyItGetsNoOffer() throws Exception {
    try (Program pile = site.pile()) {
      String address = pile.await(line -> line.startsWith("chargepile:"));
      try (Program driver = site.driver("charge", address, "--max-price=10000000")) {
        driver.await(
            line ->
                line.contains(
                    "the pile agrees to no terms with this driver: no certificate is shown"));
        assertEquals(1, driver.exit(), driver.said());
      }
      pile.await(line -> line.contains("is not certified: no certificate is shown"));
    }
  }

  @Test
  void anotherDevicesIdentityIsNotTaken() throws Exception {
    register("driver", Role.USER, 2);
    DurableFile.write(site.data("driver").resolve("seed"), TestKgc.seed("other").toByteArray());
    try (Program pile = site.pile()) {
      String address = pile.await(line -> line.startsWith("chargepile:"));
      try (Program driver = site.driver("charge", address, "--identity-policy=preferred")) {
        driver.await(line -> line.contains("it is another device's, or the seed was replaced"));
        assertEquals(1, driver.exit(), driver.said());
      }
      assertTrue(pile.said().isEmpty() || !pile.said().contains("ERROR"), pile.said());
    }
  }
}

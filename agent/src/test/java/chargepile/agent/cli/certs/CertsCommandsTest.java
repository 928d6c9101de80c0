package chargepile.agent.cli.certs;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.CommandRun;
import chargepile.agent.cli.node.Pem;
import chargepile.agent.cli.node.TlsFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class CertsCommandsTest {
  private static final String CLIENT_AUTHENTICATION = "1.3.6.1.5.5.7.3.2";
  private static final int SUBJECT_IS_NO_AUTHORITY = -1;

  @TempDir Path folder;
  private Path ca;

  @BeforeEach
  void chooseFolder() {
    ca = folder.resolve("ca");
  }

  private CommandRun init(Object... more) {
    return run("init", more);
  }

  private CommandRun add(Object... more) {
    return run("add", more);
  }

  private CommandRun run(String verb, Object... more) {
    Object[] arguments = new Object[3 + more.length];
    arguments[0] = "certs";
    arguments[1] = verb;
    arguments[2] = ca;
    System.arraycopy(more, 0, arguments, 3, more.length);
    return CommandRun.of(arguments);
  }

  private X509Certificate certificate(String name) throws CommandFailedException {
    return Pem.certificates(ca.resolve(name + ".pem")).getFirst();
  }

  private String mode(String file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(ca.resolve(file)));
  }

  private static void assertRefused(CommandRun run, String... reasons) {
    assertEquals(1, run.exit(), run.err());
    for (String reason : reasons) {
      assertTrue(run.err().contains(reason), run.err());
    }
    assertEquals("", run.out());
  }

  @Test
  void initMakesAnAuthorityAndTheBrokersCertificate() throws Exception {
    CommandRun made = init("--broker-host", "broker.example,10.0.0.5", "--days", "100");
    assertEquals(0, made.exit(), made.err());
    X509Certificate authority = certificate("ca");
    X509Certificate broker = certificate("broker");
    broker.verify(authority.getPublicKey());
    authority.verify(authority.getPublicKey());
    assertEquals(0, authority.getBasicConstraints());
    assertEquals(SUBJECT_IS_NO_AUTHORITY, broker.getBasicConstraints());
    assertEquals(256, ((ECPublicKey) broker.getPublicKey()).getParams().getOrder().bitLength());
    assertEquals(
        List.of("broker.example", "10.0.0.5", "localhost", "127.0.0.1", "0:0:0:0:0:0:0:1"),
        broker.getSubjectAlternativeNames().stream().map(name -> name.get(1)).toList());
    Duration left = Duration.between(Instant.now(), broker.getNotAfter().toInstant());
    assertTrue(left.toDays() >= 99 && left.toDays() <= 100, left.toString());
  }

  @Test
  void keysAreForTheOwnerAlone() throws Exception {
    init();
    add("--pile", "pile-1");
    assertAll(
        () -> assertEquals("rw-------", mode("ca.key")),
        () -> assertEquals("rw-------", mode("broker.key")),
        () -> assertEquals("rw-------", mode("pile-1.key")),
        () -> assertEquals("rw-r--r--", mode("ca.pem")),
        () -> assertEquals("rw-r--r--", mode("pile-1.pem")),
        () -> assertEquals("rwx------", mode("")));
  }

  @Test
  void initSaysWhereTheFilesGo() {
    CommandRun made = init("--broker-host", "broker.example");
    assertTrue(made.out().contains(ca + "/broker.key /etc/mosquitto/chargepile/broker.key"));
    assertTrue(made.out().contains("config/mosquitto/chargepile.conf /etc/mosquitto/conf.d/"));
    assertTrue(made.out().contains("chargepile certs add " + ca + " --pile "));
  }

  @ParameterizedTest
  @CsvSource({
    "--pile, pile-1, pile-1",
    "--driver, alice, driver.alice",
    "--client, home, client.home",
    "--kgc, kgc, kgc",
  })
  void addMakesACertificateForTheBrokersUser(String option, String name, String user)
      throws Exception {
    init("--broker-host", "broker.example");
    CommandRun made = add(option, name);
    assertEquals(0, made.exit(), made.err());
    X509Certificate client = certificate(user);
    client.verify(certificate("ca").getPublicKey());
    assertEquals(List.of(CLIENT_AUTHENTICATION), client.getExtendedKeyUsage());
    TlsFiles files =
        new TlsFiles(
            Optional.of(ca.resolve("ca.pem")),
            Optional.of(ca.resolve(user + ".pem")),
            Optional.of(ca.resolve(user + ".key")));
    assertEquals(Optional.of(user), files.user());
    assertTrue(files.context().isPresent());
    assertTrue(made.out().contains("ssl://broker.example:8883"), made.out());
  }

  @Test
  void addSaysWhichLinesOfTheConfigurationNameTheFiles() {
    init("--broker-host", "broker.example");
    String said = add("--pile", "pile-1").out();
    for (String line :
        List.of(
            "broker_url = \"ssl://broker.example:8883\"",
            "ca_file = \"/etc/chargepile/tls/ca.pem\"",
            "certificate_file = \"/etc/chargepile/tls/pile-1.pem\"",
            "key_file = \"/etc/chargepile/tls/pile-1.key\"")) {
      assertTrue(said.contains(line), said);
    }
  }

  @Test
  void nothingIsOverwritten() throws Exception {
    init();
    add("--driver", "alice");
    byte[] authority = Files.readAllBytes(ca.resolve("ca.key"));
    assertRefused(init(), "ca.key is already there");
    assertRefused(add("--driver", "alice"), "driver.alice.key is already there");
    assertRefused(add("--pile", "ca"), "ca.key is already there");
    Files.delete(ca.resolve("driver.alice.key"));
    assertRefused(add("--driver", "alice"), "driver.alice.pem is already there");
    assertTrue(Files.notExists(ca.resolve("driver.alice.key")));
    assertArrayEquals(authority, Files.readAllBytes(ca.resolve("ca.key")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a/b", "../x", "a b", "+", "#", "a.b", "pîle"})
  void namesThatATopicOrAFileGivesAMeaningAreRefused(String name) throws Exception {
    init();
    assertRefused(add("--pile", name), "--pile", "use 1 to 64 of");
    assertRefused(add("--driver", name), "--driver", "use 1 to 48 of");
    assertRefused(add("--client", name), "--client", "use 1 to 48 of");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ssl://broker:8883", "a b", "-x.example", "1.2.3", "*.example", "x..y"})
  void aHostIsANameOrAnAddress(String host) {
    assertRefused(init("--broker-host=" + host), "is no host name");
    assertTrue(Files.notExists(ca));
  }

  @Test
  void daysHaveBounds() {
    assertRefused(init("--days", "0"), "--days 0: use 1 to 36500");
    assertRefused(init("--days", "36501"), "--days 36501");
  }

  @Test
  void withoutAnAuthorityNothingIsAdded() {
    assertRefused(
        add("--pile", "pile-1"), "there is no authority in " + ca, "chargepile certs init " + ca);
  }

  @Test
  void anAuthorityThatExpiredSignsNothing() throws Exception {
    Files.createDirectory(ca);
    Instant past = Instant.parse("2020-01-01T00:00:00Z");
    Authority.create(ca, Authority.Validity.days(past, 10), new SecureRandom());
    assertRefused(
        add("--pile", "pile-1"), "expired at 2020-01-11T00:00:00Z", "chargepile certs init");
  }

  @Test
  void anAuthorityOfTheFutureIsAMatterOfTheClock() throws Exception {
    Files.createDirectory(ca);
    Instant future = Instant.now().plus(Duration.ofDays(30));
    Authority.create(ca, Authority.Validity.days(future, 10), new SecureRandom());
    assertRefused(add("--pile", "pile-1"), "is this machine's clock right?");
  }

  @Test
  void aKeyOfAnotherAuthorityIsFound() throws Exception {
    init();
    Path other = folder.resolve("other");
    assertEquals(0, CommandRun.of("certs", "init", other).exit());
    Files.delete(ca.resolve("ca.key"));
    Files.copy(other.resolve("ca.key"), ca.resolve("ca.key"));
    assertRefused(add("--pile", "pile-1"), "ca.key is not the key of");
  }

  @Test
  void nothingOutlivesTheAuthority() throws Exception {
    init("--days", "10");
    add("--pile", "pile-1", "--days", "1000");
    assertEquals(certificate("ca").getNotAfter(), certificate("pile-1").getNotAfter());
  }

  @Test
  void theBrokerGetsAnotherCertificateWhenItsOldOneWasMovedAway() throws Exception {
    init("--broker-host", "old.example");
    assertRefused(add("--broker-host", "new.example"), "broker.key is already there");
    Files.delete(ca.resolve("broker.key"));
    Files.delete(ca.resolve("broker.pem"));
    assertEquals(0, add("--broker-host", "new.example").exit());
    assertEquals(Optional.of("new.example"), Pem.commonName(certificate("broker")));
  }

  @Test
  void filesThatAreNoneAreNamed() throws Exception {
    Path junk = Files.writeString(folder.resolve("junk.pem"), "nothing");
    Path gone = folder.resolve("gone.pem");
    assertTrue(message(junk).contains(junk + " holds no PEM certificate"), message(junk));
    assertEquals(gone + " is not there", message(gone));
  }

  private static String message(Path file) {
    return String.valueOf(
        assertThrows(CommandFailedException.class, () -> Pem.certificates(file)).getMessage());
  }
}

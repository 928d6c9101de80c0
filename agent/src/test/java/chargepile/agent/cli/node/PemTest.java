package chargepile.agent.cli.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.CommandRun;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PemTest {
  private static final char[] PASSWORD = "secret".toCharArray();

  @TempDir Path folder;

  private record Pair(X509Certificate certificate, PrivateKey key) {}

  private Pair pair(String name, String... kind) throws Exception {
    Path store = folder.resolve(name);
    List<String> command =
        new ArrayList<>(
            List.of(
                System.getProperty("java.home") + "/bin/keytool",
                "-genkeypair",
                "-alias",
                "own",
                "-dname",
                "CN=own",
                "-storetype",
                "PKCS12",
                "-storepass",
                new String(PASSWORD),
                "-keystore",
                store.toString()));
    command.addAll(List.of(kind));
    Process keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(keytool.getInputStream().readAllBytes(), UTF_8);
    assertEquals(0, keytool.waitFor(), said);
    KeyStore keys = KeyStore.getInstance(store.toFile(), PASSWORD);
    // As it comes out of a file.
    Path pem = folder.resolve(name + ".key");
    Files.writeString(pem, Pem.text("PRIVATE KEY", keys.getKey("own", PASSWORD).getEncoded()));
    return new Pair((X509Certificate) keys.getCertificate("own"), Pem.privateKey(pem));
  }

  @ParameterizedTest
  @CsvSource({"EC, -groupname, secp384r1", "RSA, -keysize, 2048", "Ed25519, -validity, 9"})
  void aKeyBelongsToItsOwnCertificateOnly(String kind, String option, String value)
      throws Exception {
    Pair one = pair("one", "-keyalg", kind, option, value);
    Pair other = pair("other", "-keyalg", "EC", "-groupname", "secp256r1");
    assertTrue(Pem.isPair(one.certificate(), one.key()));
    assertFalse(Pem.isPair(one.certificate(), other.key()));
    assertFalse(Pem.isPair(other.certificate(), one.key()));
  }

  @Test
  void tlsFilesThatDoNotBelongTogetherAreRefusedByName() throws Exception {
    assertEquals(0, CommandRun.of("certs", "init", folder, "--broker-host", "localhost").exit());
    assertEquals(0, CommandRun.of("certs", "add", folder, "--pile", "one").exit());
    assertEquals(0, CommandRun.of("certs", "add", folder, "--pile", "two").exit());
    Optional<Path> certificate = Optional.of(folder.resolve("one.pem"));
    TlsFiles right =
        new TlsFiles(Optional.empty(), certificate, Optional.of(folder.resolve("one.key")));
    assertTrue(right.context().isPresent());
    TlsFiles wrong =
        new TlsFiles(Optional.empty(), certificate, Optional.of(folder.resolve("two.key")));
    CommandFailedException refused = assertThrows(CommandFailedException.class, wrong::context);
    assertTrue(
        String.valueOf(refused.getMessage()).contains("two.key is not the key of"),
        refused.getMessage());
  }
}

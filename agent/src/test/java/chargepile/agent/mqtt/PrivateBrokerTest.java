package chargepile.agent.mqtt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PrivateBrokerTest {
  /** A broker of the test's own; aborts the test where there is no mosquitto. */
  static PrivateBroker start() {
    Optional<PrivateBroker> broker = PrivateBroker.start(Optional.empty());
    return broker.orElseGet(
        () -> Assumptions.abort("skipped: no mosquitto on the PATH or in chargepile.peers"));
  }

  private static boolean accepts(URI url) {
    try (Socket socket = new Socket(url.getHost(), url.getPort())) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void itAcceptsConnectionsUntilItIsClosed() {
    PrivateBroker broker = start();
    URI url = broker.url();
    assertEquals("127.0.0.1", url.getHost());
    assertTrue(accepts(url));
    broker.close();
    assertFalse(accepts(url));
  }

  @Test
  void twoDoNotMeet() {
    try (PrivateBroker one = start();
        PrivateBroker other = start()) {
      assertFalse(one.url().equals(other.url()));
    }
  }

  @Test
  void aProgramThatDoesNotStartIsNoBroker(@TempDir Path directory) throws IOException {
    Path broken = directory.resolve("mosquitto");
    Files.writeString(broken, "#!/bin/sh\necho Error: out of order\nexit 1\n");
    assertTrue(broken.toFile().setExecutable(true));
    assertEquals(Optional.empty(), PrivateBroker.start(Optional.of(broken)));
    IOException e = assertThrows(IOException.class, () -> PrivateBroker.start(broken, 1));
    assertTrue(String.valueOf(e.getMessage()).contains("out of order"));
  }

  @Test
  void aGivenProgramComesFirst(@TempDir Path directory) throws IOException {
    Path given = Files.createFile(directory.resolve("mosquitto"));
    assertFalse(PrivateBroker.find(Optional.of(given)).equals(Optional.of(given)));
    assertTrue(given.toFile().setExecutable(true));
    assertEquals(Optional.of(given), PrivateBroker.find(Optional.of(given)));
  }
}

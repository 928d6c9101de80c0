package chargepile.agent.chain.bitcoind;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.chain.ChainException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class PrivateNodeTest {
  @Test
  void itIsANodeOfItsOwnThatLeavesNothingBehind() throws Exception {
    Path folder;
    Endpoint endpoint;
    try (PrivateNode node = PrivateNode.start(RegtestNode.program(), List.of())) {
      folder = node.folder();
      endpoint = node.endpoint();
      assertEquals("127.0.0.1", endpoint.url().getHost());
      assertTrue(node.version().startsWith("Satoshi:"), node::version);
      node.mine(3);
      assertEquals(3, node.rpc().ask("getblockcount").whole());
      assertEquals(0, node.rpc().ask("getconnectioncount").whole());
    }
    assertFalse(Files.exists(folder));
    try (BitcoindRpc rpc = new BitcoindRpc(endpoint)) {
      assertThrows(ChainException.class, () -> rpc.ask("getblockcount"));
    }
  }

  @Test
  void anInterruptedThreadStopsItAllTheSame() throws Exception {
    PrivateNode node = PrivateNode.start(RegtestNode.program(), List.of());
    Thread.currentThread().interrupt();
    node.close();
    assertTrue(Thread.interrupted(), "the interruption is passed on");
    assertFalse(Files.exists(node.folder()));
  }

  @Test
  void aProgramThatEndsAtOnceIsQuoted(@TempDir Path directory) throws IOException {
    Path broken = Files.writeString(directory.resolve("bitcoind"), "#!/bin/sh\necho no disk\n");
    assertTrue(broken.toFile().setExecutable(true));
    IOException e =
        assertThrows(IOException.class, () -> PrivateNode.start(broken, List.of()).close());
    assertEquals(broken + " does not start: no disk", e.getMessage());
  }
}

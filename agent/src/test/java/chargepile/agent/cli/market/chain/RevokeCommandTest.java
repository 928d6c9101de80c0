package chargepile.agent.cli.market.chain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.cli.CommandRun;
import chargepile.agent.evm.Anvil;
import chargepile.agent.evm.BlockRef;
import chargepile.agent.evm.EvmRpc;
import chargepile.agent.evm.market.RegistryContract;
import chargepile.agent.identity.PartyId;
import chargepile.agent.units.EvmAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a centre revokes offline reaches the registry by anybody's hand (P1-10). */
class RevokeCommandTest {
  private static Anvil anvil;
  private static EvmRpc node;
  private static ChainBench bench;
  private static RegistryContract registry;
  private static EvmAddress token;

  @TempDir private static Path folder;

  @BeforeAll
  static void deploy() throws IOException, InterruptedException {
    anvil = Anvil.mining("--slots-in-an-epoch", "1");
    node = anvil.rpc();
    bench = new ChainBench(folder, anvil);
    CommandRun market = bench.deploy("m");
    registry = new RegistryContract(node, ChainBench.address(market.out(), "registry"));
    token = ChainBench.address(market.out(), "token");
  }

  @AfterAll
  static void stop() {
    if (node != null) {
      node.close();
      anvil.close();
    }
  }

  private static List<Object> registered(String name) throws IOException {
    bench.certify(name, bench.wallet(name), registry.address());
    bench.fund(name, token, 1);
    List<Object> wallet = List.of("--data", folder.resolve(name));
    CommandRun run = bench.market("register", wallet);
    assertEquals(0, run.exit(), run.err());
    return wallet;
  }

  private static CommandRun export(Path to) {
    return bench.done(
        "kgc",
        "export",
        folder.resolve("kgc"),
        "--to",
        to,
        "--passphrase-file",
        folder.resolve("kgc.passphrase"));
  }

  private static boolean isActive(String name) {
    return registry.isActive(RegistryContract.id(new PartyId(name)), BlockRef.LATEST);
  }

  private static CommandRun bring(Path file) {
    return CommandRun.of(
        "market",
        "revoke",
        file,
        "--rpc",
        bench.url(),
        "--finality",
        "1",
        "--key-file",
        folder.resolve("coins.key"),
        "--transactions",
        folder.resolve("m/transactions"));
  }

  @Test
  void aRevokedPartyTakesOnNothingNewOnceAnybodyHasBroughtIt() throws IOException {
    List<Object> wallet = registered("thief");
    registered("honest");
    bench.done("kgc", "revoke", folder.resolve("kgc"), "thief", "--reason", "stolen");
    Path to = folder.resolve("public");
    CommandRun exported = export(to);
    assertTrue(exported.out().contains("1 revocations for registry contracts"), exported.out());
    Path file = to.resolve("registry-revocations.json");
    assertTrue(isActive("thief"));

    CommandRun brought = bring(file);
    assertEquals(0, brought.exit(), brought.err());
    assertTrue(brought.out().contains("thief: version 1 of its keys is revoked"), brought.out());
    assertFalse(isActive("thief"));
    assertTrue(isActive("honest"));
    CommandRun status = bench.market("status", wallet);
    assertTrue(status.out().contains("its key is revoked"), status.out());
    CommandRun again = bring(file);
    assertTrue(again.out().contains("version 1 is revoked there already"), again.out());
  }

  @Test
  void aCertificateThatALaterOneReplacedIsNoRevocationThere() throws IOException {
    registered("renewed");
    bench.certify("renewed", bench.wallet("renewed"), registry.address(), "--reissue", serial());
    Path to = folder.resolve("renewed-public");
    CommandRun exported = export(to);
    Path file = to.resolve("registry-revocations.json");
    assertFalse(Files.exists(file) && Files.readString(file).contains("renewed"), exported.out());
    assertTrue(isActive("renewed"));
  }

  @Test
  void whatIsNoRevocationOfThisCentreIsRefusedBeforeAnythingIsSent() throws IOException {
    Path none = Files.writeString(folder.resolve("none.json"), "{\"revocations\":[]}");
    assertTrue(bring(none).err().contains("has no revocation"));
    Path text = Files.writeString(folder.resolve("text.json"), "revoked: all");
    assertTrue(bring(text).err().contains("is not a list of revocations"));
    Path forged =
        Files.writeString(
            folder.resolve("forged.json"),
            """
            {"revocations":[{"party":"honest","key_version":1,"chain_id":31337,\
            "registry":"%s","signature":"0x%s1b"}]}
            """
                .formatted(registry.address(), "11".repeat(64)));
    CommandRun run = bring(forged);
    assertEquals(1, run.exit());
    assertTrue(run.err().contains("and the registry knows the centre"), run.err());
    assertEquals(1, bring(folder.resolve("missing.json")).exit());
  }

  /** Of the last certificate. */
  private static String serial() {
    CommandRun list = bench.done("kgc", "list", folder.resolve("kgc"), "--json");
    int at = list.out().lastIndexOf("\"id\":\"renewed\"");
    String before = list.out().substring(0, at);
    return before.substring(before.lastIndexOf("\"serial\":") + 9).replaceAll("[^0-9].*", "");
  }
}

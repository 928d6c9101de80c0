package chargepile.agent.cli.market.chain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.cli.CommandRun;
import chargepile.agent.evm.Anvil;
import chargepile.agent.evm.BlockRef;
import chargepile.agent.evm.EvmRpc;
import chargepile.agent.evm.TokenContract;
import chargepile.agent.evm.market.RegisteredParty;
import chargepile.agent.evm.market.RegistryContract;
import chargepile.agent.identity.PartyId;
import chargepile.agent.identity.Role;
import chargepile.agent.units.Amount;
import chargepile.agent.units.EvmAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Parties come into the real registry with the certificates of a real centre, lock their bonds and
 * leave (P1-10 to P1-12).
 */
class RegisterCommandTest {
  private static Anvil anvil;
  private static EvmRpc node;
  private static ChainBench bench;
  private static RegistryContract registry;
  private static TokenContract token;

  @TempDir private static Path folder;

  @BeforeAll
  static void deploy() throws IOException, InterruptedException {
    anvil = Anvil.mining("--slots-in-an-epoch", "1");
    node = anvil.rpc();
    bench = new ChainBench(folder, anvil);
    CommandRun market = bench.deploy("m");
    registry = new RegistryContract(node, ChainBench.address(market.out(), "registry"));
    token = new TokenContract(node, ChainBench.address(market.out(), "token"));
  }

  @AfterAll
  static void stop() {
    if (node != null) {
      node.close();
      anvil.close();
    }
  }

  @ParameterizedTest
  @CsvSource({"driver, USER", "hub, HUB", "agency, AGENCY", "company, COMPANY"})
  void everyRoleIsRegisteredByItsCertificate(String name, Role role) throws Exception {
    List<Object> device = bench.wallet("a-" + name, "--role", name);
    bench.certify("a-" + name, device, registry.address());
    List<Object> wallet = List.of("--data", folder.resolve("a-" + name));
    EvmAddress account = bench.fund("a-" + name, token.address(), 1);
    CommandRun run = bench.market("register", wallet);
    assertEquals(0, run.exit(), run.err());
    RegisteredParty party = party("a-" + name).orElseThrow();
    assertEquals(role, party.role());
    assertEquals(account, party.account());
    assertTrue(registry.isActive(party.id(), BlockRef.LATEST));
    CommandRun again = bench.market("register", wallet);
    assertTrue(again.out().contains("was registered already"), again.out());
  }

  @Test
  void aPileLocksItsBondAndTopsItUpWhenItHasMorePower() throws Exception {
    List<Object> pile = bench.pile("pile-1", 22_000, "m");
    bench.certify("pile-1", pile, registry.address());
    EvmAddress account = bench.fund("pile-1", token.address(), 100_000);
    CommandRun run = bench.market("register", pile);
    assertEquals(0, run.exit(), run.err());
    assertTrue(run.out().contains("26 400 of the token were locked"), run.out());
    assertEquals(new Amount(73_600), token.balance(account, BlockRef.LATEST));

    bench.pile("pile-1", 60_000, "m");
    bench.certify("pile-1", pile, registry.address(), "--reissue", serial("pile-1"));
    CommandRun more = bench.market("register", pile);
    assertEquals(0, more.exit(), more.err());
    assertTrue(more.out().contains("45 600 of the token were locked"), more.out());
    RegisteredParty party = party("pile-1").orElseThrow();
    assertEquals(new Amount(72_000), party.bond());
    assertEquals(2, party.keyVersion());
    assertEquals(60_000, party.ratedPowerWatts());
  }

  @Test
  void whoLeavesGetsItsBondAfterTheLongestDispute() throws Exception {
    List<Object> pile = bench.pile("pile-2", 7000, "m");
    bench.certify("pile-2", pile, registry.address());
    EvmAddress account = bench.fund("pile-2", token.address(), 8400);
    assertEquals(0, bench.market("register", pile).exit());
    assertEquals(new Amount(0), token.balance(account, BlockRef.LATEST));

    CommandRun leaving = bench.market("leave", pile);
    assertEquals(0, leaving.exit(), leaving.err());
    assertTrue(leaving.out().contains("its bond of 8 400 is free at"), leaving.out());
    CommandRun early = bench.market("leave", pile);
    assertTrue(early.out().contains("has left before"), early.out());
    CommandRun back = bench.market("register", pile);
    assertTrue(back.err().contains("has left; its bond is free at"), back.err());

    String before = anvil.snapshot();
    anvil.passTime(Duration.ofDays(12));
    anvil.mine(1);
    CommandRun gone = bench.market("leave", pile);
    assertEquals(0, gone.exit(), gone.err());
    assertTrue(gone.out().contains("its bond of 8 400 was paid to " + account), gone.out());
    assertEquals(new Amount(8400), token.balance(account, BlockRef.LATEST));
    assertEquals(Optional.empty(), party("pile-2"));
    anvil.revert(before);
  }

  @Test
  void aCompanyRegistersItsPileAndOwnsTheBond() throws Exception {
    List<Object> company = bench.wallet("volt-co", "--role", "company");
    bench.certify("volt-co", company, registry.address());
    EvmAddress owner = bench.fund("volt-co", token.address(), 50_000);
    List<Object> wallet = List.of("--data", folder.resolve("volt-co"));
    assertEquals(0, bench.market("register", wallet).exit());

    List<Object> pile = bench.pile("pile-3", 7000, "m");
    bench.certify("pile-3", pile, registry.address(), "--company", "volt-co");
    CommandRun run =
        bench.market(
            "register",
            wallet,
            "--pile-reply",
            folder.resolve("pile-3.reply"),
            "--pile-request",
            folder.resolve("pile-3.request"));
    assertEquals(0, run.exit(), run.err());
    RegisteredParty party = party("pile-3").orElseThrow();
    assertEquals(owner, party.owner());
    assertEquals(Optional.of(RegistryContract.id(new PartyId("volt-co"))), party.company());
    assertEquals(new Amount(41_600), token.balance(owner, BlockRef.LATEST));
    CommandRun left = bench.market("leave", wallet, "--pile", "pile-3");
    assertTrue(left.out().contains("pile-3 has left"), left.out() + left.err());
  }

  @Test
  void aPileWithoutTheMoneyIsToldWhatItsBondTakes() throws Exception {
    List<Object> pile = bench.pile("pile-4", 60_000, "m");
    bench.certify("pile-4", pile, registry.address());
    bench.fund("pile-4", token.address(), 1000);
    CommandRun run = bench.market("register", pile);
    assertEquals(1, run.exit());
    assertTrue(run.err().contains("the bond of pile-4 takes 72 000 of the token"), run.err());
    assertEquals(Optional.empty(), party("pile-4"));
  }

  @Test
  void aCertificateOfAnotherCentreIsRefusedBeforeAnythingIsSent() throws Exception {
    Path elsewhere = Files.createDirectories(folder.resolve("elsewhere"));
    ChainBench other = new ChainBench(elsewhere, anvil);
    other.certify("mallory", other.wallet("mallory"), registry.address());
    other.fund("mallory", token.address(), 1);
    CommandRun run = other.market("register", List.of("--data", elsewhere.resolve("mallory")));
    assertEquals(1, run.exit());
    assertTrue(run.err().contains("it is another centre's"), run.err());
  }

  @Test
  void theStatusSaysWhatThePartyMayDo() throws Exception {
    List<Object> device = bench.wallet("bob");
    bench.certify("bob", device, registry.address());
    List<Object> wallet = List.of("--data", folder.resolve("bob"));
    bench.fund("bob", token.address(), 77);
    CommandRun before = bench.market("status", wallet);
    assertTrue(before.out().contains("it is not registered"), before.out() + before.err());
    assertEquals(0, bench.market("register", wallet).exit());
    CommandRun after = bench.market("status", wallet);
    assertTrue(after.out().contains("it may trade"), after.out());
    CommandRun json = bench.market("status", wallet, "--json");
    assertTrue(json.out().contains("\"standing\":\"active\""), json.out());
    assertTrue(json.out().contains("\"tokens_base_units\":77"), json.out());
    CommandRun other = bench.market("status", wallet, "--party", "nobody");
    assertTrue(other.out().contains("it is not registered"), other.out());
  }

  @Test
  void withoutAnAccountThereIsNothingToRegister() throws Exception {
    Path plain = folder.resolve("plain");
    CommandRun run = bench.market("register", List.of("--data", plain));
    assertEquals(1, run.exit());
    assertTrue(run.err().contains("identity.pem is not there"), run.err());
  }

  private static Optional<RegisteredParty> party(String name) {
    return registry.party(RegistryContract.id(new PartyId(name)), BlockRef.LATEST);
  }

  /** Of the last certificate of a party. */
  private static String serial(String name) {
    CommandRun list = bench.done("kgc", "list", folder.resolve("kgc"), "--json");
    int at = list.out().lastIndexOf("\"id\":\"" + name + "\"");
    String before = list.out().substring(0, at);
    return before.substring(before.lastIndexOf("\"serial\":") + 9).replaceAll("[^0-9].*", "");
  }
}

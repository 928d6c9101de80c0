package chargepile.agent.cli.market.account;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.cli.CommandRun;
import chargepile.agent.crypto.Keccak256;
import chargepile.agent.crypto.Signer;
import chargepile.agent.evm.Anvil;
import chargepile.agent.evm.BlockRef;
import chargepile.agent.evm.ContractArtifact;
import chargepile.agent.evm.EvmKey;
import chargepile.agent.evm.EvmRpc;
import chargepile.agent.evm.LyingNode;
import chargepile.agent.evm.TokenContract;
import chargepile.agent.evm.Wei;
import chargepile.agent.json.JsonValue;
import chargepile.agent.units.Amount;
import chargepile.agent.units.EvmAddress;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.PrivateKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Money comes into energy accounts and out of them, on a real chain (P2-14). */
class AccountCommandTest {
  private static final ByteVector SAYS_6 = ByteVector.fromHex("60065f5260205ff3");
  private static final EvmAddress DECIMALS = EvmAddress.of("0x" + "0".repeat(38) + "ee");

  /** In gwei: more than all of a test takes. */
  private static final long COINS = 10_000_000_000L;

  private static Anvil anvil;
  private static EvmRpc node;

  /** Any token will do for what is deposited; this one has six decimals. */
  private static TokenContract underlying;

  private static TokenContract token;

  @TempDir private static Path folder;

  /** Somebody with a file for a key. */
  private record Holder(String name, EvmAddress account) {
    static Holder of(String name, long underlyingTokens, long gwei) throws IOException {
      PrivateKey secret = new PrivateKey(Keccak256.hash("holder " + name));
      Files.writeString(folder.resolve(name + ".key"), secret.toHex() + "\n");
      EvmAddress account = new EvmKey(secret, Signer.best()).address();
      anvil.give(underlying.address(), account, new Amount(underlyingTokens));
      anvil.setBalance(account, Wei.ofGwei(gwei));
      return new Holder(name, account);
    }

    CommandRun run(Object... command) {
      List<Object> all = new ArrayList<>(List.of("market", "account"));
      all.addAll(List.of(command));
      all.addAll(List.of("--key-file", folder.resolve(name + ".key")));
      all.addAll(List.of("--transactions", folder.resolve(name + "-transactions")));
      all.addAll(List.of("--rpc", url(), "--chain", Anvil.CHAIN_ID));
      if (!all.contains("--token")) {
        all.addAll(List.of("--token", token.address()));
      }
      all.addAll(List.of("--finality", "1000"));
      return CommandRun.of(all.toArray());
    }

    String done(Object... command) {
      CommandRun run = run(command);
      assertEquals(0, run.exit(), run.err());
      return run.out();
    }

    String refused(Object... command) {
      CommandRun run = run(command);
      assertEquals(1, run.exit(), run.out());
      assertFalse(run.err().contains("\tat "), run.err());
      return run.err();
    }

    Amount balance() {
      return token.balance(account, BlockRef.LATEST);
    }

    Amount outside() {
      return underlying.balance(account, BlockRef.LATEST);
    }
  }

  @BeforeAll
  static void open() throws IOException, InterruptedException {
    anvil = Anvil.mining();
    node = anvil.rpc();
    anvil.setCode(DECIMALS, SAYS_6);
    underlying = new TokenContract(node, energyToken(DECIMALS));
    token = new TokenContract(node, energyToken(underlying.address()));
  }

  @AfterAll
  static void close() {
    if (node != null) {
      node.close();
      anvil.close();
    }
  }

  private static EvmAddress energyToken(EvmAddress of) {
    return anvil.create(
        Anvil.key(0), ContractArtifact.load("EnergyAccountToken").creation("token", of));
  }

  private static String url() {
    return anvil.endpoint().url().toString();
  }

  @Test
  void moneyGoesInAndComesOutOneForOne() throws IOException {
    Holder holder = Holder.of("in-and-out", 10_000_000, COINS);
    String deposited = holder.done("deposit", "2.5CPEA");
    assertTrue(deposited.startsWith("2.5 CPEA (2 500 000 base units) deposited for"), deposited);
    assertEquals(new Amount(2_500_000), holder.balance());
    assertEquals(new Amount(7_500_000), holder.outside());
    assertEquals(
        Amount.ZERO, underlying.allowance(holder.account(), token.address(), BlockRef.LATEST));
    String withdrawn = holder.done("withdraw", "1000000");
    assertTrue(withdrawn.contains("the energy account has 1.5 CPEA (1 500 000"), withdrawn);
    assertEquals(new Amount(8_500_000), holder.outside());
    String rest = holder.done("withdraw", "all", "--to", Anvil.key(1).address());
    assertTrue(rest.contains("1.5 CPEA (1 500 000 base units) of the token"), rest);
    assertEquals(Amount.ZERO, holder.balance());
    assertEquals(
        new Amount(1_500_000), underlying.balance(Anvil.key(1).address(), BlockRef.LATEST));
  }

  @Test
  void whatIsThereIsShownForPeopleAndMachines() throws IOException {
    Holder holder = Holder.of("shown", 3_000_000, COINS);
    holder.done("deposit", "1000000");
    String shown = holder.done();
    assertTrue(shown.contains("balance     1 CPEA (1 000 000 base units) of the token"), shown);
    assertTrue(shown.contains("to deposit  2 CPEA (2 000 000 base units) of the token"), shown);
    String json = holder.done("--json");
    assertTrue(json.contains("\"balance_base_units\":1000000,"), json);
    assertTrue(json.contains("\"underlying_base_units\":2000000,"), json);
    assertTrue(json.contains("\"decimals\":6,"), json);
    String other = holder.done("--of", Anvil.key(3).address(), "--json");
    assertTrue(other.contains("\"balance_base_units\":0,"), other);
  }

  @Test
  void anotherAccountIsFilled() throws IOException {
    Holder holder = Holder.of("giver", 1_000_000, COINS);
    EvmAddress pile = Anvil.key(2).address();
    holder.done("deposit", "400000", "--for", pile);
    assertEquals(new Amount(400_000), token.balance(pile, BlockRef.LATEST));
    assertEquals(Amount.ZERO, holder.balance());
  }

  @Test
  void theSameAgainBeforeItIsFinalIsTheSameDeposit() throws IOException {
    Holder holder = Holder.of("again", 1_000_000, COINS);
    holder.done("deposit", "300000");
    String again = holder.done("deposit", "300000");
    assertTrue(again.contains("was begun before"), again);
    assertEquals(new Amount(300_000), holder.balance());
  }

  @Test
  void aDryRunSaysWhatItTakesAndSendsNothing() throws IOException {
    Holder holder = Holder.of("dry", 1_000_000, COINS);
    String deposit = holder.done("deposit", "300000", "--dry-run");
    assertTrue(deposit.contains("in 2 transactions: at most"), deposit);
    assertTrue(deposit.contains("Nothing was sent"), deposit);
    assertEquals(0, node.nonce(holder.account(), BlockRef.LATEST));
    holder.done("deposit", "300000");
    String withdrawal = holder.done("withdraw", "all", "--dry-run");
    assertTrue(withdrawal.startsWith("would withdraw 0.3 CPEA (300 000 base units)"), withdrawal);
    assertEquals(new Amount(300_000), holder.balance());
  }

  @Test
  void anAllowanceThatIsTooSmallIsReplaced() throws IOException {
    Holder holder = Holder.of("allowed", 1_000_000, COINS);
    PrivateKey secret = new PrivateKey(Keccak256.hash("holder allowed"));
    anvil.carryOut(
        new EvmKey(secret, Signer.best()),
        underlying.approve("some", token.address(), new Amount(7)));
    assertTrue(holder.done("deposit", "300000", "--dry-run").contains("in 3 transactions"));
    holder.done("deposit", "300000");
    assertEquals(new Amount(300_000), holder.balance());
  }

  @Test
  void whatIsNotThereIsSaidBeforeAnythingIsSent() throws IOException {
    Holder poor = Holder.of("poor", 5, COINS);
    String deposit = poor.refused("deposit", "6");
    assertTrue(deposit.contains("has 0.000005 CPEA (5 base units)"), deposit);
    String withdrawal = poor.refused("withdraw", "1");
    assertTrue(withdrawal.contains("has 0 CPEA (0 base units) and"), withdrawal);
    assertTrue(poor.refused("withdraw", "all").contains("is empty"));
    assertEquals(0, node.nonce(poor.account(), BlockRef.LATEST));
    Holder coinless = Holder.of("coinless", 5, 0);
    String coins = coinless.refused("deposit", "5");
    assertTrue(coins.contains("send some there first"), coins);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "2.5", "2.5DOGE", "0.0000001CPEA", "much", "-1", "1e6"})
  void anAmountIsReadStrictly(String amount) throws IOException {
    Holder holder = Holder.of("strict", 5_000_000, COINS);
    CommandRun run = holder.run("deposit", amount);
    assertTrue(run.exit() != 0, run.out());
    assertEquals(0, node.nonce(holder.account(), BlockRef.LATEST));
  }

  @Test
  void anAddressWithoutATokenIsRefused() throws IOException {
    Holder holder = Holder.of("plain", 5, COINS);
    String none = holder.refused("--token", Anvil.key(4).address());
    assertTrue(none.contains("there is no contract at"), none);
    String other = holder.refused("--token", DECIMALS);
    assertTrue(other.contains("is there a EnergyAccountToken at " + DECIMALS), other);
  }

  @Test
  void aNodeThatIsAwayIsMissedByNobodyWhereThereAreTwo() throws IOException {
    Holder holder = Holder.of("two", 1_000_000, COINS);
    String away = "http://127.0.0.1:1";
    holder.done("deposit", "300000", "--rpc", away);
    assertEquals(new Amount(300_000), holder.balance());
    String both =
        holder.done("deposit", "200000", "--rpc", url().replace("127.0.0.1", "localhost"));
    assertTrue(both.contains("its balance is 0.5 CPEA"), both);
    assertTrue(holder.refused("--rpc", url()).contains("a second node has to be another"));
    String three = holder.refused("--rpc", away, "--rpc", "http://127.0.0.1:2");
    assertTrue(three.contains("--rpc is given 3 times"), three);
  }

  @Test
  void aNodeOfAnotherChainIsRefusedThoughTheOtherServesTheRight() throws IOException {
    Holder holder = Holder.of("wrong", 1_000_000, COINS);
    try (LyingNode other = new LyingNode(anvil)) {
      other.tell(
          (method, _, result) ->
              method.equals("eth_chainId") ? new JsonValue.Text("0x1092") : result);
      String wrong = holder.refused("--rpc", other.url());
      assertTrue(wrong.contains("serves the chain 4242 and not 31337"), wrong);
    }
  }

  @Test
  void nothingIsSentUponWhatTwoNodesContradictEachOtherOver() throws IOException {
    Holder holder = Holder.of("contradicted", 1_000_000, COINS);
    try (LyingNode liar = new LyingNode(anvil)) {
      liar.tell(
          (method, _, result) ->
              method.equals("eth_call") ? new JsonValue.Text("0x" + "0".repeat(64)) : result);
      String said = holder.refused("deposit", "300000", "--rpc", liar.url());
      assertTrue(said.contains(anvil.endpoint().url().getAuthority()), said);
      assertEquals(0, node.nonce(holder.account(), BlockRef.LATEST));
    }
  }
}

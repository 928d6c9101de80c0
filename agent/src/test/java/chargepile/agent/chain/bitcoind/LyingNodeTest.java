package chargepile.agent.chain.bitcoind;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.chain.ChainException;
import chargepile.agent.chain.FeerateBounds;
import chargepile.agent.chain.Network;
import chargepile.agent.chain.Purse;
import chargepile.agent.chain.json.Json;
import chargepile.agent.channel.ChainView;
import chargepile.agent.units.BlockHeight;
import chargepile.agent.units.Satoshi;
import fr.acinq.bitcoin.Block;
import fr.acinq.bitcoin.OutPoint;
import fr.acinq.bitcoin.Transaction;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A node whose answers have the right form up to one place: no wrong view comes of it. */
class LyingNodeTest {
  private static final long COIN = 1_000_000;
  private static final int LIES = 120;

  private static RegtestNode node;

  private final Purse alice = Purse.named("alice");
  private LyingNode liar;
  private OutPoint spent;
  private OutPoint waiting;
  private OutPoint kept;

  @BeforeAll
  static void startNode() {
    node = RegtestNode.start();
  }

  @AfterAll
  static void stopNode() {
    if (node != null) {
      node.close();
    }
  }

  @BeforeEach
  void fill() throws IOException {
    liar = new LyingNode(node);
    spent = node.fund(alice.script(), new Satoshi(COIN));
    waiting = node.fund(alice.script(), new Satoshi(COIN));
    kept = node.fund(alice.script(), new Satoshi(COIN));
    try (BitcoindChain chain = open()) {
      chain.broadcast(alice.spend(spent, COIN, alice.output(COIN - 1000)));
      node.mine(1);
      chain.broadcast(alice.spend(waiting, COIN, alice.output(COIN - 1000)));
    }
  }

  @AfterEach
  void close() {
    liar.close();
    node.mine(1);
  }

  private BitcoindChain open() {
    return new BitcoindChain(
        liar.endpoint(), Network.REGTEST, FeerateBounds.DEFAULT, Optional.empty());
  }

  private ChainView view(BitcoindChain chain) {
    return chain.view(Set.of(spent, waiting, kept), Set.of(spent.txid));
  }

  private String complaint() {
    try (BitcoindChain chain = open()) {
      return String.valueOf(assertThrows(ChainException.class, () -> view(chain)).getMessage());
    }
  }

  @Test
  void aTransactionThatIsNotTheOneAskedFor() {
    Transaction other = alice.spend(kept, COIN, alice.output(COIN - 2000));
    liar.tell(
        (method, result) ->
            method.equals("getrawtransaction") ? new Json.Text(hex(other)) : result);

    assertTrue(complaint().contains("gives transaction " + other.txid + " when asked for"));
  }

  private static String hex(Transaction transaction) {
    return HexFormat.of().formatHex(Transaction.write(transaction));
  }

  @Test
  void aBlockThatLacksATransaction() {
    liar.tell((method, result) -> method.equals("getblock") ? new Json.Text(cut(result)) : result);

    assertTrue(complaint().contains("gives another block than"));
  }

  private static String cut(Json block) {
    Block whole = Block.read(block.text());
    Block cut = new Block(whole.header, whole.tx.subList(0, 1));
    return HexFormat.of()
        .formatHex(Block.write(whole.tx.size() > 1 ? cut : new Block(whole.header, List.of())));
  }

  @Test
  void aChainThatBeginsElsewhere() {
    liar.tell(
        (method, result) ->
            method.equals("getblockhash") ? new Json.Text("00".repeat(32)) : result);

    assertTrue(complaint().contains("has a chain of another network, which begins with 0000"));
  }

  @Test
  void aNodeThatHasHeadersAndNotTheirBlocks() {
    liar.tell(
        (method, result) -> changed(result, "headers", new Json.Decimal(new BigDecimal(9000))));

    assertTrue(
        complaint().contains("is still syncing (block " + node.height() + " of 9000 known)"));
  }

  private static Json changed(Json result, String field, Json value) {
    if (result instanceof Json.Fields(Map<String, Json> fields) && fields.containsKey(field)) {
      Map<String, Json> changed = new LinkedHashMap<>(fields);
      changed.put(field, value);
      return new Json.Fields(changed);
    }
    return result;
  }

  @Test
  void aTroubleThatOnlyAViewMeetsEndsWithACall() throws Exception {
    Semaphore changes = new Semaphore(0);
    try (BitcoindChain chain = open();
        AutoCloseable listening = chain.onChange(changes::release)) {
      ChainView before = view(chain);
      liar.tell((method, result) -> method.equals("gettxout") ? new Json.Truth(true) : result);
      assertThrows(ChainException.class, () -> view(chain));
      assertTrue(changes.tryAcquire(30, TimeUnit.SECONDS), "nobody was told to try again");
      assertThrows(ChainException.class, () -> view(chain));
      liar.tell(LyingNode.Lie.NONE);
      assertTrue(changes.tryAcquire(30, TimeUnit.SECONDS), "nobody was told to try again");
      assertEquals(before, view(chain));
    }
  }

  @Test
  void nonsenseInAnyOnePlaceIsSaidAndEndsNothing() {
    Random random = new Random(3);
    int refused = 0;
    for (int i = 0; i < LIES; i++) {
      AtomicInteger left = new AtomicInteger(random.nextInt(40));
      long seed = random.nextLong();
      liar.tell(
          (method, result) ->
              left.getAndDecrement() == 0 ? garbled(result, new Random(seed)) : result);
      try (BitcoindChain chain = open()) {
        chain.expect(Set.of(new OutPoint(kept.txid, 9)), Set.of());
        view(chain);
      } catch (ChainException e) {
        assertTrue(String.valueOf(e.getMessage()).contains("node"), e::toString);
        refused++;
      }
    }
    assertTrue(refused > LIES / 4, refused + " of the lies were seen");
    liar.tell(LyingNode.Lie.NONE);
    try (BitcoindChain chain = open()) {
      assertEquals(new BlockHeight(node.height()), view(chain).tip());
    }
  }

  /** With one value, somewhere in it, of another type, beyond all bounds or of another length. */
  private static Json garbled(Json json, Random random) {
    if (random.nextInt(3) > 0) {
      switch (json) {
        case Json.Array(List<Json> values) when !values.isEmpty() -> {
          List<Json> changed = new ArrayList<>(values);
          int at = random.nextInt(values.size());
          changed.set(at, garbled(values.get(at), random));
          return new Json.Array(changed);
        }
        case Json.Fields(Map<String, Json> fields) when !fields.isEmpty() -> {
          Map<String, Json> changed = new LinkedHashMap<>(fields);
          String at = List.copyOf(fields.keySet()).get(random.nextInt(fields.size()));
          changed.computeIfPresent(at, (name, value) -> garbled(value, random));
          return new Json.Fields(changed);
        }
        case Json.Text(String text) when text.length() > 2 -> {
          int at = random.nextInt(text.length());
          return new Json.Text(
              text.substring(0, at)
                  + List.of("", "0", "ffff", "zz").get(random.nextInt(4))
                  + text.substring(at + 1));
        }
        case Json.Array array -> {}
        case Json.Fields fields -> {}
        case Json.Text text -> {}
        case Json.Decimal number -> {}
        case Json.Truth truth -> {}
        case Json.Nothing nothing -> {}
      }
    }
    return List.of(
            new Json.Nothing(),
            new Json.Truth(true),
            new Json.Text(""),
            new Json.Text("\u0000\uffff"),
            new Json.Decimal(new BigDecimal("-1")),
            new Json.Decimal(new BigDecimal("0.5")),
            new Json.Decimal(new BigDecimal("1e400")),
            new Json.Decimal(new BigDecimal("2147483647")),
            new Json.Decimal(new BigDecimal("9223372036854775807")),
            new Json.Array(List.of()),
            new Json.Fields(Map.of()))
        .get(random.nextInt(11));
  }
}

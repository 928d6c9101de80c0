package chargepile.agent.evm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.json.JsonValue;
import chargepile.agent.units.Amount;
import chargepile.agent.voucher.OnLedger;
import chargepile.agent.voucher.Party;
import chargepile.agent.voucher.VoucherEvent.Registration;
import chargepile.agent.voucher.VoucherSetup;
import fr.acinq.bitcoin.ByteVector32;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is long ago is found by few questions, whatever a node refuses or invents. */
class ChannelHistoryTest {
  private static final EvmKey A = Anvil.key(0);
  private static final EvmKey B = Anvil.key(1);
  private static final int MOST_QUESTIONS = 50;
  private static final ByteVector32 PREIMAGE = new ByteVector32("5e".repeat(32));

  private final List<JsonValue> searches = new ArrayList<>();
  private Anvil anvil;
  private LyingNode server;
  private EvmRpc node;
  private VoucherChannelContract contract;
  private VoucherSetup channel;

  @BeforeEach
  void open() throws IOException, InterruptedException {
    anvil = Anvil.mining();
    server = new LyingNode(anvil);
    node = server.rpc();
    VoucherChain chain = VoucherChain.on(anvil);
    contract = chain.contract(node);
    channel =
        new VoucherSetup(
            chain.domain(),
            chain.token(),
            A.address(),
            B.address(),
            1,
            Duration.ofHours(2),
            Party.A,
            false);
    tell((method, params, result) -> result);
  }

  @AfterEach
  void stop() {
    if (anvil != null) {
      node.close();
      server.close();
      anvil.close();
    }
  }

  /** Counts the searches in logs besides. */
  private void tell(LyingNode.Lie lie) {
    server.tell(
        (method, params, result) -> {
          if (method.equals("eth_getLogs")) {
            searches.add(params);
            server.silence(searches.size() > 1000); // so that the test ends
          }
          return lie.told(method, params, result);
        });
  }

  private void done(EvmKey key, TransactionIntent intent) {
    assertTrue(anvil.carryOut(key, intent).success(), () -> intent + " is refused");
  }

  private void settle() {
    done(A, contract.open("o", channel, Amount.ZERO));
    done(B, contract.requestClose("c", channel, Optional.empty()));
    anvil.passTime(Duration.ofHours(3));
    anvil.mine(1);
    done(B, contract.settle("s", channel));
  }

  private EvmBlock head() {
    return node.block(BlockRef.LATEST).orElseThrow();
  }

  private void refuseMoreThan(long blocks) {
    tell(
        (method, params, result) ->
            method.equals("eth_getLogs") && LogFollowerTest.blocks(params) > blocks
                ? LyingNode.refusal(-32_005, "query exceeds max block range " + blocks)
                : result);
  }

  private void assertIsFoundInTheEnd(int rounds) {
    for (int i = 0; i < rounds; i++) {
      int before = searches.size();
      try {
        assertTrue(contract.onLedger(channel, head()) instanceof OnLedger.Settled);
        return;
      } catch (EvmException e) {
        assertTrue(String.valueOf(e.getMessage()).contains("the search goes on"), e::toString);
      }
      assertTrue(searches.size() - before <= MOST_QUESTIONS);
      anvil.mine(1);
    }
    throw new AssertionError("not found in %d rounds".formatted(rounds));
  }

  @Test
  void aSettlementIsFoundThoughTheNodeRefusesLongRanges() {
    settle();
    anvil.mine(60);
    refuseMoreThan(7);
    assertTrue(contract.onLedger(channel, head()) instanceof OnLedger.Settled);
    assertTrue(searches.size() <= MOST_QUESTIONS);
  }

  @Test
  void aLongSearchGoesOnInTheNextRoundAndIsNotBegunAgainWithEveryBlock() {
    settle();
    anvil.mine(400);
    refuseMoreThan(5);
    assertThrows(EvmException.class, () -> contract.onLedger(channel, head()));
    assertIsFoundInTheEnd(10);
    anvil.mine(1);
    int before = searches.size();
    assertTrue(contract.onLedger(channel, head()) instanceof OnLedger.Settled);
    assertTrue(searches.size() - before <= 20, "where it was found it is looked for first");
  }

  @Test
  void aLongSearchKeepsNobodyWaiting() {
    settle();
    anvil.mine(400);
    refuseMoreThan(5);
    Deque<Runnable> elsewhere = new ArrayDeque<>();
    VoucherChannelContract patient = contract.searchingOn(elsewhere::add);
    int rounds = 0;
    while (!isShownSettled(patient)) {
      assertTrue(elsewhere.size() <= 1, "one search at a time");
      elsewhere.remove().run();
      anvil.mine(1);
      assertTrue(++rounds < 15, "it is never found");
    }
    assertTrue(rounds > 1, "it was long ago");
    assertTrue(isShownSettled(patient));
    assertEquals(List.of(), List.copyOf(elsewhere));
  }

  /** Asks two questions for logs itself, and no more. */
  private boolean isShownSettled(VoucherChannelContract patient) {
    int before = searches.size();
    try {
      return patient.onLedger(channel, head()) instanceof OnLedger.Settled;
    } catch (EvmException e) {
      return false;
    } finally {
      assertTrue(searches.size() - before <= 2, () -> "" + searches);
    }
  }

  @Test
  void aSettlementThatJustHappenedIsShownAtOnce() {
    settle();
    anvil.mine(5);
    assertTrue(isShownSettled(contract.searchingOn(_ -> {})));
  }

  @Test
  void aSettlementThatAReorganisationMovesIsFoundWhereItIsNow() {
    anvil.mine(5);
    settle();
    assertTrue(contract.onLedger(channel, head()) instanceof OnLedger.Settled);
    anvil.reorg(1);
    assertTrue(contract.onLedger(channel, head()) instanceof OnLedger.Closing);
    anvil.mine(3);
    done(B, contract.settle("s", channel));
    assertTrue(contract.onLedger(channel, head()) instanceof OnLedger.Settled);
  }

  @Test
  void aSettlementThatANodeInventedOnceIsNotBelievedForEver() {
    settle();
    EvmBlock head = head();
    tell(
        (method, params, result) ->
            method.equals("eth_getLogs") && result instanceof JsonValue.Array(var logs)
                ? new JsonValue.Array(
                    logs.stream()
                        .map(
                            log ->
                                LyingNode.with(
                                    log, "data", "0x" + "00".repeat(31) + "01" + "00".repeat(64)))
                        .toList())
                : result);
    assertNotEquals(Amount.ZERO, payoutA(head));
    tell((method, params, result) -> result);
    assertEquals(Amount.ZERO, payoutA(head));
  }

  private Amount payoutA(EvmBlock head) {
    return ((OnLedger.Settled) contract.onLedger(channel, head)).payouts().a();
  }

  @Test
  void theOnlyNodeThatInventsAHeadIsAskedLittleAndSpoilsNothing() {
    settle();
    EvmBlock head = head();
    tell(
        (method, params, result) ->
            method.equals("eth_getLogs") ? new JsonValue.Array(List.of()) : result);
    var invented =
        new EvmBlock(Long.MAX_VALUE, head.hash(), head.parent(), head.time(), head.baseFee());
    assertThrows(EvmException.class, () -> contract.onLedger(channel, invented));
    assertTrue(searches.size() <= MOST_QUESTIONS, () -> searches.size() + " questions");
    tell((method, params, result) -> result);
    assertTrue(contract.onLedger(channel, head()) instanceof OnLedger.Settled);
  }

  @Test
  void anOldPreimageIsFoundByItsTimeAndItsHashAndAskedForOnce() {
    done(B, contract.registerPreimage("p", PREIMAGE));
    long time = head().time().getEpochSecond();
    done(B, contract.registerPreimage("q", new ByteVector32("5f".repeat(32))));
    for (int i = 0; i < 10; i++) {
      anvil.mine(250);
    }
    ByteVector32 hashlock = PREIMAGE.sha256();
    // As where strangers have registered thousands: asked for all, it refuses.
    tell(
        (method, params, result) ->
            method.equals("eth_getLogs") && !params.toString().contains(hashlock.toHex())
                ? LyingNode.refusal(-32_005, "query returned more than 10000 results")
                : result);
    Optional<Registration> found = Optional.of(new Registration(PREIMAGE, time));
    assertEquals(found, contract.registration(hashlock, head()));
    assertEquals(1, searches.size());
    anvil.mine(1);
    assertEquals(found, contract.registration(hashlock, head()));
    assertEquals(1, searches.size());
  }

  @Test
  void aPreimageIsFoundAmongManyBlocksThoughTheNodeRefusesMoreThanOne() {
    anvil.mine(100);
    anvil.passTime(Duration.ofSeconds(10)); // blocks mined on demand share a second
    done(B, contract.registerPreimage("p", PREIMAGE));
    anvil.passTime(Duration.ofSeconds(10));
    anvil.mine(100);
    refuseMoreThan(1);
    assertEquals(
        Optional.of(PREIMAGE),
        contract.registration(PREIMAGE.sha256(), head()).map(Registration::preimage));
  }
}

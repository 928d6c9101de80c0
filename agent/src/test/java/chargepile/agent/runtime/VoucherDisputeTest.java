package chargepile.agent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.evm.Anvil;
import chargepile.agent.evm.BlockRef;
import chargepile.agent.evm.EvmBlock;
import chargepile.agent.evm.EvmRpc;
import chargepile.agent.evm.LyingNode;
import chargepile.agent.evm.NodeAlert;
import chargepile.agent.evm.RedundantNode;
import chargepile.agent.evm.VoucherChain;
import chargepile.agent.json.JsonValue;
import chargepile.agent.units.Amount;
import chargepile.agent.voucher.OnLedger;
import chargepile.agent.voucher.Party;
import chargepile.agent.voucher.VoucherNotice;
import chargepile.agent.voucher.VoucherOutcome;
import chargepile.agent.voucher.VoucherSetup;
import chargepile.agent.voucher.VoucherStage;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A stale close is answered inside the challenge period on the real contract, whatever happens to
 * the pile, to its transactions, to the chain's last blocks and to one of its nodes (P1-34).
 */
class VoucherDisputeTest {
  private static final long FIRST = 3000;
  private static final long BEST = 9000;

  @TempDir Path directory;
  private final List<NodeAlert> alerts = new CopyOnWriteArrayList<>();
  private Anvil anvil;
  private LyingNode liar;
  private VoucherChain chain;
  private ChainPair pair;
  private ChainSide pile;

  @BeforeEach
  @SuppressWarnings("NullAway.Init") // the rest comes with the channel and the nodes
  void start() throws IOException, InterruptedException {
    anvil = Anvil.still();
    liar = new LyingNode(anvil);
    chain = VoucherChain.on(anvil);
  }

  @AfterEach
  void stop() {
    if (anvil != null) {
      if (pair != null) {
        pair.close();
      }
      liar.close();
      anvil.close();
    }
  }

  /** Paid for, and the driver is gone. */
  private void charged(int depth, Supplier<ChainSide.Nodes> nodes) {
    pair = new ChainPair(chain, directory, depth, nodes);
    pile = pair.pile;
    pair.open(50_000);
    pair.pay(FIRST);
    pair.pay(BEST);
    pair.disconnect();
  }

  private void charged() {
    charged(2, () -> ChainSide.Nodes.one(anvil.rpc()));
  }

  private ChainSide.Nodes two() {
    EvmRpc honest = anvil.rpc();
    RedundantNode both =
        new RedundantNode(
            honest,
            liar.rpc(),
            Duration.ofDays(30),
            Duration.ofMillis(1),
            InstantSource.system(),
            alerts::add);
    return new ChainSide.Nodes(both, both.witnesses());
  }

  private Amount presented() {
    return assertInstanceOf(
            OnLedger.Closing.class,
            chain.contract(anvil.rpc()).onLedger(pile.book().setup(), head()))
        .paidByA();
  }

  private EvmBlock head() {
    return anvil.rpc().block(BlockRef.LATEST).orElseThrow();
  }

  private void checkPaidInFull() {
    pair.settle();
    assertEquals(BEST, ChainPair.gain(pile));
    assertEquals(-BEST, ChainPair.gain(pair.driver));
  }

  @Test
  void aStaleCloseIsAnsweredAndGainsNothing() {
    charged();
    pair.closeWith(Optional.of(pile.received.getFirst()));
    pile.look();
    anvil.mine(1);
    assertEquals(new Amount(BEST), presented());
    checkPaidInFull();
    assertEquals(
        VoucherOutcome.STALE_CLOSE_ANSWERED, pile.stage(VoucherStage.Closed.class).outcome());
  }

  @Test
  void killedBeforeTheAnswerWasMinedAndForgottenByThePoolItIsSentAfterTheRestart() {
    charged();
    pair.closeWith(Optional.of(pile.received.getFirst()));
    pile.look();
    anvil.dropAll();
    pile.restart();
    pile.look();
    anvil.mine(1);
    assertEquals(new Amount(BEST), presented());
    assertEquals(1, pile.outbox.entries().size(), "it is the same transaction");
    checkPaidInFull();
  }

  @Test
  void aPileThatWasOffWhenItWasClosedAnswersWhenItIsBack() {
    charged();
    pair.closeWith(Optional.empty());
    pair.passTime(ChainSide.CHALLENGE.minusMinutes(5));
    pile.restart();
    pile.look();
    anvil.mine(1);
    assertEquals(new Amount(BEST), presented());
    checkPaidInFull();
  }

  @Test
  void aStoreFromBeforeTheAnswerAnswersAgainAndTheContractTakesOne() {
    charged();
    pair.closeWith(Optional.of(pile.received.getFirst()));
    pile.look();
    pile.loseOutbox();
    pile.look();
    anvil.mine(1);
    pile.look();
    anvil.mine(1);
    assertEquals(new Amount(BEST), presented());
    checkPaidInFull();
  }

  @ParameterizedTest(name = "a reorganisation of {0} blocks")
  @ValueSource(ints = {1, 2, 7, 33, 64})
  void aReorganisationThatUndoesTheAnswerOrTheCloseGainsNothing(int depth) {
    charged(70, () -> ChainSide.Nodes.one(anvil.rpc()));
    pair.closeWith(Optional.of(pile.received.getFirst()));
    pile.look();
    anvil.mine(depth);
    pile.look();
    assertEquals(new Amount(BEST), presented());
    anvil.reorg(depth);
    for (int i = 0; i < 4; i++) {
      pile.look();
      anvil.mine(1);
    }
    assertEquals(new Amount(BEST), presented());
    checkPaidInFull();
  }

  @Test
  void oneNodeThatIsAwayKeepsNothingFromBeingAnswered() {
    charged(2, this::two);
    liar.silence(true);
    pair.closeWith(Optional.of(pile.received.getFirst()));
    pile.look();
    anvil.mine(1);
    assertEquals(new Amount(BEST), presented());
    checkPaidInFull();
    assertTrue(
        alerts.stream().anyMatch(alert -> alert instanceof NodeAlert.Lost), alerts::toString);
  }

  /** Its blocks above one are others: a fork of its own, which goes on. */
  private static LyingNode.Lie fork(long parted) {
    return (method, params, result) -> {
      if (!method.startsWith("eth_getBlockBy")
          || !(result instanceof JsonValue.Fields(var fields))
          || !(fields.get("number") instanceof JsonValue.Text(String number))
          || Long.decode(number) <= parted) {
        return result;
      }
      String hash = "0x" + "%064x".formatted(Long.decode(number));
      return LyingNode.with(result, "hash", hash);
    };
  }

  @Test
  void aNodeOnAForkOfItsOwnHidesNoClose() {
    charged(2, this::two);
    liar.tell(fork(anvil.height()));
    pair.closeWith(Optional.of(pile.received.getFirst()));
    anvil.mine(10);
    pile.look();
    pile.stage(VoucherStage.Normal.class);
    assertTrue(
        pile.told.stream().anyMatch(notice -> notice instanceof VoucherNotice.Suspended),
        "nothing more is sold: " + pile.told);
    anvil.mine(1);
    assertEquals(new Amount(BEST), presented());
    assertTrue(
        alerts.stream().anyMatch(alert -> alert instanceof NodeAlert.Disagreement),
        alerts::toString);
    liar.tell(LyingNode.Lie.NONE);
    checkPaidInFull();
  }

  @Test
  void aNodeThatHidesTheCloseInItsStateHidesItNot() {
    charged(2, this::two);
    JsonValue open = stateOfTheChannel();
    liar.tell((method, params, result) -> isQuestionForTheChannel(method, params) ? open : result);
    pair.closeWith(Optional.of(pile.received.getFirst()));
    // That another channel can be looked at says nothing of this one.
    var unused = pile.ledger.view(another());
    pile.look();
    anvil.mine(1);
    assertEquals(new Amount(BEST), presented());
    liar.tell(LyingNode.Lie.NONE);
    checkPaidInFull();
  }

  /** One that nobody opened. */
  private VoucherSetup another() {
    VoucherSetup channel = pile.book().setup();
    return new VoucherSetup(
        channel.domain(),
        channel.token(),
        channel.b(),
        channel.a(),
        channel.openNonce(),
        channel.challengePeriod(),
        channel.own(),
        channel.metering());
  }

  private boolean isQuestionForTheChannel(String method, JsonValue params) {
    return method.equals("eth_call") && params.toString().contains(pile.book().id().toString());
  }

  /** What the node says of it now. */
  private JsonValue stateOfTheChannel() {
    var seen = new CopyOnWriteArrayList<JsonValue>();
    liar.tell(
        (method, params, result) -> {
          if (isQuestionForTheChannel(method, params)) {
            seen.add(result);
          }
          return result;
        });
    anvil.mine(1);
    pile.look();
    return seen.getFirst();
  }

  @Test
  void aNodeThatInventsACloseClosesNothingAndCostsLittle() {
    charged(2, this::two);
    JsonValue open = stateOfTheChannel();
    // The state is the fifth word: 1 is open, 2 closing.
    String text = ((JsonValue.Text) open).value();
    int at = 2 + 5 * 64 - 1;
    String closing = text.substring(0, at) + "2" + text.substring(at + 1);
    liar.tell(
        (method, params, result) ->
            isQuestionForTheChannel(method, params) ? new JsonValue.Text(closing) : result);
    for (int i = 0; i < 10; i++) {
      pile.look();
      anvil.mine(1);
    }
    pile.stage(VoucherStage.Normal.class);
    assertTrue(pile.outbox.entries().size() <= 1, () -> "" + pile.outbox.entries());
    liar.tell(LyingNode.Lie.NONE);
    anvil.mine(1);
    pile.look();
    assertEquals(
        new Amount(50_000),
        assertInstanceOf(OnLedger.Open.class, pile.ledger.view(pile.book().setup()).latest())
            .deposits()
            .a());
  }

  /** The channel is closed with a stale voucher, and one node names another end of the period. */
  private Instant closedWhileOneNodeNames(long claimed) {
    charged(2, this::two);
    pair.closeWith(Optional.of(pile.received.getFirst()));
    liar.tell(
        (method, params, result) -> {
          if (!isQuestionForTheChannel(method, params)
              || !(result instanceof JsonValue.Text(String text))) {
            return result;
          }
          int settleAfter = 2 + 7 * 64;
          return new JsonValue.Text(
              text.substring(0, settleAfter)
                  + "%064x".formatted(claimed)
                  + text.substring(settleAfter + 64));
        });
    pile.look();
    return Instant.ofEpochSecond(
        assertInstanceOf(
                OnLedger.Closing.class,
                chain.contract(anvil.rpc()).onLedger(pile.book().setup(), head()))
            .settleAfter());
  }

  private Instant deadlineOfTheAnswer() {
    assertEquals(1, pile.outbox.entries().size());
    return pile.outbox.entries().getFirst().intent().deadline().orElseThrow();
  }

  @ParameterizedTest(name = "a period that ends at {0}")
  @ValueSource(longs = {0, 1_000_000, 99_999_999_999L, Long.MAX_VALUE})
  void aNodeThatNamesAnImpossibleEndOfThePeriodDelaysNoAnswer(long claimed) {
    Instant end = closedWhileOneNodeNames(claimed);
    assertEquals(end, deadlineOfTheAnswer());
    anvil.mine(1);
    liar.tell(LyingNode.Lie.NONE);
    assertEquals(new Amount(BEST), presented());
    checkPaidInFull();
  }

  @Test
  void theDeadlineThatOneNodeSetIsCorrectedOnceTheNodesAgree() {
    long claimed = chain.time() + 1800;
    Instant end = closedWhileOneNodeNames(claimed);
    assertEquals(Instant.ofEpochSecond(claimed), deadlineOfTheAnswer(), "the earlier one counts");
    liar.tell(LyingNode.Lie.NONE);
    pile.look();
    assertEquals(end, deadlineOfTheAnswer());
    anvil.mine(1);
    checkPaidInFull();
  }

  @Test
  void theDeadlineThatOneNodeSetIsCorrectedOnceItHasPassed() {
    long claimed = chain.time() + 1800;
    Instant end = closedWhileOneNodeNames(claimed);
    assertEquals(Instant.ofEpochSecond(claimed), deadlineOfTheAnswer());
    anvil.dropAll();
    pair.passTime(Duration.ofMinutes(45));
    pile.look();
    assertEquals(end, deadlineOfTheAnswer());
    anvil.mine(1);
    assertEquals(new Amount(BEST), presented());
    liar.tell(LyingNode.Lie.NONE);
    checkPaidInFull();
  }

  /** Searched for the settlement from such a head on, nothing else would ever be looked at. */
  @Test
  void aNodeThatInventsASettlementAtTheEndOfAllBlocksIsAskedForNoLogs() {
    charged(2, this::two);
    String text = ((JsonValue.Text) stateOfTheChannel()).value();
    int at = 2 + 5 * 64 - 1;
    String settled = text.substring(0, at) + "3" + text.substring(at + 1);
    var searched = new AtomicInteger();
    liar.tell(
        (method, params, result) -> {
          if (isQuestionForTheChannel(method, params)) {
            return new JsonValue.Text(settled);
          }
          if (method.equals("eth_getLogs")) {
            liar.silence(searched.incrementAndGet() > 100); // so that the test ends
            return new JsonValue.Array(List.of());
          }
          return method.equals("eth_getBlockByNumber") && params.toString().contains("latest")
              ? LyingNode.with(result, "number", "0x7fffffffffffffff")
              : result;
        });
    pile.look();
    assertEquals(0, searched.get());
    pile.stage(VoucherStage.Normal.class);
    assertTrue(
        pile.told.stream().anyMatch(notice -> notice instanceof VoucherNotice.Suspended),
        "it was heard: " + pile.told);
    liar.tell(LyingNode.Lie.NONE);
    pair.closeWith(Optional.of(pile.received.getFirst()));
    pile.look();
    anvil.mine(1);
    assertEquals(new Amount(BEST), presented());
    checkPaidInFull();
  }

  @Test
  void aNodeThatWantsAllTheGasOfABlockKeepsNothingFromBeingAnswered() {
    charged(2, this::two);
    liar.tell(
        (method, params, result) ->
            method.equals("eth_estimateGas") ? new JsonValue.Text("0x7fffffffffffffff") : result);
    pair.closeWith(Optional.of(pile.received.getFirst()));
    pile.look();
    anvil.mine(1);
    assertEquals(new Amount(BEST), presented());
    assertTrue(pile.outbox.entries().getFirst().gasLimit() < 2_000_000);
    checkPaidInFull();
  }

  @Test
  void whatWasFinalStaysSoWhileTheOtherNodeLags() {
    charged(2, this::two);
    liar.silence(true);
    pile.look();
    anvil.mine(6);
    pile.look();
    assertInstanceOf(OnLedger.Open.class, pile.ledger.view(pile.book().setup()).finalised());
    // Raised while one was away, final for the other; the one that is back is behind.
    pair.depositDirectly(Party.B, new Amount(5));
    anvil.mine(3);
    pile.look();
    long behind = anvil.height() - 8;
    assertEquals(new Amount(5), pile.book().deposits().b());
    liar.silence(false);
    liar.tell(lag(behind));
    for (int i = 0; i < 3; i++) {
      pile.look();
      assertEquals(new Amount(5), pile.book().deposits().b());
    }
    pile.stage(VoucherStage.Normal.class);
  }

  /** Its head stays at a block, and it has none above. */
  private LyingNode.Lie lag(long head) {
    JsonValue block = block(head);
    return (method, params, result) ->
        method.equals("eth_getBlockByNumber") && params.toString().contains("latest")
            ? block
            : method.startsWith("eth_getBlockBy")
                    && result instanceof JsonValue.Fields(var fields)
                    && fields.get("number") instanceof JsonValue.Text(String number)
                    && Long.decode(number) > head
                ? new JsonValue.Nothing()
                : result;
  }

  private JsonValue block(long number) {
    var at = anvil.rpc().block(BlockRef.number(number)).orElseThrow();
    return new JsonValue.Fields(
        Map.of(
            "number", new JsonValue.Text("0x%x".formatted(at.number())),
            "hash", new JsonValue.Text("0x" + at.hash().toHex()),
            "parentHash", new JsonValue.Text("0x" + at.parent().toHex()),
            "timestamp", new JsonValue.Text("0x%x".formatted(at.time().getEpochSecond())),
            "baseFeePerGas", new JsonValue.Text("0x" + at.baseFee().value().toString(16))));
  }
}

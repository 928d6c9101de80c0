package chargepile.agent.evm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.evm.OutboxEntry.Finish;
import chargepile.agent.units.EvmAddress;
import com.esaulpaugh.headlong.abi.ContractError;
import com.esaulpaugh.headlong.abi.Tuple;
import com.esaulpaugh.headlong.abi.TupleType;
import fr.acinq.bitcoin.ByteVector;
import java.io.IOException;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against a real node that mines when told, forgets, reorganises and becomes dear. */
class TransactionSenderTest {
  private static final int DEPTH = 3;
  private static final EvmAddress PAYEE =
      EvmAddress.of("0x00000000000000000000000000000000000000aa");
  private static final EvmAddress CONTRACT =
      EvmAddress.of("0x00000000000000000000000000000000000000cc");

  /** Reverts with TooLate(7). */
  private static final ContractError<Tuple> TOO_LATE =
      new ContractError<>("TooLate", TupleType.parse("(uint256)"));

  private static final Reverts REVERTS = new Reverts(List.of(TOO_LATE));

  private Anvil anvil;
  private EvmRpc node;
  private MemoryOutbox outbox;
  private TransactionSender sender;

  @BeforeEach
  void start() throws IOException, InterruptedException {
    anvil = Anvil.still();
    node = anvil.rpc();
    outbox = new MemoryOutbox();
    sender = sender(outbox, FeePolicy.USUAL);
  }

  @AfterEach
  void stop() {
    if (node != null) {
      node.close();
      anvil.close();
    }
  }

  private TransactionSender sender(EvmOutbox box, FeePolicy fees) {
    return new TransactionSender(node, Anvil.key(0), box, fees, Finality.depth(DEPTH), REVERTS);
  }

  private static TransactionIntent payment(String key, long wei) {
    return new TransactionIntent(
        key,
        "a payment",
        Optional.of(PAYEE),
        ByteVector.empty,
        Wei.of(wei),
        OptionalLong.empty(),
        Optional.empty());
  }

  private TransactionStatus status(String key) {
    return Objects.requireNonNull(sender.advance().get(key));
  }

  private Wei paid() {
    return node.balance(PAYEE, BlockRef.LATEST);
  }

  @Test
  void aTransactionIsFinishedOnceItIsDeepEnough() {
    sender.submit(payment("a", 5));
    assertInstanceOf(TransactionStatus.Waiting.class, status("a"));
    anvil.mine(1);
    var mined = assertInstanceOf(TransactionStatus.Mined.class, status("a"));
    assertEquals(1, mined.depth());
    anvil.mine(DEPTH - 1);
    var finished = assertInstanceOf(TransactionStatus.Finished.class, status("a"));
    assertInstanceOf(Finish.Succeeded.class, finished.finish());
    assertEquals(Wei.of(5), paid());
  }

  @Test
  void aKeyHappensOnce() {
    OutboxEntry first = sender.submit(payment("a", 5));
    assertEquals(first, sender.submit(payment("a", 5)));
    anvil.mine(DEPTH);
    var unused = sender.advance();
    sender.submit(payment("a", 5));
    anvil.mine(DEPTH);
    unused = sender.advance();
    assertEquals(Wei.of(5), paid());
    assertThrows(IllegalArgumentException.class, () -> sender.submit(payment("a", 6)));
  }

  @Test
  void whatWasDecidedAndNeverSentIsSentAfterARestart() {
    sender.submit(payment("a", 5));
    sender.submit(payment("b", 7));
    anvil.dropAll();
    sender = sender(outbox.reopened(), FeePolicy.USUAL);
    var unused = sender.advance();
    anvil.mine(DEPTH);
    assertInstanceOf(TransactionStatus.Finished.class, status("a"));
    assertInstanceOf(TransactionStatus.Finished.class, status("b"));
    assertEquals(Wei.of(12), paid());
  }

  @Test
  void nothingIsSentThatCouldNotBeWritten() {
    outbox.fill();
    assertThrows(IllegalStateException.class, () -> sender.submit(payment("a", 5)));
    anvil.mine(1);
    assertEquals(Wei.ZERO, paid());
  }

  @Test
  void noncesGoOnAfterARestartThoughNothingIsMined() {
    long first = sender.submit(payment("a", 1)).nonce();
    sender = sender(outbox.reopened(), FeePolicy.USUAL);
    assertEquals(first + 1, sender.submit(payment("b", 1)).nonce());
  }

  @Test
  void aDroppedTransactionIsSentAgain() {
    OutboxEntry entry = sender.submit(payment("a", 5));
    anvil.drop(entry.last().hash());
    assertFalse(node.knows(entry.last().hash()));
    var unused = sender.advance();
    assertTrue(node.knows(entry.last().hash()));
  }

  @Test
  void aTransactionThatWaitsIsRaisedByAnEighthAndOneOfItsFormsCounts() {
    sender.submit(payment("a", 5));
    FeeBid first = outbox.entry("a").last().bid();
    raiseBaseFee(Wei.ofGwei(20), FeePolicy.USUAL.patience());
    var unused = sender.advance();
    OutboxEntry raised = outbox.entry("a");
    assertEquals(2, raised.attempts().size());
    assertTrue(raised.last().bid().max().compareTo(first.raised().max()) >= 0);
    assertTrue(raised.last().bid().tip().compareTo(first.raised().tip()) >= 0);
    anvil.mine(DEPTH);
    assertInstanceOf(TransactionStatus.Finished.class, status("a"));
    assertEquals(Wei.of(5), paid());
  }

  /** Mines blocks that are too dear for what waits. */
  private void raiseBaseFee(Wei fee, int blocks) {
    for (int i = 0; i < blocks; i++) {
      anvil.nextBaseFee(fee);
      anvil.mine(1);
    }
  }

  @Test
  void anUrgentTransactionGetsThroughABaseFeeThatRoseAHundredfold() {
    Wei hundredfold = node.feeHistory(1).nextBaseFee().times(100);
    sender.submit(payment("challenge", 5).withDeadline(chainTime().plusSeconds(3000)));
    raiseBaseFee(hundredfold, 1);
    int rounds = 0;
    while (!(status("challenge") instanceof TransactionStatus.Finished)) {
      anvil.nextBaseFee(hundredfold);
      anvil.mine(1);
      assertTrue(++rounds < 8, "not through after " + rounds + " dear blocks");
    }
    assertEquals(Wei.of(5), paid());
  }

  private Instant chainTime() {
    return node.block(BlockRef.LATEST).orElseThrow().time();
  }

  @Test
  void whatAnUrgentTransactionHasToWaitForBecomesUrgentItself() {
    var thrifty = new FeePolicy(Wei.of(1), Wei.ofGwei(3), Wei.ofGwei(500), 1, Duration.ofHours(1));
    sender = sender(outbox, thrifty);
    sender.submit(payment("a", 5));
    raiseBaseFee(Wei.ofGwei(100), 2);
    var unused = sender.advance();
    sender.submit(payment("challenge", 7).withDeadline(chainTime().plusSeconds(3000)));
    int rounds = 0;
    while (!(status("challenge") instanceof TransactionStatus.Finished)) {
      raiseBaseFee(Wei.ofGwei(100), 1);
      assertTrue(++rounds < 40, "not through after " + rounds + " dear blocks");
    }
    assertEquals(Wei.of(12), paid());
  }

  @Test
  void aDeadlineThatIsFarOffOrPastIsNotUrgent() {
    FeePolicy fees = FeePolicy.USUAL;
    Instant now = Instant.ofEpochSecond(1_000_000);
    TransactionIntent intent = payment("a", 5);
    assertFalse(fees.isUrgent(intent, now));
    assertFalse(fees.isUrgent(intent.withDeadline(now.plusSeconds(3601)), now));
    assertTrue(fees.isUrgent(intent.withDeadline(now.plusSeconds(3600)), now));
    assertFalse(fees.isUrgent(intent.withDeadline(now), now));
  }

  @Test
  void whatWouldCostMoreThanTheCapWaitsAndSaysSo() {
    var cheap = new FeePolicy(Wei.of(1), Wei.ofGwei(3), Wei.ofGwei(3), 1, Duration.ofHours(1));
    sender = sender(outbox, cheap);
    sender.submit(payment("a", 5));
    raiseBaseFee(Wei.ofGwei(100), 2);
    TransactionStatus.Stuck stuck = null;
    for (int i = 0; i < 12; i++) {
      if (status("a") instanceof TransactionStatus.Stuck now) {
        stuck = now;
      }
      raiseBaseFee(Wei.ofGwei(100), 1);
    }
    assertTrue(stuck != null && stuck.why().contains("at most 3000000000 wei"), "" + stuck);
    for (OutboxEntry.Attempt attempt : outbox.entry("a").attempts()) {
      assertTrue(attempt.bid().max().compareTo(cheap.cap()) <= 0, attempt.bid().toString());
    }
    raiseBaseFee(Wei.ofGwei(1), 1);
    var unused = sender.advance();
    anvil.nextBaseFee(Wei.ofGwei(1));
    anvil.mine(DEPTH);
    assertInstanceOf(TransactionStatus.Finished.class, status("a"));
  }

  @Test
  void anAccountWithoutCoinsSaysWhatItNeeds() {
    anvil.setBalance(sender.account(), Wei.of(100));
    sender.submit(payment("a", 5).withGasLimit(21_000));
    var stuck = assertInstanceOf(TransactionStatus.Stuck.class, status("a"));
    assertTrue(stuck.why().contains(sender.account() + " can't pay for it"), stuck.why());
    anvil.setBalance(sender.account(), new Wei(BigInteger.TEN.pow(20)));
    var unused = sender.advance();
    anvil.mine(DEPTH);
    assertInstanceOf(TransactionStatus.Finished.class, status("a"));
  }

  @Test
  void anUrgentTransactionIsRaisedNoFurtherThanItsBaseFeeAsksFor() {
    Wei quiet = Wei.ofGwei(5);
    anvil.nextBaseFee(quiet);
    anvil.mine(1);
    sender.submit(payment("challenge", 5).withDeadline(chainTime().plusSeconds(3000)));
    for (int i = 0; i < 30; i++) {
      anvil.dropAll();
      raiseBaseFee(quiet, 1);
      assertInstanceOf(TransactionStatus.Waiting.class, status("challenge"));
    }
    for (OutboxEntry.Attempt attempt : outbox.entry("challenge").attempts()) {
      assertTrue(attempt.bid().max().compareTo(Wei.ofGwei(50)) < 0, attempt.bid().toString());
    }
  }

  /** What 100 gwei for a unit of gas cost is all that it has. */
  @Test
  void anUrgentTransactionIsRaisedAsFarAsASmallPurseGoes() {
    sender.submit(
        payment("challenge", 5).withGasLimit(21_000).withDeadline(chainTime().plusSeconds(3000)));
    anvil.setBalance(sender.account(), Wei.ofGwei(100).times(21_000).plus(Wei.of(5)));
    for (int i = 0; i < 12; i++) {
      raiseBaseFee(Wei.ofGwei(300), 1);
      var stuck = status("challenge");
      assertFalse(
          stuck instanceof TransactionStatus.Stuck(String why) && why.contains("can't pay for it:"),
          "" + stuck);
    }
    FeeBid last = outbox.entry("challenge").last().bid();
    assertEquals(Wei.ofGwei(100), last.max(), "all that it has");
    anvil.dropAll();
    raiseBaseFee(Wei.ofGwei(80), 1);
    var unused = sender.advance();
    anvil.nextBaseFee(Wei.ofGwei(80));
    anvil.mine(DEPTH);
    assertInstanceOf(TransactionStatus.Finished.class, status("challenge"));
    assertEquals(Wei.of(5), paid());
  }

  /** A challenge of an account that has just so much for each unit of its gas. */
  private void challengeWithAPurseOf(Wei baseFee, Wei purse) {
    raiseBaseFee(baseFee, 1);
    anvil.setBalance(sender.account(), purse.times(21_000).plus(Wei.of(5)));
    sender.submit(
        payment("challenge", 5).withGasLimit(21_000).withDeadline(chainTime().plusSeconds(3000)));
  }

  @Test
  void whatTheAccountCanPayFromTheBeginningIsBidNoDearer() {
    challengeWithAPurseOf(Wei.ofGwei(20), Wei.ofGwei(30));
    OutboxEntry entry = outbox.entry("challenge");
    assertEquals(Wei.ofGwei(30), entry.last().bid().max(), "less than twice the base fee");
    assertTrue(node.knows(entry.last().hash()));
    anvil.nextBaseFee(Wei.ofGwei(20));
    anvil.mine(DEPTH);
    assertInstanceOf(TransactionStatus.Finished.class, status("challenge"));
    assertEquals(Wei.of(5), paid());
  }

  @Test
  void whatTheAccountCouldNeverPayIsBidAnewOnceTheBaseFeeFalls() {
    challengeWithAPurseOf(Wei.ofGwei(20), Wei.ofGwei(12));
    raiseBaseFee(Wei.ofGwei(20), 1);
    var stuck = assertInstanceOf(TransactionStatus.Stuck.class, status("challenge"));
    assertTrue(stuck.why().contains("send coins"), stuck.why());
    assertEquals(1, outbox.entry("challenge").attempts().size());
    sender = sender(outbox.reopened(), FeePolicy.USUAL);
    raiseBaseFee(Wei.ofGwei(9), 1);
    var waiting = assertInstanceOf(TransactionStatus.Waiting.class, status("challenge"));
    assertTrue(waiting.why().contains("handed over"), waiting.why());
    anvil.nextBaseFee(Wei.ofGwei(9));
    anvil.mine(DEPTH);
    assertInstanceOf(TransactionStatus.Finished.class, status("challenge"));
    assertEquals(Wei.of(5), paid());
  }

  @Test
  void ofWhatBecameTooDearForTheAccountTheDearestThatItCanPayGoesOut() {
    sender.submit(
        payment("challenge", 5).withGasLimit(21_000).withDeadline(chainTime().plusSeconds(3000)));
    for (long gwei : new long[] {10, 30, 90, 270, 810}) {
      raiseBaseFee(Wei.ofGwei(gwei), 1);
      var unused = sender.advance();
    }
    List<OutboxEntry.Attempt> attempts = outbox.entry("challenge").attempts();
    assertTrue(attempts.size() > 3, attempts.toString());
    OutboxEntry.Attempt payable = attempts.get(attempts.size() - 3);
    anvil.dropAll();
    anvil.setBalance(sender.account(), payable.bid().max().times(21_000).plus(Wei.of(5)));
    raiseBaseFee(Wei.ofGwei(10), 1);
    var waiting = assertInstanceOf(TransactionStatus.Waiting.class, status("challenge"));
    assertTrue(waiting.why().contains(payable.bid().toString()), waiting.why());
    assertTrue(node.knows(payable.hash()));
    anvil.nextBaseFee(Wei.ofGwei(10));
    anvil.mine(DEPTH);
    assertInstanceOf(TransactionStatus.Finished.class, status("challenge"));
    assertEquals(Wei.of(5), paid());
  }

  @Test
  void aNonceUsedFromElsewhereIsToldOnceThatIsFinal() {
    sender.submit(payment("a", 5));
    anvil.dropAll();
    anvil.transfer(0, PAYEE, Wei.of(1000));
    anvil.mine(1);
    assertInstanceOf(TransactionStatus.Waiting.class, status("a"));
    anvil.mine(DEPTH - 1);
    assertInstanceOf(TransactionStatus.Waiting.class, status("a"), "its receipt may be on its way");
    anvil.mine(1);
    var finished = assertInstanceOf(TransactionStatus.Finished.class, status("a"));
    assertInstanceOf(Finish.Overtaken.class, finished.finish());
    assertEquals(Wei.of(1000), paid());
  }

  /** Code that reverts with TooLate(7), or does nothing. */
  private void contractRefuses(boolean refuses) {
    String selector = new ByteVector(TOO_LATE.function().selector()).toHex();
    String revert = "63" + selector + "60e01b5f52" + "6007600452" + "60245ffd";
    anvil.setCode(CONTRACT, new ByteVector(refuses ? revert : "00"));
  }

  @Test
  void whatTheContractRefusesIsNotSent() {
    contractRefuses(true);
    RevertedException refused =
        assertThrows(
            RevertedException.class,
            () ->
                sender.submit(TransactionIntent.call("a", "a close", CONTRACT, ByteVector.empty)));
    assertEquals("TooLate(7)", refused.reason());
    assertEquals(List.of(), outbox.entries());
  }

  @Test
  void whatTheContractRefusesInABlockSaysWhy() {
    contractRefuses(false);
    sender.submit(
        TransactionIntent.call("a", "a close", CONTRACT, ByteVector.empty).withGasLimit(100_000));
    contractRefuses(true);
    anvil.mine(DEPTH);
    var finished = assertInstanceOf(TransactionStatus.Finished.class, status("a"));
    var reverted = assertInstanceOf(Finish.Reverted.class, finished.finish());
    assertEquals("TooLate(7)", reverted.reason());
  }

  @ParameterizedTest(name = "a reorganisation of {0} blocks")
  @ValueSource(ints = {1, 2, 5, 16, 33, 64})
  void whatAReorganisationTakesOutGoesInAgain(int depth) {
    anvil.mine(64);
    sender.submit(payment("a", 5));
    anvil.mine(depth);
    var unused = sender.advance();
    assertEquals(Wei.of(5), paid());
    anvil.reorg(depth);
    assertEquals(Wei.ZERO, paid(), "the reorganisation took it out");
    int rounds = 0;
    do {
      anvil.mine(1);
      assertTrue(++rounds < 12, "" + status("a"));
    } while (!(status("a") instanceof TransactionStatus.Finished));
    assertEquals(Wei.of(5), paid());
    assertEquals(1, outbox.entries().size());
  }

  @Test
  void whatIsFinishedMayBeForgottenAndNothingElse() {
    sender.submit(payment("a", 5));
    assertThrows(IllegalStateException.class, () -> sender.forget("a"));
    anvil.mine(DEPTH);
    var unused = sender.advance();
    sender.forget("a");
    assertEquals(List.of(), outbox.entries());
    assertEquals(1, sender.submit(payment("a", 5)).nonce());
  }

  @Test
  void whatIsGivenUpInTimeDoesNothingAndWhatComesBehindItGoesOn() {
    sender.submit(payment("a", 5));
    sender.submit(payment("b", 7));
    assertTrue(sender.abandon("a").orElseThrow().isAbandoned());
    assertEquals(2, sender.abandon("a").orElseThrow().attempts().size());
    sender = sender(outbox.reopened(), FeePolicy.USUAL);
    anvil.dropAll();
    var unused = sender.advance();
    anvil.mine(DEPTH);
    var given = assertInstanceOf(TransactionStatus.Finished.class, status("a"));
    assertInstanceOf(Finish.Abandoned.class, given.finish());
    assertInstanceOf(TransactionStatus.Finished.class, status("b"));
    assertEquals(Wei.of(7), paid());
  }

  @Test
  void whatIsGivenUpTooLateHappens() {
    sender.submit(payment("a", 5));
    anvil.mine(1);
    assertTrue(sender.abandon("a").isPresent());
    anvil.mine(DEPTH);
    var finished = assertInstanceOf(TransactionStatus.Finished.class, status("a"));
    assertInstanceOf(Finish.Succeeded.class, finished.finish());
    assertEquals(Optional.empty(), sender.abandon("never decided"));
  }

  @Test
  void aContractIsCreated() {
    sender.submit(
        new TransactionIntent(
            "deploy",
            "the contract",
            Optional.empty(),
            new ByteVector("600160095f39" + "60015ff3" + "00"),
            Wei.ZERO,
            OptionalLong.empty(),
            Optional.empty()));
    anvil.mine(DEPTH);
    var finished = assertInstanceOf(TransactionStatus.Finished.class, status("deploy"));
    var succeeded = assertInstanceOf(Finish.Succeeded.class, finished.finish());
    assertFalse(node.code(succeeded.contract().orElseThrow(), BlockRef.LATEST).isEmpty());
  }
}

package chargepile.agent.evm.market;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.crypto.BouncyCastleSigner;
import chargepile.agent.crypto.EvmSignature;
import chargepile.agent.evm.Anvil;
import chargepile.agent.evm.BlockRef;
import chargepile.agent.evm.TransactionIntent;
import chargepile.agent.evm.TransactionStatus;
import chargepile.agent.market.Side;
import chargepile.agent.market.order.Metering;
import chargepile.agent.market.order.eip712.ContractTerms;
import chargepile.agent.market.order.eip712.MeterRecord;
import chargepile.agent.market.order.eip712.MeteringAgreed;
import chargepile.agent.market.order.eip712.OrderDomain;
import chargepile.agent.market.order.eip712.OrderMessage;
import chargepile.agent.market.order.eip712.PaidReceipt;
import chargepile.agent.units.Amount;
import chargepile.agent.units.WattHours;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Who tries to gain by the market's contracts gets a reason and nothing else. */
class MarketAttacksTest {
  private static MarketChain chain;
  private static long nextId;

  @BeforeAll
  static void open() throws IOException, InterruptedException {
    chain = MarketChain.open();
  }

  @AfterAll
  static void close() {
    if (chain != null) {
      chain.close();
    }
  }

  /** An order in a quarter of an hour of its own. */
  private static ContractTerms order() {
    nextId++;
    return MarketOrders.of(chain, chain.seller, chain.buyer)
        .energy(1000)
        .window(MarketOrders.hour(chain, (int) (2 + nextId)))
        .id(nextId);
  }

  private static void assertRefused(String words, MarketChain.Member by, TransactionIntent intent) {
    Optional<String> refusal = chain.refusal(by, intent);
    assertTrue(
        refusal.filter(said -> said.startsWith(words)).isPresent(),
        () -> "%s: %s instead of %s".formatted(intent, refusal, words));
  }

  private static TransactionIntent review(ContractTerms terms) {
    return chain.board.review(
        chain.orders.address(),
        terms,
        chain.board.publications(chain.head(), chain.since),
        chain.seller.meter().publicKey());
  }

  @Test
  void anOrderIsApprovedOnceAndPromisedOnce() {
    ContractTerms terms = order();
    MarketOrders.approve(chain, terms);
    Instant start = terms.order().window().start();
    long promised = chain.board.feederPromised(MarketChain.FEEDER, false, start, BlockRef.LATEST);
    assertRefused("AlreadyReviewed", chain.agency, review(terms));
    assertEquals(
        promised, chain.board.feederPromised(MarketChain.FEEDER, false, start, BlockRef.LATEST));
    assertEquals(
        ReviewBoardContract.Outcome.APPROVED,
        chain.board.outcome(chain.orders.address(), terms.key(), BlockRef.LATEST));
  }

  @Test
  void aSilentAgencyCostsNobodyAnything() {
    ContractTerms terms = order();
    Amount buyers = fortune(chain.buyer);
    Amount sellers = fortune(chain.seller);
    MarketOrders.establish(chain, terms);
    assertFalse(buyers.equals(fortune(chain.buyer)));
    chain.pass(MarketChain.TIMING.review().plusSeconds(2));
    assertRefused("TooLate", chain.agency, review(terms));
    var unused = chain.done(chain.stranger, chain.orders.expire(terms));
    assertEquals(buyers, fortune(chain.buyer));
    assertEquals(sellers, fortune(chain.seller));
    assertEquals(OrderStatus.EXPIRED, chain.orders.order(terms.key(), BlockRef.LATEST).status());
  }

  /** What it has, and what waits for it. */
  private static Amount fortune(MarketChain.Member member) {
    return chain
        .balance(member.account())
        .plus(chain.orders.owed(member.account(), BlockRef.LATEST));
  }

  @Test
  void aQuoteForACycleThatIsOverIsNone() {
    MarketClock clock = chain.quotes.clock(BlockRef.LATEST);
    chain.at(MarketChain.RULES.start(clock.cycle() + 1).plusSeconds(1));
    assertRefused(
        "OtherCycle",
        chain.seller,
        chain.quotes.quote(
            "late", clock.cycle(), Side.ASK, new Amount(310), new WattHours(10), Optional.empty()));
    var quoted =
        chain.done(
            chain.seller,
            chain.quotes.quote(
                "now",
                clock.cycle() + 1,
                Side.ASK,
                new Amount(310),
                new WattHours(10),
                Optional.empty()));
    assertEquals(1, chain.quotes.open(chain.head(), chain.since).asks().size());
    chain.at(MarketChain.RULES.start(clock.cycle() + 2).plusSeconds(1));
    assertEquals(
        new OpenQuotes(List.of(), List.of()),
        chain.quotes.open(chain.head(), chain.since),
        () -> "what was open is void: " + quoted);
  }

  @Test
  void aSignatureForAnotherContractOrChainIsNobodys() {
    ContractTerms terms = order();
    var asked = chain.done(chain.buyer, MarketOrders.request(chain, terms));
    OrderDomain elsewhere = new OrderDomain(Anvil.CHAIN_ID, chain.quotes.address());
    OrderDomain otherChain = new OrderDomain(1, chain.orders.address());
    for (OrderDomain domain : List.of(elsewhere, otherChain)) {
      assertRefused(
          "BadSignature",
          chain.seller,
          chain.orders.confirm(
              terms, Optional.of(sign(domain, terms, chain.buyer)), Optional.empty()));
    }
    // Of another type, but for the same order.
    assertRefused(
        "BadSignature",
        chain.seller,
        chain.orders.confirm(
            terms,
            Optional.of(
                sign(
                    chain.orders.domain(), new PaidReceipt(terms.key(), Amount.ZERO), chain.buyer)),
            Optional.empty()));
    assertEquals(
        OrderStatus.REQUESTED,
        chain.orders.order(terms.key(), BlockRef.LATEST).status(),
        () -> "" + asked);
    EvmSignature good = sign(chain.orders.domain(), terms, chain.buyer);
    var unused =
        chain.done(chain.seller, chain.orders.confirm(terms, Optional.of(good), Optional.empty()));
    assertEquals(
        OrderStatus.ESTABLISHED, chain.orders.order(terms.key(), BlockRef.LATEST).status());
  }

  private static EvmSignature sign(
      OrderDomain domain, OrderMessage message, MarketChain.Member by) {
    return domain.sign(new BouncyCastleSigner(), message, by.secret());
  }

  @Test
  void aReceiptAndAMeterRecordAreOfTheirOrderAlone() {
    ContractTerms terms = order();
    ContractTerms other = order();
    MarketOrders.record(chain, terms);
    assertRefused(
        "BadSignature",
        chain.buyer,
        chain.orders.acknowledge(
            terms,
            new Amount(100),
            Optional.of(
                MarketOrders.signed(
                    chain, chain.seller, new PaidReceipt(other.key(), new Amount(100))))));
    var acknowledged =
        chain.done(
            chain.buyer,
            chain.orders.acknowledge(
                terms,
                new Amount(100),
                Optional.of(
                    MarketOrders.signed(
                        chain, chain.seller, new PaidReceipt(terms.key(), new Amount(100))))));
    // Only the highest counts.
    var lower =
        chain.done(chain.seller, chain.orders.acknowledge(terms, new Amount(50), Optional.empty()));
    assertEquals(
        new Amount(100),
        chain.orders.order(terms.key(), BlockRef.LATEST).paid(),
        () -> "" + acknowledged + lower);
    Instant end = terms.order().window().end();
    MeterRecord record = new MeterRecord(terms.key(), new WattHours(1000), new WattHours(900), end);
    EvmSignature meter = MarketOrders.metered(chain, chain.seller, record);
    assertRefused("TooEarly", chain.buyer, chain.orders.settleByMeter(terms, record, meter));
    chain.at(end.plus(MarketChain.TIMING.receipts()).plusSeconds(2));
    MeterRecord more = new MeterRecord(terms.key(), new WattHours(1000), new WattHours(1000), end);
    assertRefused("BadSignature", chain.seller, chain.orders.settleByMeter(terms, more, meter));
    var settled = chain.done(chain.stranger, chain.orders.settleByMeter(terms, record, meter));
    OrderLog.Settled said =
        settled.logs().stream()
            .flatMap(log -> chain.orders.decode(log).stream())
            .filter(OrderLog.Settled.class::isInstance)
            .map(OrderLog.Settled.class::cast)
            .findFirst()
            .orElseThrow();
    assertEquals(
        new Metering(new WattHours(1000), new WattHours(900), new Amount(100)), said.metering());
  }

  @Test
  void oneSideAloneSettlesNothing() {
    ContractTerms terms = order();
    MarketOrders.record(chain, terms);
    Metering all = new Metering(new WattHours(1000), WattHours.ZERO, Amount.ZERO);
    MeteringAgreed said = new MeteringAgreed(terms.key(), all);
    assertRefused(
        "BadSignature",
        chain.buyer,
        chain.orders.settle(
            terms,
            all,
            Optional.empty(),
            Optional.of(MarketOrders.signed(chain, chain.buyer, said))));
  }

  @Test
  void anotherThingUnderTheSameKeyIsRefusedBeforeItIsSent() {
    ContractTerms terms = order();
    TransactionIntent request = MarketOrders.request(chain, terms);
    var sender = chain.sender(chain.otherBuyer);
    TransactionIntent other =
        TransactionIntent.call(
                request.key(), "something else", chain.orders.address(), request.data().take(4))
            .withGasLimit(100_000);
    var first = sender.submit(request.withGasLimit(100_000));
    assertThrows(IllegalArgumentException.class, () -> sender.submit(other), () -> "" + first);
    assertEquals(first.nonce(), sender.submit(request).nonce(), "decided on once");
    while (sender.advance().get(request.key()) instanceof TransactionStatus.Waiting) {
      Thread.onSpinWait();
    }
    chain.pass(Duration.ofSeconds(1));
  }
}

package chargepile.agent.cli.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.cli.CommandRun;
import chargepile.agent.evm.Anvil;
import chargepile.agent.evm.BlockRef;
import chargepile.agent.evm.Wei;
import chargepile.agent.evm.market.MarketChain;
import chargepile.agent.evm.market.MarketOrders;
import chargepile.agent.evm.market.OrderStatus;
import chargepile.agent.evm.market.ReviewLog;
import chargepile.agent.market.order.DeliveryWindow;
import chargepile.agent.market.order.eip712.ContractTerms;
import chargepile.agent.market.order.eip712.OrderKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code agency run} as a program on the real contracts (P2-08 to P2-10). */
@Tag("slow")
class AgencyProgramTest {
  private static final int SPAM = 80;

  @TempDir private Path folder;

  private MarketChain chain;
  private int orders;

  @BeforeEach
  void open() throws Exception {
    chain = MarketChain.open();
    chain.pass(MarketChain.NOTICE.plusSeconds(2)); // what is published is in force
    Files.writeString(folder.resolve("agency.key"), chain.agency.secret().toHex() + "\n");
    Files.writeString(folder.resolve("agency.toml"), config("agency.key"));
  }

  @AfterEach
  void close() {
    chain.close();
  }

  private String config(String keyFile) {
    return """
    [agency]
    data_dir = "agency"
    key_file = "%s"
    gas_reserve_gwei = 1000000
    [evm]
    rpc_url = "%s"
    chain_id = %d
    first_block = %d
    finality = "depth"
    final_depth_blocks = 1
    poll_s = 1
    [market]
    order_book = "%s"
    review_board = "%s"
    """
        .formatted(
            keyFile,
            chain.anvil.endpoint().url(),
            Anvil.CHAIN_ID,
            chain.since,
            chain.orders.address(),
            chain.board.address());
  }

  private Program agency() throws IOException {
    return agency(folder.resolve("agency.toml"));
  }

  private static Program agency(Path config) throws IOException {
    return new Program(() -> {}, "agency", "run", "--config", config.toString());
  }

  /** Each in an hour of its own. */
  private ContractTerms established(long doubledPrice) {
    orders++;
    Instant start = MarketChain.NOON.plus(Duration.ofHours(1 + orders));
    ContractTerms terms =
        MarketOrders.of(chain, chain.seller, chain.buyer)
            .price(doubledPrice)
            .window(new DeliveryWindow(start, start.plus(Duration.ofHours(1))))
            .id(orders);
    MarketOrders.establish(chain, terms);
    return terms;
  }

  private OrderStatus status(ContractTerms terms) {
    return chain.orders.order(terms.key(), BlockRef.LATEST).status();
  }

  private List<OrderKey> reviewed() {
    return chain.board.history(chain.since, chain.head().number()).stream()
        .filter(ReviewLog.Reviewed.class::isInstance)
        .map(log -> ((ReviewLog.Reviewed) log).order())
        .toList();
  }

  private static String approved(ContractTerms terms) {
    return "order %s is approved".formatted(terms.key());
  }

  @Test
  void itApprovesWhatKeepsTheRulesRejectsWhatBreaksOneAndEndsWithASignal() throws Exception {
    ContractTerms before = established(600);
    try (Program agency = agency()) {
      agency.await(line -> line.startsWith("reviewing the orders of "));
      agency.await(line -> line.equals(approved(before)));
      assertEquals(OrderStatus.APPROVED, status(before));
      ContractTerms dear = established(2 * 401);
      agency.await(
          line -> line.startsWith("order %s is rejected: it broke R4: ".formatted(dear.key())));
      assertEquals(OrderStatus.REJECTED, status(dear));
      agency.terminate();
      agency.await(line -> line.startsWith("stopped"));
      assertEquals(0, agency.exit(), agency.said());
    }
    assertFalse(Files.exists(folder.resolve("agency/agency.db-wal")), "the store was closed");
  }

  @Test
  void killedInTheMiddleItDecidesNothingTwiceAndMissesNothing() throws Exception {
    ContractTerms first = established(600);
    long nonce;
    try (Program agency = agency()) {
      agency.await(line -> line.equals(approved(first)));
      ContractTerms second = established(600);
      ContractTerms third = established(600);
      chain.anvil.autoMine(false);
      nonce = chain.node.nonce(chain.agency.account(), BlockRef.LATEST);
      // in a block already, or sent and in none: either way it is decided
      agency.await(line -> line.contains("market: order/" + third.key() + "#review"));
      agency.kill();
      chain.anvil.autoMine(true);
      chain.anvil.mine(1);
      ContractTerms meanwhile = established(600);
      try (Program again = agency()) {
        for (ContractTerms terms : List.of(second, third, meanwhile)) {
          String line = again.await(said -> said.startsWith("order ") && said.contains("approved"));
          assertTrue(
              List.of(approved(second), approved(third), approved(meanwhile)).contains(line),
              terms + " or another of them, not: " + line);
        }
        assertFalse(again.said().contains(approved(first)), "told before");
        for (ContractTerms terms : List.of(first, second, third, meanwhile)) {
          assertEquals(OrderStatus.APPROVED, status(terms));
        }
      }
    }
    assertEquals(4, reviewed().size());
    assertTrue(
        chain.node.nonce(chain.agency.account(), BlockRef.LATEST) <= nonce + 3,
        "a transaction for each, and no more");
  }

  @Test
  void requestsOfStrangersDoNotKeepItFromReviewing() throws Exception {
    try (Program agency = agency()) {
      agency.await(line -> line.startsWith("reviewing the orders of "));
      for (int i = 0; i < SPAM; i++) {
        ContractTerms spam =
            MarketOrders.of(chain, chain.otherSeller, chain.otherBuyer)
                .window(MarketOrders.hour(chain, 2))
                .id(1000 + i);
        var unused = chain.done(chain.otherBuyer, MarketOrders.request(chain, spam));
      }
      ContractTerms wanted = established(600);
      agency.await(line -> line.equals(approved(wanted)));
      agency.terminate();
      assertEquals(0, agency.exit(), agency.said());
    }
    assertEquals(1, reviewed().size());
  }

  @Test
  void whoIsNotTheAgencyIsToldWhoIs() throws Exception {
    Files.writeString(folder.resolve("other.key"), chain.stranger.secret().toHex());
    Files.writeString(folder.resolve("other.toml"), config("other.key"));
    CommandRun other = CommandRun.of("agency", "run", "--config", folder.resolve("other.toml"));
    assertEquals(1, other.exit());
    assertTrue(other.err().contains("which may not review; the agency of the review board"));
    assertTrue(other.err().contains("correct agency.key_file"), other.err());
    Files.writeString(folder.resolve("other.key"), chain.deputy.secret().toHex());
    Files.delete(folder.resolve("agency/agency.db"));
    CommandRun deputy = CommandRun.of("agency", "run", "--config", folder.resolve("other.toml"));
    assertTrue(deputy.err().contains("the deputy, who reviews by hand"), deputy.err());
  }

  @Test
  void aChainThatIsAwayAtTheStartIsWaitedFor() throws Exception {
    Path config =
        Files.writeString(
            folder.resolve("away.toml"),
            config("agency.key")
                .replace(chain.anvil.endpoint().url().toString(), "http://127.0.0.1:1"));
    try (Program agency = agency(config)) {
      agency.await(line -> line.contains("no chain, so nothing is reviewed yet; asking again: "));
      agency.terminate();
      assertEquals(0, agency.exit(), agency.said());
    }
  }

  @Test
  void onlyOneRunsOnAStore() throws Exception {
    try (Program agency = agency()) {
      agency.await(line -> line.startsWith("reviewing the orders of "));
      try (Program second = agency()) {
        assertEquals(1, second.exit(), second.said());
        assertTrue(second.said().contains("agency.db"), second.said());
      }
    }
  }

  @Test
  void aFeederThatIsClosedIsSaidNoToWithTheReason() throws Exception {
    ContractTerms order = established(600);
    try (Program agency =
        new Program(
            () -> {},
            "agency",
            "run",
            "--config",
            folder.resolve("agency.toml").toString(),
            "--veto",
            MarketChain.FEEDER.value() + "=maintenance")) {
      agency.await(
          line ->
              line.equals(
                  "order %s is rejected: the agency's veto: maintenance".formatted(order.key())));
    }
    assertEquals(OrderStatus.REJECTED, status(order));
  }

  @Test
  void whenItCannotPayItSaysSoAndWhichOrdersRunOutOfTime() throws Exception {
    chain.anvil.setBalance(chain.agency.account(), Wei.ZERO);
    try (Program agency = agency()) {
      agency.await(line -> line.endsWith("pay to it, or orders will expire"));
      ContractTerms late = established(600);
      agency.await(line -> line.contains("market: order/" + late.key() + "#review"));
      chain.pass(MarketChain.TIMING.review().minus(Duration.ofMinutes(2)));
      agency.await(
          line -> line.contains("the order %s must be reviewed by ".formatted(late.key())));
      chain.pass(Duration.ofMinutes(3));
      agency.await(
          line -> line.contains("the order %s was not reviewed by ".formatted(late.key())));
      chain.anvil.setBalance(chain.agency.account(), Wei.ofGwei(1_000_000_000L));
      ContractTerms next = established(600);
      agency.await(line -> line.equals(approved(next)));
      assertEquals(OrderStatus.APPROVED, status(next));
    }
  }
}

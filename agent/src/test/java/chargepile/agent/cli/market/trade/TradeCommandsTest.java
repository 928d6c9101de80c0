package chargepile.agent.cli.market.trade;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.cli.CommandRun;
import chargepile.agent.evm.BlockRef;
import chargepile.agent.evm.market.MarketChain;
import chargepile.agent.units.EvmAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** What people type, on a real chain with the real contracts. */
@TestMethodOrder(MethodOrderer.MethodName.class)
class TradeCommandsTest {
  @TempDir private static Path folder;
  private static MarketChain chain;

  @BeforeAll
  static void open() throws IOException, InterruptedException {
    chain = MarketChain.open();
    for (MarketChain.Member member :
        List.of(chain.seller, chain.buyer, chain.agency, chain.stranger)) {
      Files.writeString(folder.resolve(member + ".key"), member.secret().toHex() + "\n");
    }
  }

  @AfterAll
  static void close() {
    if (chain != null) {
      chain.close();
    }
  }

  private static List<Object> market(Object... command) {
    List<Object> all = new ArrayList<>(List.of("market"));
    all.addAll(List.of(command));
    all.addAll(List.of("--rpc", chain.anvil.endpoint().url(), "--chain", 31_337));
    all.addAll(List.of("--order-book", chain.orders.address(), "--first-block", chain.since));
    all.addAll(List.of("--finality", "1"));
    return all;
  }

  private static CommandRun run(MarketChain.Member by, Object... command) {
    List<Object> all = market(command);
    all.addAll(List.of("--key-file", folder.resolve(by + ".key")));
    all.addAll(List.of("--transactions", folder.resolve(by + "-transactions")));
    return CommandRun.of(all.toArray());
  }

  private static String done(MarketChain.Member by, Object... command) {
    CommandRun run = run(by, command);
    assertEquals(0, run.exit(), run.err());
    return run.out();
  }

  private static String shown(Object... command) {
    CommandRun run = CommandRun.of(market(command).toArray());
    assertEquals(0, run.exit(), run.err());
    return run.out();
  }

  private static String refused(MarketChain.Member by, Object... command) {
    CommandRun run = run(by, command);
    assertEquals(1, run.exit(), run.out());
    assertFalse(run.err().contains("\tat "), run.err());
    return run.err();
  }

  private static String found(String pattern, String text) {
    Matcher matcher = Pattern.compile(pattern).matcher(text);
    assertTrue(matcher.find(), () -> pattern + " in " + text);
    return matcher.group(1);
  }

  /** A listing of 50 kWh at 300 for two hours that begin in three. */
  private static String listing(Instant start) {
    return found(
        "listing (\\d+): 50 000 Wh at 300 per kWh",
        done(
            chain.seller,
            "publish",
            "offer",
            "--price",
            "300",
            "--energy-wh",
            50_000,
            "--start",
            start,
            "--end",
            start.plus(Duration.ofHours(2))));
  }

  private static Instant soon() {
    return chain.now().plus(Duration.ofHours(3)).plusSeconds(1);
  }

  private static String requested(String listing, Instant start, int id) {
    return found(
        "order (0x[0-9a-f]{64})",
        done(
            chain.buyer,
            "orders",
            "request",
            "--listing",
            listing,
            "--energy-wh",
            4000,
            "--start",
            start,
            "--end",
            start.plus(Duration.ofHours(1)),
            "--id",
            id));
  }

  private static String status(String order) {
    return found("\"status\":\"(\\w+)\"", shown("orders", "show", order, "--json"));
  }

  @Test
  void aListingIsPublishedAmendedAndWithdrawn() {
    chain.pass(Duration.ofHours(1));
    Instant start = soon();
    String listing = listing(start);
    assertTrue(shown("publish", "list").contains(chain.seller.account().toString()));
    String amended =
        done(
            chain.seller,
            "publish",
            "amend",
            listing,
            "--price",
            "312.5",
            "--energy-wh",
            7000,
            "--start",
            start,
            "--end",
            start.plus(Duration.ofHours(1)));
    assertTrue(amended.startsWith("listing " + listing + " is version 2"), amended);
    String json = shown("publish", "list", "--json");
    assertTrue(json.contains("\"version\":2"), json);
    assertTrue(json.contains("\"price\":312.5"), json);
    assertTrue(refused(chain.buyer, "publish", "withdraw", listing).contains("NotTheSeller"));
    String out = done(chain.seller, "publish", "withdraw", listing);
    assertTrue(out.startsWith("listing " + listing + " is withdrawn"), out);
    assertFalse(shown("publish", "list", "--json").contains("\"listing\":" + listing + ","));
    assertTrue(
        shown("publish", "list", "--all", "--json").contains("\"listing\":" + listing + ","));
  }

  @Test
  void anOrderIsCarriedFromItsRequestToThePayout() {
    chain.pass(Duration.ofHours(1));
    Instant start = soon();
    String listing = listing(start);
    String order = requested(listing, start, 1);
    assertTrue(
        refused(
                chain.buyer,
                "orders",
                "request",
                "--listing",
                listing,
                "--energy-wh",
                4000,
                "--start",
                start,
                "--end",
                start.plus(Duration.ofHours(1)))
            .contains("you have asked for just this before"));
    assertTrue(refused(chain.buyer, "orders", "confirm", order).contains("NotTheSeller"));
    assertTrue(done(chain.seller, "orders", "confirm", order).contains("waits for signatures"));
    assertTrue(shown("orders", "show", order).contains("buyer not yet, seller not yet"));
    done(chain.buyer, "orders", "sign", order);
    assertTrue(done(chain.seller, "orders", "sign", order).contains("waits for the review"));
    assertTrue(shown("review", "waiting").contains(order));
    assertTrue(refused(chain.stranger, "review", "order", order).contains("NotTheReviewer"));
    String approved = done(chain.agency, "review", "order", order);
    assertTrue(approved.startsWith("approved, in block"), approved);
    assertTrue(done(chain.stranger, "orders", "record", order).contains("on record"));
    assertTrue(refused(chain.seller, "orders", "begin", order).contains("TooEarly"));
    chain.at(start.plusSeconds(1));
    assertTrue(done(chain.seller, "orders", "begin", order).contains("under delivery"));
    String signature =
        done(chain.buyer, "orders", "settle", order, "--taken-wh", 4000, "--sign-only").strip();
    // What the buyer signed is not what the seller says.
    assertTrue(
        refused(
                chain.seller,
                "orders",
                "settle",
                order,
                "--taken-wh",
                4001,
                "--buyer-signature",
                signature)
            .contains("BadSignature"));
    String settled =
        done(
            chain.seller,
            "orders",
            "settle",
            order,
            "--taken-wh",
            4000,
            "--buyer-signature",
            signature);
    assertTrue(settled.contains("  settled"), settled);
    assertTrue(settled.contains("4 000 Wh taken of 4 000 Wh available"), settled);
    var before = chain.balance(chain.seller.account());
    var owed = chain.orders.owed(chain.seller.account(), BlockRef.LATEST);
    assertTrue(done(chain.seller, "orders", "claim").contains("paid to"));
    assertEquals(before.plus(owed), chain.balance(chain.seller.account()));
    assertTrue(done(chain.seller, "orders", "claim").startsWith("nothing is owed"));
  }

  @Test
  void anOrderEndsWithANoOfTheSellerAVetoOrSilence() {
    chain.pass(Duration.ofHours(1));
    Instant start = soon();
    String listing = listing(start);
    String first = requested(listing, start, 11);
    done(chain.seller, "orders", "refuse", first);
    assertEquals("refused", status(first));
    String second = requested(listing, start, 12);
    done(chain.seller, "orders", "confirm", second);
    done(chain.buyer, "orders", "sign", second);
    done(chain.seller, "orders", "sign", second);
    String veto = done(chain.agency, "review", "veto", second, "--reason", "grid_emergency");
    assertTrue(veto.contains("the agency's veto: grid emergency"), veto);
    assertTrue(shown("orders", "show", second).contains("the agency's veto"));
    String third = requested(listing, start, 13);
    assertTrue(refused(chain.stranger, "orders", "expire", third).contains("TooEarly"));
    chain.pass(MarketChain.TIMING.confirmation().plusSeconds(2));
    done(chain.stranger, "orders", "expire", third);
    assertEquals("expired", status(third));
    String open = shown("orders", "list", "--open", "--json");
    assertFalse(open.contains(third), open);
    String all = shown("orders", "list", "--party", chain.buyer.account());
    assertTrue(all.contains(first) && all.contains(second) && all.contains(third), all);
  }

  @Test
  void quotesAreMatchedOnTheChainAndMakeAnOrder() {
    // The beginning of a cycle that is still to come.
    long cycle =
        Duration.between(MarketChain.GENESIS, chain.now()).dividedBy(Duration.ofMinutes(15)) + 1;
    chain.at(MarketChain.RULES.start(cycle).plusSeconds(1));
    String ask =
        found(
            "quote (\\d+) in cycle " + cycle,
            done(chain.seller, "quote", "place", "ask", "--price", 310, "--energy-wh", 5000));
    String bid =
        found(
            "quote (\\d+) in",
            done(chain.buyer, "quote", "place", "bid", "--price", 305, "--energy-wh", 4000));
    assertTrue(shown("quote", "list").contains("quotes are taken until"));
    String changed =
        found(
            "quote (\\d+) stands for quote " + bid,
            done(chain.buyer, "quote", "change", bid, "--price", 321, "--energy-wh", 4000));
    assertTrue(refused(chain.stranger, "match", "--announce").contains("takes quotes until"));
    chain.at(MarketChain.RULES.start(cycle).plus(Duration.ofMinutes(4)).plusSeconds(5));
    assertTrue(refused(chain.buyer, "quote", "cancel", changed).contains("QuotesStandStill"));
    String json = done(chain.stranger, "match", "--announce", "--json");
    assertTrue(json.contains("\"price\":315.5"), json);
    assertTrue(json.contains("\"energy_wh\":4000"), json);
    assertTrue(done(chain.stranger, "match", "--announce").startsWith("nothing trades"));
    Instant start = soon();
    String order =
        found(
            "order (0x[0-9a-f]{64})",
            done(
                chain.buyer,
                "orders",
                "request",
                "--match",
                ask + ":" + changed,
                "--start",
                start,
                "--end",
                start.plus(Duration.ofHours(1))));
    assertTrue(shown("orders", "show", order).contains("315.5 units per kWh"));
    chain.at(MarketChain.RULES.start(cycle).plus(Duration.ofMinutes(5)).plusSeconds(5));
    assertTrue(done(chain.seller, "quote", "cancel", ask).contains("out of the book"));
    assertTrue(shown("quote", "list").contains("nothing is quoted"));
  }

  @Test
  void theAgencyPublishesWhatItReviewsBy() {
    String before = shown("review", "limits");
    assertTrue(before.contains("300 units to 400 units for a kWh"), before);
    assertTrue(before.contains("feeder-1"), before);
    assertTrue(
        refused(chain.stranger, "review", "publish-limits", "--cap", 450).contains("NotTheAgency"));
    String out = done(chain.agency, "review", "publish-limits", "--cap", 450);
    assertTrue(out.startsWith("published in block"), out);
    assertTrue(shown("review", "limits", "--json").contains("\"cap\":450"));
    assertTrue(
        refused(chain.agency, "review", "publish-limits", "--cap", 450)
            .contains("published already"));
    assertTrue(
        done(chain.agency, "review", "publish-feeder", "feeder-9", 22_000)
            .contains("22 000 W in each direction"));
    assertTrue(
        done(chain.agency, "review", "publish-pile", "pile-1", "feeder-1")
            .contains("hangs on feeder feeder-1"));
    assertTrue(
        refused(chain.agency, "review", "publish-pile", "pile-7", "feeder-1")
            .contains("no pile pile-7 is registered"));
  }

  @Test
  void theAgencyPublishesLinesAndConversionTables() {
    String lines =
        done(
            chain.agency,
            "review",
            "publish-lines",
            "trunk=40000:feeder-1=1000000,feeder-2=-500000",
            "node=20:feeder-1=900");
    assertTrue(lines.startsWith("2 lines published in block"), lines);
    assertTrue(
        shown("review", "limits").contains("trunk bears 40 000: feeder-1 1000000, feeder-2 -500"));
    for (String wrong : List.of("trunk", "trunk=1:feeder-1", "trunk=1:f=1,f=2", "=1:f=1")) {
      assertTrue(refused(chain.agency, "review", "publish-lines", wrong).contains(wrong));
    }
    assertTrue(
        done(chain.agency, "review", "publish-lines", "--none").startsWith("0 lines published"));
    assertTrue(
        refused(chain.agency, "review", "publish-lines").contains("Give all that are to hold"));

    assertTrue(
        refused(chain.stranger, "review", "publish-table", "hydrogen=100/3:g")
            .contains("NotTheAgency"));
    String table = done(chain.agency, "review", "publish-table", "hydrogen=100/3:g");
    assertTrue(table.startsWith("table 2 of 2 types published in block"), table);
    String shown = shown("review", "tables");
    assertTrue(shown.contains("hydrogen             1 g is 100/3 Wh"), shown);
    assertTrue(
        shown("review", "tables", "--json")
            .contains("{\"version\":1,\"factors\":{\"electricity\":{\"unit\":\"Wh\","));
    assertTrue(
        refused(chain.agency, "review", "publish-table", "hydrogen=100/3:g")
            .contains("table 2 says just this"));
    for (String wrong : List.of("hydrogen=1/0:g", "hydrogen=1", "Hydrogen=1/1")) {
      assertTrue(refused(chain.agency, "review", "publish-table", wrong).contains(wrong));
    }
  }

  @Test
  void aFileOfTheDeploymentAndAWalletServeAsWell() throws IOException {
    Path evm = folder.resolve("evm.toml");
    Files.writeString(
        evm,
        """
        [evm]
        rpc_url = "%s"
        second_rpc_url = "http://127.0.0.1:1"
        chain_id = 31337
        finality = "depth"
        final_depth_blocks = 1
        voucher_channel = "%s"
        token = "%s"
        first_block = %d

        [market]
        registry = "%s"
        offer_board = "%s"
        order_book = "%s"
        quote_book = "%s"
        review_board = "%s"
        settlement_log = "%s"
        feeder = "feeder-1"
        bid_start_base_units_per_kwh = 300
        """
            .formatted(
                chain.anvil.endpoint().url(),
                chain.registry.address(),
                chain.token.address(),
                chain.since,
                chain.registry.address(),
                chain.offers.address(),
                chain.orders.address(),
                chain.quotes.address(),
                chain.board.address(),
                chain.settlements.address()));
    CommandRun look = CommandRun.of("market", "quote", "list", "--evm", evm);
    assertEquals(0, look.exit(), look.err());
    CommandRun nobody =
        CommandRun.of("market", "quote", "cancel", 1, "--evm", evm, "--data", folder);
    assertTrue(nobody.err().contains("there is no wallet in"), nobody.err());
    CommandRun nameless = CommandRun.of("market", "quote", "cancel", 1, "--evm", evm);
    assertTrue(nameless.err().contains("whose account? Give"), nameless.err());
  }

  @Test
  void whatCanNotBeIsSaidBeforeAnythingIsSent() {
    EvmAddress nowhere = chain.stranger.account();
    CommandRun wrong =
        CommandRun.of(
            "market",
            "orders",
            "list",
            "--rpc",
            chain.anvil.endpoint().url(),
            "--chain",
            31_337,
            "--order-book",
            nowhere);
    assertEquals(1, wrong.exit());
    assertTrue(wrong.err().contains("there is no contract at " + nowhere), wrong.err());
    CommandRun other =
        CommandRun.of("market", "orders", "list", "--rpc", "http://127.0.0.1:1", "--chain", 1);
    assertEquals(1, other.exit());
    assertTrue(other.err().contains("--order-book is missing"), other.err());
    assertTrue(
        CommandRun.of(market("orders", "sign", "0x" + "00".repeat(32)).toArray())
            .err()
            .contains("whose account?"));
    assertTrue(
        refused(chain.buyer, "orders", "sign", "0x" + "00".repeat(32)).contains("has no order"));
    assertTrue(refused(chain.buyer, "orders", "sign", "0x12").contains("64 hexadecimal digits"));
    assertTrue(
        refused(
                chain.buyer,
                "orders",
                "request",
                "--start",
                "2026-01-01T12:00:00Z",
                "--end",
                "2026-01-01T13:00:00Z")
            .contains("one of --listing, --match and --seller"));
    assertTrue(refused(chain.buyer, "match").contains("one of the two"));
  }
}

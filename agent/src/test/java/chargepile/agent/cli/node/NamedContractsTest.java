package chargepile.agent.cli.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.chain.ChainException;
import chargepile.agent.cli.CommandRun;
import chargepile.agent.config.ConfigFile;
import chargepile.agent.config.LedgerSettings;
import chargepile.agent.config.MarketSettings;
import chargepile.agent.crypto.BouncyCastleSigner;
import chargepile.agent.evm.Anvil;
import chargepile.agent.evm.Wei;
import chargepile.agent.evm.market.MarketChain;
import chargepile.agent.runtime.Market;
import chargepile.agent.runtime.MarketMemory;
import chargepile.agent.runtime.NodeKeys;
import chargepile.agent.units.Amount;
import chargepile.agent.units.EvmAddress;
import chargepile.agent.units.WattHours;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A configuration that names other contracts than the order book does opens no market. */
class NamedContractsTest {
  private static final String ELSEWHERE = "0x00000000000000000000000000000000000000aa";

  @TempDir private static Path folder;
  private static MarketChain chain;

  @BeforeAll
  static void open() throws Exception {
    chain = MarketChain.open();
  }

  @AfterAll
  static void close() {
    if (chain != null) {
      chain.close();
    }
  }

  /** A pile's, with one key another way. */
  private static String config(String key, String value) {
    return """
    ledger = "evm"
    [pile]
    id = "pile-1"
    data_dir = "%s"
    [tariff]
    price_base_units_per_kwh = 390
    [evm]
    rpc_url = "%s"
    chain_id = %d
    voucher_channel = "0x00000000000000000000000000000000000000bb"
    token = "%s"
    first_block = %d
    finality = "depth"
    final_depth_blocks = 1
    [market]
    registry = "%s"
    offer_board = "%s"
    quote_book = "%s"
    order_book = "%s"
    review_board = "%s"
    settlement_log = "%s"
    feeder = "feeder-1"
    """
        .formatted(
            folder,
            chain.anvil.endpoint().url(),
            Anvil.CHAIN_ID,
            chain.token.address(),
            chain.since,
            chain.registry.address(),
            chain.offers.address(),
            chain.quotes.address(),
            chain.orders.address(),
            chain.board.address(),
            chain.settlements.address())
        .replaceFirst("(?m)^%s = .*$".formatted(key), "%s = \"%s\"".formatted(key, value));
  }

  private static LedgerSettings.Evm ledger(String key, String value) throws Exception {
    return (LedgerSettings.Evm) ConfigFile.parse("c.toml", config(key, value)).ledger();
  }

  private static List<String> contradictions(String key, String value) throws Exception {
    LedgerSettings.Evm ledger = ledger(key, value);
    EvmAddress book = market(ledger).contracts().orderBook();
    return NamedContracts.of(ledger, book).contradictions(chain.node, book);
  }

  private static MarketSettings market(LedgerSettings.Evm ledger) {
    return ledger.market().orElseThrow();
  }

  @Test
  void whatTheOrderBookNamesIsAgreedTo() throws Exception {
    assertEquals(List.of(), contradictions("id", "pile-1"));
  }

  @ParameterizedTest
  @CsvSource({
    "registry, market.registry is 0x",
    "offer_board, market.offer_board is 0x",
    "quote_book, market.quote_book is 0x",
    "review_board, market.review_board is 0x",
    "settlement_log, market.settlement_log is 0x",
    "token, evm.token is 0x",
    "order_book, which market.order_book says",
  })
  void eachKeyThatNamesAnotherIsToldAlone(String key, String told) throws Exception {
    List<String> all = contradictions(key, ELSEWHERE);
    assertEquals(1, all.size(), all::toString);
    assertTrue(all.getFirst().contains(told), all::toString);
    assertTrue(all.getFirst().contains(ELSEWHERE.substring(0, 38)), all::toString);
  }

  @Test
  void aContractOfAnotherKindIsToldToo() throws Exception {
    String all = contradictions("settlement_log", chain.token.address().toString()).toString();
    assertTrue(all.contains("which is none"), all);
  }

  @Test
  void whatStandsThereIsToldBesideWhatIsConfigured() throws Exception {
    String said = contradictions("quote_book", ELSEWHERE).getFirst();
    assertTrue(said.toLowerCase(Locale.ROOT).contains(chain.quotes.address().toString()));
  }

  @Test
  void aPileDoesNotTradeAndAWalletDoesNotBid() throws Exception {
    for (String key : List.of("quote_book", "token")) {
      LedgerSettings.Evm ledger = ledger(key, ELSEWHERE);
      Market pile = Trading.ofPile(means(ledger), market(ledger), new Amount(390));
      String told = String.valueOf(assertThrows(ChainException.class, pile.ledger()::view));
      assertTrue(told.contains("." + key + " is 0x"), told);
      assertTrue(told.contains("correct the key that is wrong"), told);
      Trading.Want want =
          new Trading.Want(
              new MarketSettings.Prices(new Amount(300), new Amount(390), Amount.ZERO),
              new WattHours(100),
              new Amount(1000),
              MarketChain.GENESIS,
              Duration.ofHours(1),
              Duration.ofHours(1),
              market(ledger).onDefault());
      told =
          String.valueOf(
              assertThrows(
                  ChainException.class,
                  () -> Trading.ofDriver(means(ledger), chain.seller.secret().publicKey(), want)));
      assertTrue(told.contains("." + key + " is 0x"), told);
    }
  }

  private static Trading.Means means(LedgerSettings.Evm ledger) throws Exception {
    EvmAddress book = market(ledger).contracts().orderBook();
    return new Trading.Means(
        book,
        NamedContracts.of(ledger, book),
        new NodeKeys(
            SeedFile.open(folder.resolve("seed"), Optional.empty(), folder.resolve("p.db")),
            new BouncyCastleSigner()),
        chain.node,
        chain.sender(chain.stranger),
        () -> Wei.ZERO,
        chain.since,
        _ -> () -> {},
        new NoMemory(),
        Runnable::run,
        _ -> {});
  }

  private static final class NoMemory implements MarketMemory {
    @Override
    public Optional<byte[]> load() {
      return Optional.empty();
    }

    @Override
    public void save(byte[] remembered) {}
  }

  @Test
  void aCommandOfTheMarketIsRefused() throws Exception {
    Path file = folder.resolve("pile.toml");
    Files.writeString(file, config("id", "pile-1"));
    CommandRun sound = CommandRun.of("market", "quote", "list", "--config", file);
    assertEquals(0, sound.exit(), sound.err());
    Files.writeString(file, config("review_board", ELSEWHERE));
    CommandRun refused = CommandRun.of("market", "quote", "list", "--config", file);
    assertEquals(1, refused.exit(), refused.out());
    assertTrue(refused.err().contains("market.review_board is 0x"), refused.err());
    assertFalse(refused.err().contains("\tat "), refused.err());
    CommandRun other =
        CommandRun.of("market", "quote", "list", "--config", file, "--order-book", ELSEWHERE);
    assertFalse(other.err().contains("market.review_board"), other.err());
  }

  @Test
  void doctorTellsIt() throws Exception {
    Path file = folder.resolve("doctor.toml");
    Files.writeString(file, config("id", "pile-1"));
    String sound = CommandRun.of("doctor", "--config", file).out();
    assertTrue(sound.contains("names the contracts of [market]"), sound);
    Files.writeString(file, config("offer_board", ELSEWHERE));
    CommandRun run = CommandRun.of("doctor", "--config", file);
    assertEquals(1, run.exit());
    assertTrue(run.out().contains("market.offer_board is 0x"), run.out());
  }
}

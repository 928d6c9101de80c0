package chargepile.agent.cli.market;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.cli.CommandRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MatchCommandTest {
  private static final String TABLE =
      """
      id,party,side,price,energy_wh,round
      # the table's quotes, in Wh by the thousand
      1,pile-1,ask,10,5000,1
      3,car-1,bid,15,7000,1

      2,pile-2,ask,12,5000,1
      4,car-2,bid,11,4000,1
      """;

  @TempDir Path folder;

  @Test
  void theTablesQuotesTrade() throws IOException {
    CommandRun run = run(TABLE);
    assertEquals(0, run.exit(), run.err());
    assertTrue(run.out().contains("12.5"), run.out());
    assertTrue(run.out().contains("13.5"), run.out());
    assertTrue(run.out().contains("100 % of the possible surplus"), run.out());
  }

  @Test
  void jsonHasTradesAndTheRest() throws IOException {
    String json = run(TABLE, "--json").out();
    assertTrue(
        json.contains(
            "{\"round\":1,\"ask\":1,\"bid\":3,\"seller\":\"pile-1\",\"buyer\":\"car-1\","
                + "\"ask_price\":10,\"bid_price\":15,\"price\":12.5,\"energy_wh\":5000,"
                + "\"amount\":62}"),
        json);
    assertTrue(
        json.contains("\"asks\":[{\"id\":2,\"party\":\"pile-2\",\"price\":12,\"energy_wh\":3000}]"),
        json);
    assertTrue(
        json.contains("\"bids\":[{\"id\":4,\"party\":\"car-2\",\"price\":11,\"energy_wh\":4000}]"),
        json);
  }

  @Test
  void laterRoundsRequoteAndWithdraw() throws IOException {
    String json =
        run(TABLE + "2,pile-2,ask,11,3000,2\n4,car-2,bid,12,4000,2\n2,pile-2,ask,0,0,3\n", "--json")
            .out();
    assertTrue(json.contains("{\"round\":2,\"ask\":2,\"bid\":4"), json);
    assertTrue(json.contains("\"price\":11.5,\"energy_wh\":3000"), json);
    assertTrue(json.contains("\"refused\":[{\"line\":10,\"id\":2,\"code\":\"not_in_book\""), json);
  }

  /** By the quotes every round is as good as can be; by what the parties hide it is not. */
  @Test
  void theCycleIsMeasuredByTheLimits() throws IOException {
    String file =
        """
        id,party,side,price,energy_wh,round,limit
        1,pile-1,ask,18,1000,1,10
        2,car-1,bid,20,1000,1,20
        3,pile-2,ask,21,1000,1,12
        4,car-2,bid,15,1000,1,
        """;
    CommandRun run = run(file);
    assertEquals(0, run.exit(), run.err());
    assertTrue(
        run.out().contains("round 1: 100 % of the possible surplus, 50 % of it the sellers'"),
        run.out());
    // 10 of 13 a kWh: car-2 and pile-2 did not find each other; pile-1 sold 9 above its limit
    assertTrue(
        run.out().contains("cycle: 76.923 % of the possible surplus, 90 % of it the sellers'"),
        run.out());
    assertTrue(
        run(file, "--json")
            .out()
            .contains("\"cycle\":{\"efficiency_ppm\":769230,\"sellers_share_ppm\":900000}"));
  }

  @Test
  void whatIsQuotedLaterCountsForTheWholeCycle() throws IOException {
    String file =
        """
        id,party,side,price,energy_wh,round
        1,a,ask,16,1000,1
        2,b,bid,12,1000,1
        1,a,ask,12,400,2
        2,b,bid,14,400,2
        """;
    String json = run(file, "--json").out();
    assertTrue(json.contains("{\"round\":1,\"efficiency_ppm\":1000000}"), json);
    assertTrue(json.contains("\"cycle\":{\"efficiency_ppm\":400000,"), json);
  }

  @Test
  void equalPricesTradeByTheWeakRuleOnly() throws IOException {
    String even = "id,party,side,price,energy_wh,round\n1,a,ask,10,1,1\n2,b,bid,10,1,1\n";
    assertTrue(run(even).out().contains("nothing trades: no bid is above an ask"));
    assertTrue(run(even, "--cross", "weak", "--json").out().contains("\"price\":10,"));
  }

  @Test
  void whatTheMarketRefusesIsToldAndTheRestGoesOn() throws IOException {
    CommandRun run = run(TABLE + "5,pile-2,bid,13,100,1\n");
    assertEquals(0, run.exit());
    assertTrue(run.out().startsWith("refused: line 8, quote 5 of pile-2: it crosses"), run.out());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1,pile-1,ask,10x,5,1|line 2, column 14: price \"10x\"",
        "1,pile-1,ask, 99999999999999999999,5,1|column 15: price",
        "-1,pile-1,ask,10,5,1|column 1: id \"-1\"",
        "1,Pile,ask,10,5,1|column 3: party \"Pile\"",
        "1,pile-1,sell,10,5,1|column 10: side \"sell\"",
        "1,pile-1,ask,10,5,0|column 19: round \"0\"",
        "1,pile-1,ask,10,5|5 fields instead of 6",
        "1,pile-1,ask,10,5,1,1|column 21: 7 fields instead of 6",
        "1,pile-1,ask,9000000000000001,5,1|a price is at most",
      })
  void aBadLineIsToldWithItsPlace(String line, String reason) throws IOException {
    assertWrong("id,party,side,price,energy_wh,round\n" + line + "\n", reason);
  }

  @Test
  void aFileThatIsNoneIsTold() throws IOException {
    assertWrong("", "line 1, column 1: the line id,party,side,price,energy_wh,round is missing");
    assertWrong("1,a,ask,10,5,1\n", "the first line must be id,party");
    assertWrong(
        "id,party,side,price,energy_wh,round\n1,a,ask,10,5,2\n2,b,bid,10,5,1\n",
        "line 3, column 14: round 1 comes after round 2");
    assertTrue(CommandRun.of("market", "match", folder).err().contains("is a folder"));
    assertTrue(
        CommandRun.of("market", "match", folder.resolve("none")).err().contains("does not exist"));
    Files.write(folder.resolve("binary"), new byte[] {(byte) 0xff, (byte) 0xfe});
    assertTrue(CommandRun.of("market", "match", folder.resolve("binary")).err().contains("UTF-8"));
  }

  @Test
  void withoutAVerbItSaysWhichThereAre() {
    CommandRun run = CommandRun.of("market");
    assertEquals(2, run.exit());
    assertTrue(run.err().contains("match"), run.err());
  }

  private void assertWrong(String text, String reason) throws IOException {
    CommandRun run = run(text);
    assertEquals(1, run.exit());
    assertTrue(run.err().contains(reason), run.err());
    assertEquals("", run.out());
  }

  private CommandRun run(String text, Object... options) throws IOException {
    Path file = folder.resolve("quotes.csv");
    Files.writeString(file, text);
    Object[] arguments = new Object[options.length + 3];
    arguments[0] = "market";
    arguments[1] = "match";
    arguments[2] = file;
    System.arraycopy(options, 0, arguments, 3, options.length);
    return CommandRun.of(arguments);
  }
}

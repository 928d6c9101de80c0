package chargepile.agent.cli.driver;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.node.DurableFile;
import chargepile.agent.cli.node.Trading;
import chargepile.agent.config.MarketSettings;
import chargepile.agent.crypto.Eip55;
import chargepile.agent.units.Amount;
import chargepile.agent.units.EvmAddress;
import chargepile.agent.units.WattHours;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.Properties;

/**
 * What a wallet is buying on a market, in its folder from before the first bid until all is
 * settled: the next start goes on with it, and counts what was bought before.
 */
final class WantFile {
  /** Its name in the wallet's folder. */
  static final String NAME = "market-want";

  /** Left out where there is no bound. */
  private static final String MOST_AT_STAKE = "default_amount";

  private final Path file;

  /**
   * @param orderBook of the market
   */
  record Kept(EvmAddress orderBook, Trading.Want want) {}

  WantFile(Path folder) {
    this.file = folder.resolve(NAME);
  }

  /** Empty when nothing is being bought. */
  Optional<Kept> load() throws CommandFailedException {
    Properties lines = new Properties();
    try {
      lines.load(new StringReader(Files.readString(file)));
      return Optional.of(read(lines));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException | IllegalArgumentException | DateTimeParseException e) {
      throw new CommandFailedException(
          ("%s, which says what is being bought, can't be read: %s. Correct it; if no order is"
                  + " under way (chargepile market orders), delete it")
              .formatted(file, e.getMessage()),
          e);
    }
  }

  private static Kept read(Properties lines) {
    return new Kept(
        EvmAddress.of(text(lines, "order_book")),
        new Trading.Want(
            new MarketSettings.Prices(
                amount(lines, "bid_start"), amount(lines, "bid_limit"), amount(lines, "bid_step")),
            new WattHours(number(lines, "energy_wh")),
            amount(lines, "budget"),
            Instant.parse(text(lines, "since")),
            Duration.ofSeconds(number(lines, "lead_s")),
            Duration.ofSeconds(number(lines, "window_s")),
            new MarketSettings.OnDefault(
                lines.containsKey(MOST_AT_STAKE)
                    ? Optional.of(amount(lines, MOST_AT_STAKE))
                    : Optional.empty(),
                amount(lines, "default_rate"),
                Math.toIntExact(number(lines, "tolerance_basis_points")))));
  }

  private static String text(Properties lines, String key) {
    String value = lines.getProperty(key);
    if (value == null) {
      throw new IllegalArgumentException(key + " is missing");
    }
    return value;
  }

  private static long number(Properties lines, String key) {
    try {
      return Long.parseLong(text(lines, key));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(key + " is no number", e);
    }
  }

  private static Amount amount(Properties lines, String key) {
    return new Amount(number(lines, key));
  }

  /** Puts it on the disk. */
  void save(Kept kept) throws IOException {
    Trading.Want want = kept.want();
    String text =
        """
        # What this wallet is buying; amounts in base units of the token, prices a kilowatt-hour
        order_book=%s
        bid_start=%d
        bid_limit=%d
        bid_step=%d
        energy_wh=%d
        budget=%d
        since=%s
        lead_s=%d
        window_s=%d
        default_rate=%d
        tolerance_basis_points=%d
        %s\
        """
            .formatted(
                Eip55.write(kept.orderBook()),
                want.bid().start().value(),
                want.bid().limit().value(),
                want.bid().step().value(),
                want.energy().value(),
                want.budget().value(),
                want.since(),
                want.lead().toSeconds(),
                want.window().toSeconds(),
                want.onDefault().ratePerKwh().value(),
                want.onDefault().toleranceBasisPoints(),
                want.onDefault()
                    .amount()
                    .map(most -> "%s=%d%n".formatted(MOST_AT_STAKE, most.value()))
                    .orElse(""));
    DurableFile.write(file, text.getBytes(StandardCharsets.UTF_8));
  }

  /** All was settled. */
  void delete() throws IOException {
    Files.deleteIfExists(file);
  }
}

package chargepile.agent.cli.market.trade;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.evm.market.Offer;
import fr.acinq.bitcoin.ByteVector32;
import picocli.CommandLine.Option;

/** What a listing says. */
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class OfferOptions {
  @Option(
      names = "--price",
      paramLabel = "N",
      required = true,
      description = "For a kWh, in the token's smallest unit; 12.5 is as exact as it gets.")
  private String price;

  @Option(
      names = "--energy-wh",
      paramLabel = "N",
      required = true,
      description = "What is open to be ordered, in Wh.")
  private long energy;

  @Option(
      names = "--start",
      paramLabel = "TIME",
      required = true,
      description = "From when on it can be delivered, such as 2026-01-01T12:00:00Z.")
  private String start;

  @Option(
      names = "--end",
      paramLabel = "TIME",
      required = true,
      description = "The first second in which it no longer can.")
  private String end;

  @Option(
      names = "--metadata",
      paramLabel = "HASH",
      defaultValue = "0x0000000000000000000000000000000000000000000000000000000000000000",
      showDefaultValue = picocli.CommandLine.Help.Visibility.NEVER,
      description = "A hash of what else there is to say, 64 hexadecimal digits (default: zeros).")
  private String metadata;

  Offer offer() throws CommandFailedException {
    if (!metadata.matches("(0x)?[0-9a-fA-F]{64}")) {
      throw new CommandFailedException(
          "--metadata %s: a hash is 64 hexadecimal digits".formatted(metadata));
    }
    return new Offer(
        Arguments.price("--price", price),
        Arguments.energy("--energy-wh", energy),
        Arguments.window(start, end),
        new ByteVector32(metadata.replaceFirst("^0x", "")));
  }
}

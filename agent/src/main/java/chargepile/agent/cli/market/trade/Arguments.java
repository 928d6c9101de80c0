package chargepile.agent.cli.market.trade;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.crypto.EvmSignature;
import chargepile.agent.market.TradePrice;
import chargepile.agent.market.order.DeliveryWindow;
import chargepile.agent.market.order.eip712.OrderKey;
import chargepile.agent.units.Amount;
import chargepile.agent.units.EvmAddress;
import chargepile.agent.units.WattHours;
import fr.acinq.bitcoin.ByteVector;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What people type, as values; what is none is said with the option that it was given to. */
final class Arguments {
  private Arguments() {}

  static EvmAddress address(String option, String text) throws CommandFailedException {
    if (!text.matches("0x[0-9a-fA-F]{40}")) {
      throw new CommandFailedException(
          "%s %s: an address is 0x and 40 hexadecimal digits".formatted(option, text));
    }
    return EvmAddress.of(text);
  }

  static OrderKey order(String text) throws CommandFailedException {
    try {
      return OrderKey.of(text);
    } catch (IllegalArgumentException e) {
      throw new CommandFailedException("%s: %s".formatted(text, e.getMessage()), e);
    }
  }

  /** Whole units for a kilowatt-hour, or half of one more. */
  static TradePrice price(String option, String text) throws CommandFailedException {
    try {
      BigDecimal doubled = new BigDecimal(text).multiply(BigDecimal.valueOf(2));
      return new TradePrice(doubled.longValueExact());
    } catch (ArithmeticException | IllegalArgumentException e) {
      throw new CommandFailedException(
          "%s %s: a price is 0 or more of the token's smallest units, halves included"
              .formatted(option, text),
          e);
    }
  }

  static Amount amount(String option, long value) throws CommandFailedException {
    if (value < 0) {
      throw new CommandFailedException("%s %d: 0 or more is wanted".formatted(option, value));
    }
    return new Amount(value);
  }

  static WattHours energy(String option, long value) throws CommandFailedException {
    if (value < 1) {
      throw new CommandFailedException("%s %d: 1 or more is wanted".formatted(option, value));
    }
    return new WattHours(value);
  }

  static Instant time(String option, String text) throws CommandFailedException {
    try {
      Instant time = OffsetDateTime.parse(text).toInstant();
      if (time.truncatedTo(ChronoUnit.SECONDS).equals(time)) {
        return time;
      }
    } catch (DateTimeException e) {
      throw badTime(option, text, e);
    }
    throw badTime(option, text, null);
  }

  private static CommandFailedException badTime(
      String option, String text, @Nullable Throwable cause) {
    String message =
        "%s %s: a time is such as 2026-01-01T12:00:00Z or 2026-01-01T13:00:00+01:00"
            .formatted(option, text);
    return cause == null
        ? new CommandFailedException(message)
        : new CommandFailedException(message, cause);
  }

  static DeliveryWindow window(String start, String end) throws CommandFailedException {
    try {
      return new DeliveryWindow(time("--start", start), time("--end", end));
    } catch (IllegalArgumentException e) {
      throw new CommandFailedException("--end: " + e.getMessage(), e);
    }
  }

  static Optional<EvmSignature> signature(String option, @Nullable String text)
      throws CommandFailedException {
    if (text == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(EvmSignature.of(new ByteVector(text.replaceFirst("^0x", ""))));
    } catch (RuntimeException e) {
      // Hexadecimal digits are read by a library with exceptions of its own.
      throw new CommandFailedException(
          "%s: no signature, which is 130 hexadecimal digits: %s".formatted(option, e.getMessage()),
          e);
    }
  }
}

package chargepile.agent.cli.market.account;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.Figures;
import chargepile.agent.evm.BlockRef;
import chargepile.agent.evm.EvmException;
import chargepile.agent.evm.EvmNode;
import chargepile.agent.evm.TokenContract;
import chargepile.agent.evm.UnreachableNodeException;
import chargepile.agent.units.Amount;
import chargepile.agent.units.Denomination;
import chargepile.agent.units.EvmAddress;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.tinylog.Logger;

/**
 * The token of energy accounts, and what stands behind it: a unit of the one is a unit of the
 * other.
 *
 * @param underlying empty where the token is no energy account's: it is held as it is
 */
record EnergyToken(
    EvmNode node, TokenContract token, Denomination money, Optional<Underlying> underlying) {
  private static final Pattern SUM =
      Pattern.compile("([0-9]{1,30}(?:\\.[0-9]{1,30})?) ?([A-Za-z][A-Za-z0-9]{0,11})?");

  /** What is deposited, and what a withdrawal gives back. */
  record Underlying(TokenContract token, Denomination money) {}

  /**
   * @throws EvmException also when what stands there is no token
   */
  static EnergyToken at(EvmNode node, EvmAddress address) {
    TokenContract token = new TokenContract(node, address);
    int decimals = token.decimals();
    Denomination money = Denomination.ofToken(token.symbol(), decimals);
    Optional<EvmAddress> underlying = told(token::underlying);
    return new EnergyToken(
        node,
        token,
        money,
        underlying.map(
            at -> {
              TokenContract behind = new TokenContract(node, at);
              return new Underlying(
                  behind, Denomination.ofToken(told(behind::symbol).orElse(""), decimals));
            }));
  }

  /** Empty: the contract has no such function, or says what is none. */
  private static <T> Optional<T> told(Supplier<T> question) {
    try {
      return Optional.of(question.get());
    } catch (UnreachableNodeException e) {
      throw e;
    } catch (EvmException e) {
      Logger.debug(e, "a token does not say it");
      return Optional.empty();
    }
  }

  Amount balance(EvmAddress account) {
    return token.balance(account, BlockRef.LATEST);
  }

  /**
   * @throws CommandFailedException where the token has no deposits
   */
  Underlying requireUnderlying() throws CommandFailedException {
    return underlying.orElseThrow(
        () ->
            new CommandFailedException(
                "the token %s is no energy account's: nothing is deposited for it, it is sent to accounts as it is"
                    .formatted(token.address())));
  }

  /**
   * What a person typed: {@code 2500000} of the smallest unit, or {@code 2.5CPEA}.
   *
   * @throws CommandFailedException when it is nothing, or not whole in the smallest unit
   */
  Amount amount(String text) throws CommandFailedException {
    Matcher matcher = SUM.matcher(text.strip());
    if (!matcher.matches()) {
      throw new CommandFailedException(
          "\"%s\" is no amount: give the token's smallest units, as in 2500000, or its own, as in 2.5%s"
              .formatted(text, money.symbol()));
    }
    BigDecimal number = new BigDecimal(matcher.group(1));
    if (matcher.group(2) != null) {
      number = number.movePointRight(denomination(text, matcher.group(2)).decimals());
    }
    long units;
    try {
      units = number.longValueExact();
    } catch (ArithmeticException e) {
      throw new CommandFailedException(
          matcher.group(2) == null
              ? "\"%s\" is no whole number of the smallest unit; did you mean %s%s?"
                  .formatted(text, matcher.group(1), money.symbol())
              : "\"%s\" is more than can be counted, or finer than the %d decimals of the token"
                  .formatted(text, money.decimals()),
          e);
    }
    if (units == 0) {
      throw new CommandFailedException("an amount of 0: nothing would be moved");
    }
    return new Amount(units);
  }

  private Denomination denomination(String text, String symbol) throws CommandFailedException {
    for (Denomination known :
        underlying.map(behind -> List.of(money, behind.money())).orElse(List.of(money))) {
      if (known.symbol().equalsIgnoreCase(symbol)) {
        return known;
      }
    }
    throw new CommandFailedException(
        "\"%s\": amounts here are in %s, or in its smallest unit without a name"
            .formatted(text, money.symbol()));
  }

  /** {@code 2.5 CPEA (2 500 000 base units)}. */
  static String words(Denomination money, Amount amount) {
    String exact = Figures.exact(money.unit(), amount);
    return money.decimals() == 0 ? exact : "%s (%s)".formatted(Figures.money(money, amount), exact);
  }

  String words(Amount amount) {
    return words(money, amount);
  }
}

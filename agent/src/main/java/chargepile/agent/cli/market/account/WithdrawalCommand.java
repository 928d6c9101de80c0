package chargepile.agent.cli.market.account;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.CommonOptions;
import chargepile.agent.cli.market.chain.AddressConverter;
import chargepile.agent.cli.market.chain.ByHand;
import chargepile.agent.config.ConfigException;
import chargepile.agent.config.LogLevel;
import chargepile.agent.evm.EvmReceipt;
import chargepile.agent.evm.TransactionIntent;
import chargepile.agent.units.Amount;
import chargepile.agent.units.EvmAddress;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code chargepile market account withdraw} (P2-14). */
@Command(
    name = "withdraw",
    sortOptions = false,
    description = {
      "Take energy account money out as the underlying token, one for one. What is locked in"
          + " channels, orders and",
      "bonds is not in the account. Given again before it is final, it is the same withdrawal."
    })
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class WithdrawalCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "AMOUNT",
      description =
          "In the token's smallest unit, as in 2500000, or with its name, as in 2.5CPEA; or all.")
  private String amount;

  @Option(
      names = "--to",
      paramLabel = "ADDRESS",
      converter = AddressConverter.class,
      description = "Which account gets the underlying token (default: this one).")
  private @Nullable EvmAddress payee;

  @Option(names = "--dry-run", description = "Say what it would take; send nothing.")
  private boolean dryRun;

  @Mixin private EnergyOptions options;
  @Mixin private CommonOptions common;

  @Override
  public Integer call()
      throws CommandFailedException, ConfigException, IOException, InterruptedException {
    common.applyTo(LogLevel.WARN);
    PrintWriter out = spec.commandLine().getOut();
    options.act(out, (token, own, _) -> withdraw(out, token, own));
    return 0;
  }

  private void withdraw(PrintWriter out, EnergyToken token, ByHand own)
      throws CommandFailedException, InterruptedException {
    EnergyToken.Underlying underlying = token.requireUnderlying();
    Amount there = token.balance(own.address());
    boolean all = amount.toLowerCase(Locale.ROOT).equals("all");
    if (all && there.value() == 0) {
      throw new CommandFailedException(
          "the energy account %s is empty: there is nothing to withdraw".formatted(own.address()));
    }
    Amount sum = all ? there : token.amount(amount);
    EvmAddress to = payee == null ? own.address() : payee;
    TransactionIntent withdrawal =
        token
            .token()
            .withdraw(
                "withdraw/%s/%s/%d".formatted(token.token().address(), to, sum.value()), sum, to);
    if (!own.isBegun(withdrawal)) {
      if (there.compareTo(sum) < 0) {
        throw new CommandFailedException(
            "the energy account %s has %s and %s are to be withdrawn: take less, or wait for channels and orders to be settled"
                .formatted(own.address(), token.words(there), token.words(sum)));
      }
      ByHand.Cost cost = own.cost(withdrawal);
      Fees.require(own, cost);
      if (dryRun) {
        EnergyOptions.said(
            out,
            "would withdraw %s to %s in one transaction: %s. Nothing was sent"
                .formatted(token.words(sum), to, Fees.words(cost)));
        return;
      }
    } else if (dryRun) {
      EnergyOptions.said(out, "this withdrawal is under way already. Nothing was sent");
      return;
    } else {
      EnergyOptions.said(
          out, "  this withdrawal was begun before and is not final: it is the same");
    }
    EvmReceipt receipt = own.done(withdrawal);
    EnergyOptions.said(
        out,
        "%s of the token %s paid to %s, in block %d; the energy account has %s left"
            .formatted(
                EnergyToken.words(underlying.money(), sum),
                underlying.token().address(),
                to,
                receipt.block(),
                token.words(token.balance(own.address()))));
  }
}

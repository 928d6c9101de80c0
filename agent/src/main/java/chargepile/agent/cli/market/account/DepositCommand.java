package chargepile.agent.cli.market.account;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.CommonOptions;
import chargepile.agent.cli.market.chain.AddressConverter;
import chargepile.agent.cli.market.chain.ByHand;
import chargepile.agent.config.ConfigException;
import chargepile.agent.config.LogLevel;
import chargepile.agent.evm.BlockRef;
import chargepile.agent.evm.EvmReceipt;
import chargepile.agent.evm.TokenContract;
import chargepile.agent.evm.TransactionIntent;
import chargepile.agent.units.Amount;
import chargepile.agent.units.EvmAddress;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code chargepile market account deposit} (P2-14). */
@Command(
    name = "deposit",
    sortOptions = false,
    description = {
      "Turn the underlying token of this account into energy account money, one for one: an"
          + " approval of just that",
      "much where there is none, and the deposit. Given again before it is final, it is the same"
          + " deposit."
    })
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class DepositCommand implements Callable<Integer> {
  /** More than a deposit takes; it can't be asked for before the approval is in a block. */
  private static final long DEPOSIT_GAS = 160_000;

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "AMOUNT",
      description = "In the token's smallest unit, as in 2500000, or with its name, as in 2.5CPEA.")
  private String amount;

  @Option(
      names = "--for",
      paramLabel = "ADDRESS",
      converter = AddressConverter.class,
      description =
          "Whose energy account is filled (default: the one that pays), such as a pile's at work.")
  private @Nullable EvmAddress beneficiary;

  @Option(names = "--dry-run", description = "Say what it would take; send nothing.")
  private boolean dryRun;

  @Mixin private EnergyOptions options;
  @Mixin private CommonOptions common;

  @Override
  public Integer call()
      throws CommandFailedException, ConfigException, IOException, InterruptedException {
    common.applyTo(LogLevel.WARN);
    PrintWriter out = spec.commandLine().getOut();
    options.act(out, (token, own, _) -> deposit(out, token, own));
    return 0;
  }

  private void deposit(PrintWriter out, EnergyToken token, ByHand own)
      throws CommandFailedException, InterruptedException {
    EnergyToken.Underlying underlying = token.requireUnderlying();
    Amount sum = token.amount(amount);
    EvmAddress to = beneficiary == null ? own.address() : beneficiary;
    TransactionIntent deposit =
        token
            .token()
            .deposit(
                "deposit/%s/%s/%d".formatted(token.token().address(), to, sum.value()), sum, to);
    if (!own.isBegun(deposit)) {
      Amount there = underlying.token().balance(own.address(), BlockRef.LATEST);
      if (there.compareTo(sum) < 0) {
        throw new CommandFailedException(
            "the account %s has %s of the token %s and %s are to be deposited: send the rest there first"
                .formatted(
                    own.address(),
                    EnergyToken.words(underlying.money(), there),
                    underlying.token().address(),
                    EnergyToken.words(underlying.money(), sum)));
      }
      List<TransactionIntent> approvals =
          approvals(underlying.token(), token.token().address(), own, sum);
      Fees.require(own, cost(own, approvals, deposit));
      if (dryRun) {
        EnergyOptions.said(
            out,
            "would deposit %s for %s in %d transactions: %s. Nothing was sent"
                .formatted(
                    token.words(sum),
                    to,
                    approvals.size() + 1,
                    Fees.words(cost(own, approvals, deposit))));
        return;
      }
      for (TransactionIntent approval : approvals) {
        EvmReceipt unused = own.done(approval);
      }
    } else if (dryRun) {
      EnergyOptions.said(out, "this deposit is under way already. Nothing was sent");
      return;
    } else {
      EnergyOptions.said(out, "  this deposit was begun before and is not final: it is the same");
    }
    EvmReceipt receipt = own.done(deposit);
    EnergyOptions.said(
        out,
        "%s deposited for %s, in block %d; its balance is %s"
            .formatted(token.words(sum), to, receipt.block(), token.words(token.balance(to))));
  }

  private static ByHand.Cost cost(
      ByHand own, List<TransactionIntent> approvals, TransactionIntent deposit)
      throws CommandFailedException {
    if (approvals.isEmpty()) {
      return own.cost(deposit);
    }
    long gas = DEPOSIT_GAS;
    for (TransactionIntent approval : approvals) {
      gas += own.cost(approval).gas();
    }
    return own.cost(gas);
  }

  /** Some tokens let an allowance be changed to and from nothing only. */
  private static List<TransactionIntent> approvals(
      TokenContract underlying, EvmAddress spender, ByHand own, Amount sum) {
    Amount allowed = underlying.allowance(own.address(), spender, BlockRef.LATEST);
    if (allowed.compareTo(sum) >= 0) {
      return List.of();
    }
    List<TransactionIntent> approvals = new ArrayList<>();
    String key = "deposit/approve/%s/%d-".formatted(spender, own.next());
    if (allowed.value() > 0) {
      approvals.add(underlying.approve(key + "0", spender, Amount.ZERO));
    }
    approvals.add(underlying.approve(key + sum.value(), spender, sum));
    return approvals;
  }
}

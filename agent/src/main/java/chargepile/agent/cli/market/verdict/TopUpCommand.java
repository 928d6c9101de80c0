package chargepile.agent.cli.market.verdict;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.CommonOptions;
import chargepile.agent.cli.Figures;
import chargepile.agent.cli.market.chain.ByHand;
import chargepile.agent.cli.market.chain.Parties;
import chargepile.agent.config.ConfigException;
import chargepile.agent.config.LogLevel;
import chargepile.agent.evm.BlockRef;
import chargepile.agent.evm.EvmReceipt;
import chargepile.agent.evm.TokenContract;
import chargepile.agent.evm.TransactionIntent;
import chargepile.agent.evm.market.RegisteredParty;
import chargepile.agent.units.Amount;
import chargepile.agent.units.EvmAddress;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code chargepile market bond top-up} (P1-11). */
@Command(
    name = "top-up",
    sortOptions = false,
    description = {
      "Add energy account money of this account to a party's bond, as after a verdict. It is its"
          + " owner's from then on,",
      "whoever gave it. Given again before it is final, it is the same."
    })
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class TopUpCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "PARTY", description = "Its name in the registry.")
  private String party;

  @Parameters(
      index = "1",
      paramLabel = "AMOUNT",
      description = "What is added, in the token's smallest unit.")
  private long amount;

  @Mixin private RegistryOptions options;
  @Mixin private CommonOptions common;

  @Override
  public Integer call()
      throws CommandFailedException, ConfigException, IOException, InterruptedException {
    common.applyTo(LogLevel.WARN);
    PrintWriter out = spec.commandLine().getOut();
    if (amount < 1) {
      throw new CommandFailedException("%d: 1 or more is wanted".formatted(amount));
    }
    Amount sum = new Amount(amount);
    options.act(
        out,
        (bench, own) -> {
          RegisteredParty known = bench.requireParty(Parties.named(party));
          TransactionIntent adding =
              bench.registry().topUp("%d by %s".formatted(amount, own.address()), known.id(), sum);
          if (!own.isBegun(adding)) {
            if (known.isLeaving()) {
              throw new CommandFailedException(
                  "%s has left: nothing is added to its bond".formatted(party));
            }
            allow(bench, own, sum);
          }
          EvmReceipt receipt = own.done(adding);
          RegistryOptions.said(
              out,
              "%s units added to the bond of %s, in block %d; it is %s units now"
                  .formatted(
                      Figures.grouped(amount),
                      party,
                      receipt.block(),
                      Figures.grouped(bench.requireParty(Parties.named(party)).bond().value())));
        });
    return 0;
  }

  private static void allow(Bench bench, ByHand own, Amount sum)
      throws CommandFailedException, InterruptedException {
    EvmAddress registry = bench.registry().address();
    TokenContract token = new TokenContract(bench.node(), bench.registry().token());
    Amount there = token.balance(own.address(), BlockRef.LATEST);
    if (there.compareTo(sum) < 0) {
      throw new CommandFailedException(
          "the account %s has %s units of the token %s: put the rest into it first (chargepile market account deposit)"
              .formatted(own.address(), Figures.grouped(there.value()), token.address()));
    }
    if (token.allowance(own.address(), registry, BlockRef.LATEST).compareTo(sum) < 0) {
      EvmReceipt unused =
          own.done(
              token.approve(
                  "bond/approve/%s/%d-%d".formatted(registry, own.next(), sum.value()),
                  registry,
                  sum));
    }
  }
}

package chargepile.agent.cli.market.trade;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.CommonOptions;
import chargepile.agent.config.ConfigException;
import chargepile.agent.config.LogLevel;
import chargepile.agent.crypto.EvmSignature;
import chargepile.agent.market.order.eip712.ContractTerms;
import chargepile.agent.market.order.eip712.PaidReceipt;
import chargepile.agent.units.Amount;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code chargepile market orders acknowledge}. */
@Command(
    name = "acknowledge",
    sortOptions = false,
    description = {
      "Say on the chain what the seller has been paid for an order in a channel. The seller says it"
          + " itself,",
      "or the buyer brings the seller's receipt. Only the highest counts."
    })
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class AcknowledgeCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "ORDER", description = "Its key, as `orders list` shows it.")
  private String order;

  @Option(
      names = "--paid",
      paramLabel = "N",
      required = true,
      description = "In all, in the token's smallest unit.")
  private long paid;

  @Option(
      names = "--seller-signature",
      paramLabel = "HEX",
      description = "The seller's signature of the receipt, when you are not the seller.")
  private @Nullable String seller;

  @Option(
      names = "--sign-only",
      description = "Print your signature of the receipt, as the seller; send nothing.")
  private boolean signOnly;

  @Mixin private Trading trading;
  @Mixin private CommonOptions common;

  @Override
  public Integer call()
      throws CommandFailedException, ConfigException, IOException, InterruptedException {
    common.applyTo(LogLevel.WARN);
    PrintWriter out = spec.commandLine().getOut();
    Amount amount = Arguments.amount("--paid", paid);
    Optional<EvmSignature> signature = Arguments.signature("--seller-signature", seller);
    trading.act(
        out,
        desk -> {
          ContractTerms terms = ShowOrderCommand.terms(desk.market(), order);
          if (signOnly) {
            if (!desk.account().equals(terms.seller())) {
              throw new CommandFailedException(
                  "a receipt is the seller's, %s, to sign; this account is %s"
                      .formatted(terms.seller(), desk.account()));
            }
            Trading.said(out, desk.signed(new PaidReceipt(terms.key(), amount)).toString());
            return;
          }
          OrderStepCommands.said(
              out,
              desk,
              terms,
              desk.done(desk.market().orders().acknowledge(terms, amount, signature)));
        });
    return 0;
  }
}

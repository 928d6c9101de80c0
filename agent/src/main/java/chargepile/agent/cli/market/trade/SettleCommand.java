package chargepile.agent.cli.market.trade;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.CommonOptions;
import chargepile.agent.config.ConfigException;
import chargepile.agent.config.LogLevel;
import chargepile.agent.crypto.EvmSignature;
import chargepile.agent.market.order.Metering;
import chargepile.agent.market.order.eip712.ContractTerms;
import chargepile.agent.market.order.eip712.MeteringAgreed;
import chargepile.agent.units.Amount;
import chargepile.agent.units.WattHours;
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

/** {@code chargepile market orders settle}. */
@Command(
    name = "settle",
    sortOptions = false,
    description = {
      "Settle an order by what both parties say of the delivery, at any time after it is on"
          + " record. One of",
      "them signs with --sign-only and gives the other the signature, and that one settles."
    })
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class SettleCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "ORDER", description = "Its key, as `orders list` shows it.")
  private String order;

  @Option(
      names = "--taken-wh",
      paramLabel = "N",
      required = true,
      description = "The energy that flowed, in Wh.")
  private long taken;

  @Option(
      names = "--available-wh",
      paramLabel = "N",
      description = "The energy that the seller had ready, in Wh (default: all that was taken).")
  private @Nullable Long available;

  @Option(
      names = "--paid",
      paramLabel = "N",
      defaultValue = "0",
      description = {
        "What a channel has paid of it already, in the token's smallest unit (default:"
            + " ${DEFAULT-VALUE}): the",
        "escrow pays the rest."
      })
  private long paid;

  @Option(
      names = "--buyer-signature",
      paramLabel = "HEX",
      description = "The buyer's signature of just this, when you are not the buyer.")
  private @Nullable String buyer;

  @Option(
      names = "--seller-signature",
      paramLabel = "HEX",
      description = "The seller's, when you are not the seller.")
  private @Nullable String seller;

  @Option(names = "--sign-only", description = "Print your signature of this; send nothing.")
  private boolean signOnly;

  @Mixin private Trading trading;
  @Mixin private CommonOptions common;

  @Override
  public Integer call()
      throws CommandFailedException, ConfigException, IOException, InterruptedException {
    common.applyTo(LogLevel.WARN);
    PrintWriter out = spec.commandLine().getOut();
    Metering metering = metering();
    Optional<EvmSignature> byBuyer = Arguments.signature("--buyer-signature", buyer);
    Optional<EvmSignature> bySeller = Arguments.signature("--seller-signature", seller);
    trading.act(
        out,
        desk -> {
          ContractTerms terms = ShowOrderCommand.terms(desk.market(), order);
          if (signOnly) {
            Trading.said(out, desk.signed(new MeteringAgreed(terms.key(), metering)).toString());
            return;
          }
          OrderStepCommands.said(
              out,
              desk,
              terms,
              desk.done(desk.market().orders().settle(terms, metering, byBuyer, bySeller)));
          ShowOrderCommand.report(desk.market(), terms.key()).print(out);
          out.flush();
        });
    return 0;
  }

  private Metering metering() throws CommandFailedException {
    long ready = available == null ? taken : available;
    try {
      return new Metering(new WattHours(ready), new WattHours(taken), new Amount(paid));
    } catch (IllegalArgumentException e) {
      throw new CommandFailedException(
          "--taken-wh %d, --available-wh %d, --paid %d: 0 or more, and what was taken was available"
              .formatted(taken, ready, paid),
          e);
    }
  }
}

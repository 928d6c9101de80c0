package chargepile.agent.cli.driver;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.CommonOptions;
import chargepile.agent.config.LogLevel;
import chargepile.agent.session.driver.DriverPolicy;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code chargepile driver charge}. */
@Command(
    name = "charge",
    sortOptions = false,
    description = {
      "Charge at a pile: opens a channel if there is none, pays every increment within the limits,",
      "and ends with the session. Ctrl-C stops the session and waits until it is settled.",
      "Started again after a crash it goes on with the session.",
      "",
      "With --bid it buys on a market first: it bids for --energy, asks for the order of a match,",
      "waits for the time of its delivery, charges at its price, and ends when the order is"
          + " settled.",
      "Stopped before, it leaves what is under way to the next charge with the same --data."
    })
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class ChargeCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private LinkOptions link;
  @Mixin private PolicyOptions limits;
  @Mixin private BidOptions bids;
  @Mixin private CommonOptions common;

  @Override
  public Integer call() throws CommandFailedException, IOException, InterruptedException {
    common.applyTo(LogLevel.WARN);
    limits.check(link.isEvm());
    bids.check(link.isEvm(), limits.exports());
    try (DriverSide driver = new DriverSide(link, this::plan)) {
      Charge charge = new Charge(driver, spec.commandLine().getOut());
      if (driver.trade().isPresent()) {
        new OrderedCharge(driver, driver.trade().get(), charge, bids.timeout()).run();
      } else {
        charge.run();
      }
    }
    return 0;
  }

  private DriverSide.Plan plan(DriverLedger ledger) throws CommandFailedException, IOException {
    DriverPolicy policy = limits.policy(ledger);
    Optional<WantFile.Kept> want =
        switch (ledger) {
          case BitcoinDriverLedger _ -> Optional.empty();
          case EvmDriverLedger evm ->
              bids.want(evm.wantFile(), evm.marketSettings(), policy.limits().money(), evm::now);
        };
    return new DriverSide.Plan(
        want.map(kept -> PolicyOptions.ordered(policy, kept.want())).orElse(policy), want);
  }
}

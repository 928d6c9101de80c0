package chargepile.agent.cli.demo;

import chargepile.agent.cli.demo.DemoWorld.BrokerChoice;
import java.io.IOException;

/** Runs a demo on the ledger that it is for. */
public final class DemoRun {
  private DemoRun() {}

  /** Runs a demo; see {@link DemoRunner#run}. */
  public static DemoResult run(DemoOptions options, DemoProgress progress)
      throws DemoFailedException, IOException, InterruptedException {
    return run(options, progress, BrokerChoice.PRIVATE_OR_MEMORY);
  }

  static DemoResult run(DemoOptions options, DemoProgress progress, BrokerChoice broker)
      throws DemoFailedException, IOException, InterruptedException {
    try (DemoWorld world = new DemoWorld(options, progress, broker)) {
      return switch (options.ledger()) {
        case DemoOptions.OnLedger.Bitcoin bitcoin -> {
          try (BitcoinDemo demo = new BitcoinDemo(options, bitcoin, progress, world)) {
            yield demo.play();
          }
        }
        case DemoOptions.OnLedger.Evm evm -> {
          try (EvmDemo demo = new EvmDemo(options, evm, progress, world)) {
            yield demo.play();
          }
        }
      };
    }
  }
}

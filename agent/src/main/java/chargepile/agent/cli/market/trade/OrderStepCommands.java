package chargepile.agent.cli.market.trade;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.CommonOptions;
import chargepile.agent.config.ConfigException;
import chargepile.agent.config.LogLevel;
import chargepile.agent.evm.BlockRef;
import chargepile.agent.evm.EvmReceipt;
import chargepile.agent.evm.TransactionIntent;
import chargepile.agent.evm.market.OrderStanding;
import chargepile.agent.market.order.eip712.ContractTerms;
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

/** The steps of an order that need nothing but its key. */
final class OrderStepCommands {
  private OrderStepCommands() {}

  /** A step of one order. */
  @SuppressWarnings("NullAway.Init") // picocli fills the fields
  abstract static class Step implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Parameters(paramLabel = "ORDER", description = "Its key, as `orders list` shows it.")
    private String order;

    @Mixin private Trading trading;
    @Mixin private CommonOptions common;

    @Override
    public final Integer call()
        throws CommandFailedException, ConfigException, IOException, InterruptedException {
      common.applyTo(LogLevel.WARN);
      PrintWriter out = spec.commandLine().getOut();
      trading.act(
          out,
          desk -> {
            ContractTerms terms = ShowOrderCommand.terms(desk.market(), order);
            said(out, desk, terms, desk.done(intent(desk, terms)));
          });
      return 0;
    }

    abstract TransactionIntent intent(Desk desk, ContractTerms terms)
        throws CommandFailedException, InterruptedException;
  }

  /** Where the order stands after a transaction. */
  static void said(PrintWriter out, Desk desk, ContractTerms terms, EvmReceipt receipt) {
    OrderStanding now = desk.market().orders().order(terms.key(), BlockRef.LATEST);
    Trading.said(
        out,
        "order %s: %s, in block %d%s"
            .formatted(
                terms.key(),
                now.status().text(),
                receipt.block(),
                now.deadline().map(time -> "; it waits until " + time).orElse("")));
  }

  /** {@code confirm} (P2-07). */
  @Command(
      name = "confirm",
      sortOptions = false,
      description = {
        "The seller agrees; its default amount goes into escrow, and the energy is taken off its"
            + " listing.",
        "See the terms before with `orders show`."
      })
  static final class Confirm extends Step {
    @Option(
        names = "--buyer-signature",
        paramLabel = "HEX",
        description = "The buyer's signature of the terms, if it gave one: then both have signed.")
    private @Nullable String buyer;

    @Override
    TransactionIntent intent(Desk desk, ContractTerms terms)
        throws CommandFailedException, InterruptedException {
      var signature = Arguments.signature("--buyer-signature", buyer);
      desk.allow("confirm/" + terms.key(), terms.order().escrow().seller());
      return desk.market().orders().confirm(terms, signature, Optional.empty());
    }
  }

  /** {@code refuse} (P2-07). */
  @Command(
      name = "refuse",
      sortOptions = false,
      description = "The seller does not agree; the buyer has its money back.")
  static final class Refuse extends Step {
    @Override
    TransactionIntent intent(Desk desk, ContractTerms terms) {
      return desk.market().orders().refuse(terms);
    }
  }

  /** {@code sign} (P2-08). */
  @Command(
      name = "sign",
      sortOptions = false,
      description = "Sign the terms, as buyer or seller, by a transaction of yours.")
  static final class Sign extends Step {
    @Override
    TransactionIntent intent(Desk desk, ContractTerms terms) {
      return desk.market().orders().sign(terms);
    }
  }

  /** {@code record} (P2-11). */
  @Command(
      name = "record",
      sortOptions = false,
      description = "Put an approved order on record; anybody may.")
  static final class OnRecord extends Step {
    @Override
    TransactionIntent intent(Desk desk, ContractTerms terms) {
      return desk.market().orders().record(terms);
    }
  }

  /** {@code begin} (P2-11). */
  @Command(
      name = "begin",
      sortOptions = false,
      description = "Say, as buyer or seller, that the delivery begins.")
  static final class Begin extends Step {
    @Override
    TransactionIntent intent(Desk desk, ContractTerms terms) {
      return desk.market().orders().begin(terms);
    }
  }

  /** {@code expire} (P2-09). */
  @Command(
      name = "expire",
      sortOptions = false,
      description = {
        "End an order whose deadline is over; anybody may. Before the delivery both have their"
            + " money back;",
        "after it, it counts as undelivered, or in an export as delivered in full."
      })
  static final class Expire extends Step {
    @Override
    TransactionIntent intent(Desk desk, ContractTerms terms) {
      return desk.market().orders().expire(terms);
    }
  }
}

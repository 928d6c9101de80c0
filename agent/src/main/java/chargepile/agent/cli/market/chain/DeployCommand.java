package chargepile.agent.cli.market.chain;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.CommonOptions;
import chargepile.agent.cli.Figures;
import chargepile.agent.cli.identity.IdentityFile;
import chargepile.agent.cli.node.DurableFile;
import chargepile.agent.config.LogLevel;
import chargepile.agent.crypto.pairing.Pairing;
import chargepile.agent.evm.BlockRef;
import chargepile.agent.evm.EvmKey;
import chargepile.agent.evm.EvmNode;
import chargepile.agent.evm.TransactionSender;
import chargepile.agent.evm.Wei;
import chargepile.agent.units.EvmAddress;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code chargepile market deploy}. */
@Command(
    name = "deploy",
    sortOptions = false,
    description = {
      "Put a market's contracts on an EVM chain: registry, order book, review, channels,"
          + " settlement",
      "log. Nobody can change or stop them afterwards, and nobody owns them. Stopped at any point,",
      "the same command goes on where it was. At the end it prints the tables [evm] and [market]",
      "for the configurations of piles and drivers."
    })
@SuppressWarnings("NullAway.Init") // picocli fills the fields
public final class DeployCommand implements Callable<Integer> {
  static final String TABLES = "market.toml";

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "FOLDER",
      description = "Where the deployment is kept: what was sent, and the tables. New or its own.")
  private Path folder;

  @Mixin private NodeOptions node;

  @Option(
      names = "--chain",
      paramLabel = "N",
      required = true,
      description = "The chain's id (EIP-155), such as 1; a node of another chain is refused.")
  private long chain;

  @Option(
      names = "--kgc",
      paramLabel = "FILE",
      required = true,
      description = "The public parameters of the key generation centre, from kgc export.")
  private Path kgc;

  @Option(
      names = "--kgc-address",
      paramLabel = "ADDRESS",
      required = true,
      converter = AddressConverter.class,
      description = "The centre's Ethereum address, which kgc export prints.")
  private EvmAddress kgcAddress;

  @Option(
      names = "--agency",
      paramLabel = "ADDRESS",
      required = true,
      converter = AddressConverter.class,
      description = "The grid agency's account: it reviews orders and publishes limits.")
  private EvmAddress agency;

  @Option(
      names = "--court",
      paramLabel = "ADDRESS",
      required = true,
      converter = AddressConverter.class,
      description = "The account that rules on appeals against the agency; another hand.")
  private EvmAddress court;

  @Option(
      names = "--deputy",
      paramLabel = "ADDRESS",
      converter = AddressConverter.class,
      description = "The account that reviews the agency's own orders.")
  private @Nullable EvmAddress deputy;

  @Option(
      names = "--grid",
      paramLabel = "ADDRESS",
      converter = AddressConverter.class,
      description = "The account that has the grid's fee (default: the agency).")
  private @Nullable EvmAddress grid;

  @ArgGroup(multiplicity = "1")
  private Money money;

  @Option(
      names = "--price-cap",
      paramLabel = "N",
      required = true,
      description =
          "The highest price of a kWh that the review lets pass, in the token's"
              + " smallest unit. Bonds follow from it: a kW of a pile's power locks"
              + " this, times owed-hours.")
  private long priceCap;

  @Option(
      names = "--set",
      paramLabel = "RULE=N",
      description = "Another value for a rule of the market; --dry-run prints all rules.")
  private final Map<String, Long> changed = new LinkedHashMap<>();

  @Option(
      names = "--without-revocable",
      description = "Leave out the channel that punishes; charging does not use it.")
  private boolean withoutRevocable;

  @Mixin private DeployerKey key;

  @Option(
      names = "--dry-run",
      description = "Print the rules and what it would cost; send nothing.")
  private boolean dryRun;

  @Mixin private CommonOptions common;

  /** One of them. */
  @SuppressWarnings("NullAway.Init") // picocli fills the fields
  static final class Money {
    @Option(
        names = "--underlying",
        paramLabel = "ADDRESS",
        converter = AddressConverter.class,
        description = "A token that energy accounts are filled with; the account's is deployed.")
    private @Nullable EvmAddress underlying;

    @Option(
        names = "--token",
        paramLabel = "ADDRESS",
        converter = AddressConverter.class,
        description = "An energy account's token that is there already, or another with permits.")
    private @Nullable EvmAddress token;

    Blueprint.Source source() {
      if (token != null) {
        return new Blueprint.Source.Existing(token);
      }
      if (underlying == null) {
        throw new IllegalStateException("one of the two is given");
      }
      return new Blueprint.Source.Underlying(underlying);
    }
  }

  @Override
  public Integer call() throws CommandFailedException, IOException, InterruptedException {
    common.applyTo(LogLevel.WARN);
    PrintWriter out = spec.commandLine().getOut();
    Rules rules = Rules.of(priceCap, changes());
    Blueprint blueprint = new Blueprint(rules, offices(), money.source(), !withoutRevocable);
    print(out, rules);
    Files.createDirectories(
        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    try (DeploymentLock _ = DeploymentLock.take(folder);
        NodeOptions.Reached reached = node.open(chain(), Optional.empty())) {
      Path transactions = folder.resolve("transactions");
      EvmKey account = key.open(folder, transactions);
      OutboxFolder outbox = new OutboxFolder(transactions);
      TransactionSender sender =
          reached.sender(account, outbox, blueprint.parts().stream().map(Part::contract).toList());
      Carrying carrying =
          new Carrying(reached.node(), sender, Carrying.PAUSE, why -> said(out, "  " + why));
      Deployment deployment =
          new Deployment(
              blueprint,
              account.address(),
              outbox,
              carrying,
              (part, at, receipt, before) ->
                  said(
                      out,
                      "%s %s  %s gas%s"
                          .formatted(
                              String.format("%-18s", part.contract()),
                              at,
                              Figures.grouped(receipt.gasUsed()),
                              before ? ", in block %d".formatted(receipt.block()) : "")));
      requireCoins(out, reached.node(), account.address(), deployment.gasNeeded());
      if (dryRun) {
        return 0;
      }
      Deployment.Market market = deployment.run();
      String tables = MarketTables.text(chain, reached, market, rules);
      DurableFile.write(folder.resolve(TABLES), tables.getBytes(StandardCharsets.UTF_8));
      said(
          out,
          "deployed: %s gas, %s%n%n%s%nThese tables are in %s, too. Piles and drivers are registered with%n  chargepile register … --registry %d:%s%n  chargepile market register …"
              .formatted(
                  Figures.grouped(market.gas()),
                  Coins.text(market.cost()),
                  tables,
                  folder.resolve(TABLES),
                  chain,
                  market.of(Part.REGISTRY)));
      return 0;
    }
  }

  private long chain() throws CommandFailedException {
    if (chain < 1) {
      throw new CommandFailedException("--chain %d: a chain's id is above 0".formatted(chain));
    }
    return chain;
  }

  private Map<Rule, Long> changes() throws CommandFailedException {
    Map<Rule, Long> found = new LinkedHashMap<>();
    for (Map.Entry<String, Long> change : changed.entrySet()) {
      Rule rule =
          Rule.labelled(change.getKey())
              .orElseThrow(
                  () ->
                      new CommandFailedException(
                          "--set %s: there is no such rule; --dry-run prints them all"
                              .formatted(change.getKey())));
      found.put(rule, change.getValue());
    }
    return found;
  }

  private Offices offices() throws CommandFailedException {
    Offices offices =
        new Offices(
            kgcAddress,
            IdentityFile.parameters(kgc, Pairing.best()).id(),
            agency,
            court,
            Optional.ofNullable(deputy),
            grid == null ? agency : grid);
    List<String> objections = offices.objections();
    if (!objections.isEmpty()) {
      throw new CommandFailedException(
          "nothing is deployed like this: " + String.join("; ", objections));
    }
    return offices;
  }

  private static void print(PrintWriter out, Rules rules) {
    out.println("The market's rules, for good:");
    out.printf("  %-20s %10d%n", "price-cap", rules.priceCap());
    for (Rule rule : Rule.values()) {
      out.println("  " + rule.described(rules.of(rule)));
    }
    out.printf(
        "A pile's bond: %s for each kW, %s at least%n",
        Figures.grouped(rules.bondPerKw()), Figures.grouped(rules.smallestBond()));
    out.flush();
  }

  private void requireCoins(PrintWriter out, EvmNode node, EvmAddress account, long gas)
      throws CommandFailedException {
    if (gas == 0) {
      return;
    }
    Wei price = node.feeHistory(1).nextBaseFee().plus(Wei.of(100_000_000));
    Wei needed = price.times(gas);
    Wei there = node.balance(account, BlockRef.LATEST);
    said(
        out,
        "The account %s deploys. It takes some %s gas: %s at the present price; it has %s"
            .formatted(account, Figures.grouped(gas), Coins.text(needed), Coins.text(there)));
    if (!dryRun && there.compareTo(needed) < 0) {
      throw new CommandFailedException(
          "the account %s has %s on the chain %d and needs about %s: send some there, and give the same command again"
              .formatted(account, Coins.text(there), node.chainId(), Coins.text(needed)));
    }
  }

  private static void said(PrintWriter out, String text) {
    out.println(text);
    out.flush();
  }
}

package chargepile.agent.cli.market.account;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.CommonOptions;
import chargepile.agent.cli.Figures;
import chargepile.agent.cli.market.chain.AddressConverter;
import chargepile.agent.config.ConfigException;
import chargepile.agent.config.LedgerSettings;
import chargepile.agent.config.LogLevel;
import chargepile.agent.evm.BlockRef;
import chargepile.agent.evm.Wei;
import chargepile.agent.runtime.Json;
import chargepile.agent.units.Amount;
import chargepile.agent.units.EvmAddress;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code chargepile market account} (P2-14). */
@Command(
    name = "account",
    sortOptions = false,
    subcommands = {DepositCommand.class, WithdrawalCommand.class, KeptCommand.class},
    description = {
      "Show what an energy account has, what could be deposited into it, and what contracts keep"
          + " for it.",
      "Sends nothing; the account's own program may run meanwhile."
    })
@SuppressWarnings("NullAway.Init") // picocli fills the fields
public final class AccountCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--of",
      paramLabel = "ADDRESS",
      converter = AddressConverter.class,
      description = "Anybody's account instead.")
  private @Nullable EvmAddress of;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Mixin private EnergyOptions options;
  @Mixin private CommonOptions common;

  /** What an account has. */
  private record Standing(
      EvmAddress account, Amount balance, Optional<Amount> outside, Wei coins, List<Kept> kept) {}

  @Override
  public Integer call() throws CommandFailedException, ConfigException, IOException {
    common.applyTo(LogLevel.WARN);
    PrintWriter out = spec.commandLine().getOut();
    options.look(
        (token, own, ledger) -> {
          Standing standing = standing(token, own, ledger);
          if (json) {
            out.println(json(token, standing));
          } else {
            print(out, token, standing);
          }
        });
    out.flush();
    return 0;
  }

  private Standing standing(
      EnergyToken token, Optional<EvmAddress> own, Optional<LedgerSettings.Evm> ledger)
      throws CommandFailedException {
    EvmAddress account =
        Optional.ofNullable(of)
            .or(() -> own)
            .orElseThrow(
                () ->
                    new CommandFailedException(
                        "whose account? Give --of ADDRESS, --config of a pile, --data of a wallet,"
                            + " or --key-file with --transactions"));
    return new Standing(
        account,
        token.balance(account),
        token.underlying().map(behind -> behind.token().balance(account, BlockRef.LATEST)),
        token.node().balance(account, BlockRef.LATEST),
        ledger.map(known -> Kept.of(token, known, account)).orElse(List.of()));
  }

  private static void print(PrintWriter out, EnergyToken token, Standing it) {
    row(out, "account", "%s on chain %d".formatted(it.account(), token.node().chainId()));
    row(
        out,
        "balance",
        "%s of the token %s".formatted(token.words(it.balance()), token.token().address()));
    token
        .underlying()
        .ifPresent(
            behind ->
                row(
                    out,
                    "to deposit",
                    "%s of the token %s"
                        .formatted(
                            EnergyToken.words(behind.money(), it.outside().orElseThrow()),
                            behind.token().address())));
    row(out, "coins", Figures.coins(it.coins()));
    for (Kept kept : it.kept()) {
      row(
          out,
          "kept",
          "%s by the %s %s: %s has it paid"
              .formatted(token.words(kept.amount()), kept.what(), kept.by(), kept.how()));
    }
  }

  private static Json json(EnergyToken token, Standing it) {
    Json.Fields fields =
        Json.object()
            .put("account", it.account().toString())
            .put("chain_id", token.node().chainId())
            .put("token", token.token().address().toString())
            .put("symbol", token.money().symbol())
            .put("decimals", token.money().decimals())
            .put("balance_base_units", it.balance().value());
    token
        .underlying()
        .ifPresent(
            behind ->
                fields
                    .put("underlying", behind.token().address().toString())
                    .put("underlying_base_units", it.outside().orElseThrow().value()));
    return fields
        .put("coins_wei", it.coins().value().toString())
        .put(
            "kept",
            Json.array(
                it.kept().stream()
                    .map(
                        kept ->
                            Json.object()
                                .put("contract", kept.by().toString())
                                .put("amount_base_units", kept.amount().value())
                                .end())
                    .toList()))
        .end();
  }

  private static void row(PrintWriter out, String title, String text) {
    out.printf("%-10s  %s%n", title, text);
  }
}

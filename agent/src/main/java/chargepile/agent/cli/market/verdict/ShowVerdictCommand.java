package chargepile.agent.cli.market.verdict;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.CommonOptions;
import chargepile.agent.cli.Figures;
import chargepile.agent.config.ConfigException;
import chargepile.agent.config.LogLevel;
import chargepile.agent.evm.BlockRef;
import chargepile.agent.evm.market.BondVerdict;
import chargepile.agent.evm.market.RegisteredParty;
import chargepile.agent.identity.PartyId;
import chargepile.agent.runtime.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code chargepile market verdict show}. */
@Command(
    name = "show",
    sortOptions = false,
    description = {
      "Show what a party is accused of, how far that is and what can be done until when.",
      "Sends nothing; the device's program may run meanwhile."
    })
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class ShowVerdictCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "PARTY",
      description = "Its name in the registry (default: the device's own).")
  private @Nullable String party;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Mixin private RegistryOptions options;
  @Mixin private CommonOptions common;

  @Override
  public Integer call() throws CommandFailedException, ConfigException, IOException {
    common.applyTo(LogLevel.WARN);
    PrintWriter out = spec.commandLine().getOut();
    options.look(
        (bench, _) -> {
          PartyId name = RegistryOptions.party(party, bench);
          RegisteredParty accused = bench.requireParty(name);
          Optional<BondVerdict> verdict = bench.verdict(name);
          if (json) {
            out.println(json(bench, name, accused, verdict));
          } else {
            print(out, bench, name, accused, verdict);
          }
        });
    out.flush();
    return 0;
  }

  private static void print(
      PrintWriter out,
      Bench bench,
      PartyId name,
      RegisteredParty accused,
      Optional<BondVerdict> verdict) {
    row(out, name.value(), verdict.isEmpty() ? "no verdict is open against it" : "is accused");
    row(out, "bond", Figures.grouped(accused.bond().value()) + " units");
    verdict.ifPresent(
        it -> {
          row(
              out,
              "at stake",
              "%s units, to %s".formatted(Figures.grouped(it.amount().value()), it.payee()));
          row(out, "evidence", "0x" + it.evidence().toHex());
          row(out, "stage", words(it, bench.now()));
          row(
              out,
              "meanwhile",
              it.suspends() ? "it takes on nothing new" : "it may trade on: an earlier one failed");
        });
    row(out, "agency", bench.verdicts().agency() + " may accuse");
    row(
        out,
        "court",
        "%s rules on appeals; %s to appeal, %s to rule"
            .formatted(
                bench.verdicts().court(),
                Figures.duration(bench.verdicts().appealWindow()),
                Figures.duration(bench.verdicts().rulingWindow())));
  }

  /** What can be done about it. */
  static String words(BondVerdict it, Instant now) {
    boolean due = it.isDue(now);
    return switch (it.stage()) {
      case OPEN ->
          due
              ? "final since %s: verdict conclude carries it out".formatted(it.deadline())
              : "the accused may appeal until %s (verdict appeal)".formatted(it.deadline());
      case APPEALED ->
          due
              ? "lapsed at %s, without a ruling: verdict conclude ends it".formatted(it.deadline())
              : "the court may rule until %s (verdict rule)".formatted(it.deadline());
      case UPHELD -> "upheld, and final: verdict conclude carries it out";
    };
  }

  private static Json json(
      Bench bench, PartyId name, RegisteredParty accused, Optional<BondVerdict> verdict) {
    Json.Fields fields =
        Json.object()
            .put("id", name.value())
            .put("chain_id", bench.node().chainId())
            .put("registry", bench.registry().address().toString())
            .put("bond_base_units", accused.bond().value())
            .put(
                "stage",
                verdict.map(it -> it.stage().name().toLowerCase(Locale.ROOT)).orElse("none"));
    verdict.ifPresent(
        it ->
            fields
                .put("amount_base_units", it.amount().value())
                .put("payee", it.payee().toString())
                .put("evidence", "0x" + it.evidence().toHex())
                .put("deadline", it.deadline().toString())
                .put("due", it.isDue(bench.now()))
                .put("suspends", it.suspends()));
    return fields
        .put("pause_until", bench.verdicts().pauseUntil(accused.id(), BlockRef.LATEST).toString())
        .put("agency", bench.verdicts().agency().toString())
        .put("court", bench.verdicts().court().toString())
        .end();
  }

  private static void row(PrintWriter out, String title, String text) {
    out.printf("%-14s  %s%n", title, text);
  }
}

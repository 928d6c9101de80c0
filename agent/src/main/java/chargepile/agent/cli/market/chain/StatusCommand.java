package chargepile.agent.cli.market.chain;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.CommonOptions;
import chargepile.agent.cli.Figures;
import chargepile.agent.cli.identity.Roles;
import chargepile.agent.config.ConfigException;
import chargepile.agent.config.LogLevel;
import chargepile.agent.evm.BlockRef;
import chargepile.agent.evm.market.BondVerdict;
import chargepile.agent.evm.market.RegisteredParty;
import chargepile.agent.evm.market.RegistryContract;
import chargepile.agent.evm.market.VerdictsContract;
import chargepile.agent.identity.PartyId;
import chargepile.agent.identity.Role;
import chargepile.agent.runtime.Json;
import chargepile.agent.units.Amount;
import fr.acinq.bitcoin.ByteVector32;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code chargepile market status}. */
@Command(
    name = "status",
    sortOptions = false,
    description = {
      "Print how this device, or another party, stands in the registry on the EVM chain, and what"
          + " the",
      "device's account has. Sends nothing; the device's program may run meanwhile."
    })
@SuppressWarnings("NullAway.Init") // picocli fills the fields
public final class StatusCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private Member member;

  @Option(
      names = "--party",
      paramLabel = "ID",
      description = "Another party of the same registry; what is public of it.")
  private @Nullable String party;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Mixin private CommonOptions common;

  /** Why a party takes on nothing new, or that it may. */
  private enum Standing {
    UNKNOWN("it is not registered"),
    LEAVING("it has left"),
    REVOKED("its key is revoked"),
    NOT_YET("its certificate does not hold yet"),
    EXPIRED("its certificate has expired"),
    SHORT("its bond is short"),
    SUSPENDED("a verdict is pending against it"),
    ACTIVE("it may trade");

    private final String words;

    Standing(String words) {
      this.words = words;
    }
  }

  @Override
  public Integer call() throws CommandFailedException, ConfigException, IOException {
    common.applyTo(LogLevel.WARN);
    PrintWriter out = spec.commandLine().getOut();
    try (Member.Opened opened = member.open()) {
      PartyId name = party == null ? opened.reply().certificate().party() : Parties.named(party);
      ByteVector32 id = RegistryContract.id(name);
      Optional<RegisteredParty> found = opened.registry().party(id, BlockRef.LATEST);
      if (json) {
        out.println(json(opened, name, found));
      } else {
        print(out, opened, name, found);
      }
    }
    out.flush();
    return 0;
  }

  private static Amount required(Member.Opened opened, RegisteredParty it) {
    return it.role() == Role.PILE ? opened.registry().bondFor(it.ratedPowerWatts()) : Amount.ZERO;
  }

  private static Standing standing(Member.Opened opened, Optional<RegisteredParty> found) {
    if (found.isEmpty()) {
      return Standing.UNKNOWN;
    }
    RegisteredParty it = found.get();
    Instant now = opened.chain().node().block(BlockRef.LATEST).orElseThrow().time();
    if (opened.registry().isActive(it.id(), BlockRef.LATEST)) {
      return Standing.ACTIVE;
    }
    if (it.isLeaving()) {
      return Standing.LEAVING;
    }
    if (opened.registry().isRevoked(it.id(), BlockRef.LATEST)) {
      return Standing.REVOKED;
    }
    if (now.isBefore(it.notBefore())) {
      return Standing.NOT_YET;
    }
    if (!now.isBefore(it.notAfter())) {
      return Standing.EXPIRED;
    }
    return it.bond().compareTo(required(opened, it)) < 0 ? Standing.SHORT : Standing.SUSPENDED;
  }

  private static Optional<BondVerdict> verdict(Member.Opened opened, RegisteredParty it) {
    return new VerdictsContract(opened.chain().node(), opened.registry().address())
        .on(it.id(), BlockRef.LATEST);
  }

  private void print(
      PrintWriter out, Member.Opened opened, PartyId name, Optional<RegisteredParty> found) {
    row(out, name.value(), standing(opened, found).words);
    row(
        out,
        "registry",
        "%s on chain %d".formatted(opened.registry().address(), opened.account().chainId()));
    found.ifPresent(
        it -> {
          row(
              out,
              "role",
              Roles.name(it.role())
                  + (it.ratedPowerWatts() > 0 ? ", %d W".formatted(it.ratedPowerWatts()) : ""));
          row(out, "account", it.account().toString());
          row(out, "certificate", "version %d, until %s".formatted(it.keyVersion(), it.notAfter()));
          row(
              out,
              "bond",
              "%s of %s, owned by %s"
                  .formatted(
                      Figures.grouped(it.bond().value()),
                      Figures.grouped(required(opened, it).value()),
                      it.owner()));
          it.unlockAt().ifPresent(at -> row(out, "bond free at", at.toString()));
          row(out, "open", "%d orders and channels".formatted(it.obligations()));
          verdict(opened, it)
              .ifPresent(
                  against ->
                      row(
                          out,
                          "accused",
                          "%s of its bond are at stake (chargepile market verdict show)"
                              .formatted(Figures.grouped(against.amount().value()))));
        });
    if (party == null) {
      row(
          out,
          "coins",
          Coins.text(opened.chain().node().balance(opened.address(), BlockRef.LATEST)));
      row(
          out,
          "tokens",
          "%s of %s"
              .formatted(
                  Figures.grouped(
                      opened.token().balance(opened.address(), BlockRef.LATEST).value()),
                  opened.token().address()));
    }
  }

  private Json json(Member.Opened opened, PartyId name, Optional<RegisteredParty> found) {
    Json.Fields fields =
        Json.object()
            .put("id", name.value())
            .put("chain_id", opened.account().chainId())
            .put("registry", opened.registry().address().toString())
            .put("standing", standing(opened, found).name().toLowerCase(java.util.Locale.ROOT));
    found.ifPresent(
        it ->
            fields
                .put("role", Roles.name(it.role()))
                .put("rated_power_w", it.ratedPowerWatts())
                .put("account", it.account().toString())
                .put("key_version", it.keyVersion())
                .put("not_after", it.notAfter().toString())
                .put("bond_base_units", it.bond().value())
                .put("required_bond_base_units", required(opened, it).value())
                .put("bond_owner", it.owner().toString())
                .put("unlock_at", it.unlockAt().map(at -> Json.of(at.toString())).orElse(Json.NULL))
                .put("obligations", it.obligations())
                .put(
                    "accused_of_base_units",
                    verdict(opened, it).map(against -> against.amount().value()).orElse(0L)));
    if (party == null) {
      fields
          .put(
              "tokens_base_units",
              opened.token().balance(opened.address(), BlockRef.LATEST).value())
          .put(
              "coins_wei",
              opened.chain().node().balance(opened.address(), BlockRef.LATEST).value().toString());
    }
    return fields.end();
  }

  private static void row(PrintWriter out, String title, String text) {
    out.printf("%-14s  %s%n", title, text);
  }
}

package chargepile.agent.cli;

import chargepile.agent.cli.identity.IdentityFile;
import chargepile.agent.cli.identity.Roles;
import chargepile.agent.config.LogLevel;
import chargepile.agent.crypto.pairing.Pairing;
import chargepile.agent.identity.Certificate;
import chargepile.agent.identity.KgcParameters;
import chargepile.agent.identity.Ledger;
import chargepile.agent.identity.RevocationList;
import chargepile.agent.identity.SettlementCertificate;
import chargepile.agent.identity.SettlementRefusal;
import chargepile.agent.identity.SignedSettlement;
import chargepile.agent.runtime.Json;
import chargepile.agent.units.Denomination;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code chargepile verify-certificate}. */
@Command(
    name = "verify-certificate",
    sortOptions = false,
    description = {
      "Verify a settlement certificate, which seller and buyer signed together at the end of a"
          + " session, with",
      "nothing but the public parameters of the key generation centre that registered them.",
      "Exit code 0 when it holds, and what it states; else 1, and what is wrong."
    })
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class VerifyCertificateCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private CommonOptions common;

  @Parameters(paramLabel = "FILE", description = "The signed settlement certificate.")
  private Path file;

  @Option(
      names = "--kgc",
      paramLabel = "FILE",
      required = true,
      description = "The public parameters of the key generation centre, from kgc export.")
  private Path kgc;

  @Option(
      names = "--revocations",
      paramLabel = "FILE",
      description =
          "Its list of revoked certificates. Without it, a signer whose certificate was revoked"
              + " before the settlement is not noticed.")
  private @Nullable Path revocations;

  @Option(
      names = "--json",
      description = "Print one JSON object; what is wrong is in it as well as on stderr.")
  private boolean json;

  @Override
  public Integer call() throws CommandFailedException {
    common.applyTo(LogLevel.WARN);
    PrintWriter out = spec.commandLine().getOut();
    Pairing pairing = Pairing.best();
    try {
      KgcParameters parameters = IdentityFile.parameters(kgc, pairing);
      Optional<RevocationList> list = Optional.empty();
      if (revocations != null) {
        list = Optional.of(IdentityFile.revocations(revocations, parameters, pairing));
      }
      SignedSettlement signed = IdentityFile.settlement(file, pairing);
      Optional<SettlementRefusal> refusal = signed.verify(parameters, list, pairing);
      if (refusal.isPresent()) {
        throw new CommandFailedException(
            "%s is wrong: %s".formatted(file, refusal.get().explanation()));
      }
      if (json) {
        out.println(json(signed, parameters, list));
      } else {
        print(out, signed, parameters, list);
      }
    } catch (CommandFailedException e) {
      if (json) {
        out.println(
            Json.object()
                .put("file", file.toString())
                .put("ok", false)
                .put("problem", String.valueOf(e.getMessage()))
                .end());
        out.flush();
      }
      throw e;
    }
    out.flush();
    return 0;
  }

  private void print(
      PrintWriter out,
      SignedSettlement signed,
      KgcParameters parameters,
      Optional<RevocationList> list) {
    SettlementCertificate terms = signed.terms();
    out.printf(
        "%s holds: %s signed it, certified by %s.%n%n",
        file,
        signed.signers().stream()
            .map(signer -> "%s (%s)".formatted(signer.party(), Roles.name(signer.role())))
            .collect(Collectors.joining(" and ")),
        parameters.name());
    row(
        out,
        "energy",
        "%s, sold by %s and bought by %s"
            .formatted(Figures.energy(terms.sold().energy()), terms.seller(), terms.buyer()));
    row(
        out,
        "amount",
        "%s = %s, at %s a kWh"
            .formatted(
                Figures.money(money(terms), terms.sold().amount()),
                Figures.exact(money(terms).unit(), terms.sold().amount()),
                Figures.exact(money(terms).unit(), terms.sold().pricePerKwh())));
    row(
        out,
        "meter",
        "from %s to %s"
            .formatted(Figures.energy(terms.meterStart()), Figures.energy(terms.meterEnd())));
    row(out, "records", "SHA-256 " + terms.meterRoot().toHex());
    row(out, "channel", "%s, commitment %d".formatted(terms.channel(), terms.finalCommitment()));
    row(out, "ledger", ledger(terms.ledger()));
    row(out, "session", terms.session().toString());
    terms.cycle().ifPresent(cycle -> row(out, "cycle", Long.toString(cycle)));
    terms.match().ifPresent(match -> row(out, "match", match.toHex()));
    row(
        out,
        "settled",
        "%s; it may be presented until %s%s"
            .formatted(
                terms.settledAt(),
                terms.expiry(),
                Instant.now().isBefore(terms.expiry()) ? "" : ", which is over"));
    row(
        out,
        "revoked",
        list.map(known -> revoked(signed, known))
            .orElse("not looked at: give the centre's list with --revocations"));
  }

  /** What holds may have signers who were revoked later; when it was signed, they alone attest. */
  private static String revoked(SignedSettlement signed, RevocationList list) {
    List<String> said = new ArrayList<>();
    for (Certificate signer : signed.signers()) {
      since(signer, list)
          .ifPresent(
              since ->
                  said.add(
                      "%s since %s, after the stated time, which only the signers attest"
                          .formatted(signer.party(), since)));
    }
    if (said.isEmpty()) {
      said.add("no signer");
    }
    said.add("by list %d of %s".formatted(list.number(), list.issued()));
    if (isOlder(list, signed)) {
      said.add("which is older than the settlement: get a newer one to be sure");
    }
    return String.join(", ", said);
  }

  private static Optional<Instant> since(Certificate signer, RevocationList list) {
    return list.revokedSince(signer.registration().serial());
  }

  private static boolean isOlder(RevocationList list, SignedSettlement signed) {
    return list.issued().isBefore(signed.terms().settledAt());
  }

  private static void row(PrintWriter out, String title, String text) {
    out.printf("  %-8s  %s%n", title, text);
  }

  private static String ledger(Ledger ledger) {
    return switch (ledger) {
      case Ledger.Bitcoin bitcoin -> "Bitcoin, chain " + bitcoin.chainHash().toHex();
      case Ledger.Evm evm ->
          "EVM chain %d, contract 0x%s".formatted(evm.chainId(), evm.contract().toHex());
    };
  }

  /** Of a token the certificate names the contract alone. */
  private static Denomination money(SettlementCertificate terms) {
    return switch (terms.ledger()) {
      case Ledger.Bitcoin _ -> Denomination.SATOSHI;
      case Ledger.Evm _ -> Denomination.BASE_UNITS;
    };
  }

  private Json json(
      SignedSettlement signed, KgcParameters parameters, Optional<RevocationList> list) {
    SettlementCertificate terms = signed.terms();
    return Json.object()
        .put("file", file.toString())
        .put("ok", true)
        .put("kgc", parameters.name().value())
        .put(
            "signers",
            Json.array(signed.signers().stream().map(VerifyCertificateCommand::json).toList()))
        .put("seller", terms.seller().value())
        .put("buyer", terms.buyer().value())
        .put("energy_mwh", terms.sold().energy().value())
        .put(money(terms).unit().pricePerKwh(), terms.sold().pricePerKwh().value())
        .put("amount_" + money(terms).unit().key(), terms.sold().amount().value())
        .put("meter_start_mwh", terms.meterStart().value())
        .put("meter_end_mwh", terms.meterEnd().value())
        .put("meter_root", terms.meterRoot().toHex())
        .put("channel", terms.channel().toString())
        .put("commitment", terms.finalCommitment())
        .put("ledger", ledger(terms.ledger()))
        .put("session", terms.session().toString())
        .put("cycle", terms.cycle().map(Json::of).orElse(Json.NULL))
        .put("match", terms.match().map(match -> Json.of(match.toHex())).orElse(Json.NULL))
        .put("settled_at", terms.settledAt().toString())
        .put("expiry", terms.expiry().toString())
        .put("revocations", list.map(known -> json(signed, known)).orElse(Json.NULL))
        .end();
  }

  private static Json json(SignedSettlement signed, RevocationList list) {
    List<Json> later = new ArrayList<>();
    for (Certificate signer : signed.signers()) {
      since(signer, list)
          .ifPresent(
              since ->
                  later.add(
                      Json.object()
                          .put("id", signer.party().value())
                          .put("serial", signer.registration().serial())
                          .put("since", since.toString())
                          .end()));
    }
    return Json.object()
        .put("list", list.number())
        .put("issued", list.issued().toString())
        .put("older_than_settlement", isOlder(list, signed))
        .put("revoked_later", Json.array(later))
        .end();
  }

  private static Json json(Certificate signer) {
    return Json.object()
        .put("id", signer.party().value())
        .put("role", Roles.name(signer.role()))
        .put("serial", signer.registration().serial())
        .put("node_key", signer.registration().nodeKey().toHex())
        .end();
  }
}

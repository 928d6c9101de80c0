package chargepile.agent.cli.kgc;

import chargepile.agent.cli.identity.Roles;
import chargepile.agent.crypto.pairing.Pairing;
import chargepile.agent.identity.EvmAccount;
import chargepile.agent.identity.RegistrationReply;
import chargepile.agent.identity.RegistrationRequest;
import chargepile.agent.identity.SignedChainCertificate;
import chargepile.agent.runtime.Json;
import chargepile.agent.units.EvmAddress;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;

/** How what a centre knows is printed. */
final class Lines {
  private Lines() {}

  /** As {@code 31337:0xaccount in the registry 0xcontract}. */
  static String account(EvmAccount account) {
    return "%d:%s in the registry %s"
        .formatted(
            account.chainId(),
            new EvmAddress(account.address()),
            new EvmAddress(account.registry()));
  }

  /** What the registry of an EVM chain must name as its centre for certificates to hold there. */
  static void centresAccount(PrintWriter out, EvmAddress account) {
    out.printf(
        "the centre's Ethereum address: %s, which signs certificates for registry contracts%n",
        account);
  }

  static void issued(
      PrintWriter out, RegistrationRequest request, Issuing.Issued issued, Pairing pairing) {
    Register.Issue issue = issued.issue();
    out.printf(
        "%s, a %s, serial %d, until %s, by the request %s: %s%n",
        issue.party(),
        Roles.name(issue.role()),
        issue.serial(),
        issue.notAfter(),
        request.fingerprint(),
        issued.fresh() ? "issued" : "issued before; this is the same reply");
    RegistrationReply reply = RegistrationReply.decode(issue.reply(), pairing);
    reply
        .certificate()
        .registration()
        .evmAccount()
        .ifPresent(
            account ->
                out.println(
                    reply
                        .chain()
                        .map(chain -> certified(account, chain))
                        .orElseGet(
                            () ->
                                "  without a certificate for %s: it was issued before there were any; for one say --reissue=%d"
                                    .formatted(account(account), issue.serial()))));
  }

  private static String certified(EvmAccount account, SignedChainCertificate chain) {
    return "  with the certificate for %s%s"
        .formatted(
            account(account),
            chain
                .certificate()
                .company()
                .map(company -> ", a pile of the company " + company)
                .orElse(""));
  }

  /** After a new key: others know that the old certificate ended once they have the list. */
  static void newListNeeded(PrintWriter out, Issuing.Terms terms, Path folder) {
    terms
        .reissue()
        .ifPresent(
            serial ->
                out.printf(
                    "serial %d is revoked. Piles and drivers need the new list:%n  chargepile kgc"
                        + " export %s --to DIR%n",
                    serial, folder));
  }

  static void request(PrintWriter out, RegistrationRequest request) {
    RegistrationRequest.Subject subject = request.subject();
    out.printf(
        "%s  %s  %s  node key %s%s%s%s%n",
        request.fingerprint(),
        subject.party(),
        Roles.name(subject.role()),
        subject.nodeKey().toHex(),
        subject.meterKey().map(key -> "  meter key " + key.toHex()).orElse(""),
        subject.ratedPowerWatts().map(watts -> "  %d W".formatted(watts)).orElse(""),
        subject.evmAccount().map(account -> "  account " + account(account)).orElse(""));
  }

  static Json json(RegistrationRequest request) {
    RegistrationRequest.Subject subject = request.subject();
    return Json.object()
        .put("fingerprint", request.fingerprint())
        .put("id", subject.party().value())
        .put("role", Roles.name(subject.role()))
        .put("node_key", subject.nodeKey().toHex())
        .put("meter_key", subject.meterKey().map(key -> Json.of(key.toHex())).orElse(Json.NULL))
        .put("rated_power_w", subject.ratedPowerWatts().map(Json::of).orElse(Json.NULL))
        .put("account", subject.evmAccount().map(a -> Json.of(account(a))).orElse(Json.NULL))
        .end();
  }

  static void issue(PrintWriter out, Register.Issue issue, Instant now) {
    out.printf(
        "%6d  %-24s  %-7s  %s  %s%n",
        issue.serial(),
        issue.party(),
        Roles.name(issue.role()),
        issue.notAfter(),
        state(issue, now));
  }

  static Json json(Register.Issue issue, Instant now) {
    return Json.object()
        .put("serial", issue.serial())
        .put("id", issue.party().value())
        .put("role", Roles.name(issue.role()))
        .put("key_version", issue.version())
        .put("node_key", issue.node().toHex())
        .put("not_before", issue.notBefore().toString())
        .put("not_after", issue.notAfter().toString())
        .put("valid", issue.gone().isEmpty() && now.isBefore(issue.notAfter()))
        .put(
            "revoked",
            issue
                .gone()
                .map(
                    gone ->
                        Json.object()
                            .put("since", gone.since().toString())
                            .put("reason", gone.reason())
                            .end())
                .orElse(Json.NULL))
        .end();
  }

  private static String state(Register.Issue issue, Instant now) {
    return issue
        .gone()
        .map(gone -> "revoked since %s: %s".formatted(gone.since(), gone.reason()))
        .orElse(now.isBefore(issue.notAfter()) ? "valid" : "expired");
  }
}

package chargepile.agent.cli.market.verdict;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.CommonOptions;
import chargepile.agent.cli.Figures;
import chargepile.agent.cli.identity.ComplaintFile;
import chargepile.agent.cli.market.chain.Parties;
import chargepile.agent.config.ConfigException;
import chargepile.agent.config.LogLevel;
import chargepile.agent.crypto.EvmSignature;
import chargepile.agent.crypto.Signer;
import chargepile.agent.evm.BlockRef;
import chargepile.agent.evm.market.RegisteredParty;
import chargepile.agent.identity.ChainComplaint;
import chargepile.agent.identity.PartyId;
import chargepile.agent.identity.Role;
import chargepile.agent.units.Amount;
import chargepile.agent.units.EvmAddress;
import fr.acinq.bitcoin.PrivateKey;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.tinylog.Logger;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code chargepile market verdict complain} (P1-11). */
@Command(
    name = "complain",
    sortOptions = false,
    description = {
      "Sign, as the harmed party's account or its bond's owner, a complaint against a party with a"
          + " bond, and write",
      "it to a file for the agency, which alone may bring it. Sends nothing, and costs nothing; it"
          + " is good for one verdict."
    })
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class ComplainCommand implements Callable<Integer> {
  /** Whom the contract takes for harmed. */
  private static final Set<Role> TRADERS = Set.of(Role.USER, Role.PILE, Role.HUB);

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "PARTY", description = "Who is accused: its name in the registry.")
  private String accused;

  @Option(
      names = "--amount",
      paramLabel = "N",
      required = true,
      description = "What it is to lose of its bond, in the token's smallest unit.")
  private long amount;

  @Option(
      names = "--evidence",
      paramLabel = "FILE",
      required = true,
      description = {
        "What shows it, such as a settlement certificate and meter records in one archive. The"
            + " chain gets its SHA-256 only;",
        "hand the file itself to the agency."
      })
  private Path evidence;

  @Option(
      names = "--harmed",
      paramLabel = "ID",
      description = "Who was harmed (default: the device's own name).")
  private @Nullable String harmed;

  @Option(
      names = "--to",
      paramLabel = "FILE",
      required = true,
      description = "Where the complaint is written.")
  private Path to;

  @Mixin private RegistryOptions options;
  @Mixin private CommonOptions common;

  @Override
  public Integer call() throws CommandFailedException, ConfigException, IOException {
    common.applyTo(LogLevel.WARN);
    PrintWriter out = spec.commandLine().getOut();
    options.look(
        (bench, secret) -> {
          PrivateKey key =
              secret.orElseThrow(
                  () ->
                      new CommandFailedException(
                          "who complains? Give --config of a pile, --data of a wallet, or"
                              + " --key-file with --transactions"));
          complain(out, bench, key);
        });
    return 0;
  }

  private void complain(PrintWriter out, Bench bench, PrivateKey key)
      throws CommandFailedException, IOException {
    ChainComplaint complaint = complaint(bench);
    Signer signer = Signer.best(reason -> Logger.warn("{}", reason));
    requireAccusable(bench, complaint);
    requireHarmed(bench, complaint, EvmSignature.address(signer.publicKey(key)));
    long chainId = bench.node().chainId();
    EvmAddress registry = bench.registry().address();
    if (bench.verdicts().wasBrought(complaint.digest(chainId, registry), BlockRef.LATEST)) {
      throw new CommandFailedException(
          "just this complaint had its verdict already; for something else, give the evidence of"
              + " that");
    }
    new ComplaintFile(complaint, chainId, registry, complaint.sign(chainId, registry, key, signer))
        .write(to);
    RegistryOptions.said(
        out,
        "%s: %s complains of %s, over %s units, with the evidence 0x%s. Hand both files to the agency, %s, which brings it with chargepile market verdict accuse"
            .formatted(
                to,
                complaint.harmed(),
                complaint.accused(),
                Figures.grouped(amount),
                complaint.evidence().toHex(),
                bench.verdicts().agency()));
    if (bench.verdict(complaint.accused()).isPresent()) {
      RegistryOptions.said(
          out, "A verdict is open against it already; this one can be brought after that");
    }
  }

  private ChainComplaint complaint(Bench bench) throws CommandFailedException, IOException {
    PartyId name = RegistryOptions.party(harmed, bench);
    if (amount < 1) {
      throw new CommandFailedException("--amount %d: 1 or more is wanted".formatted(amount));
    }
    try {
      return new ChainComplaint(
          Parties.named(accused), new Amount(amount), name, Evidence.hash(evidence));
    } catch (IllegalArgumentException e) {
      throw new CommandFailedException(String.valueOf(e.getMessage()), e);
    }
  }

  private static void requireAccusable(Bench bench, ChainComplaint complaint)
      throws CommandFailedException {
    RegisteredParty party = bench.requireParty(complaint.accused());
    if (party.bond().compareTo(complaint.amount()) < 0) {
      throw new CommandFailedException(
          "%s has a bond of %s units: no more than that can be asked for"
              .formatted(complaint.accused(), Figures.grouped(party.bond().value())));
    }
    if (party.unlockAt().filter(at -> !bench.now().isBefore(at)).isPresent()) {
      throw new CommandFailedException(
          "%s has left, and its bond is free since %s: nobody can be accused after that"
              .formatted(complaint.accused(), party.unlockAt().orElseThrow()));
    }
  }

  private static void requireHarmed(Bench bench, ChainComplaint complaint, EvmAddress signer)
      throws CommandFailedException {
    RegisteredParty party = bench.requireParty(complaint.harmed());
    if (!TRADERS.contains(party.role())) {
      throw new CommandFailedException(
          "%s does not trade: drivers, piles and hubs are harmed, and a company complains in its pile's name (--harmed)"
              .formatted(complaint.harmed()));
    }
    if (!signer.equals(party.account()) && !signer.equals(party.owner())) {
      throw new CommandFailedException(
          "the account %s does not speak for %s, which has the account %s and the owner %s"
              .formatted(signer, complaint.harmed(), party.account(), party.owner()));
    }
    if (party.owner().equals(bench.verdicts().agency())
        || party.owner().equals(bench.verdicts().court())) {
      throw new CommandFailedException(
          "%s is the agency's or the court's own: neither gets anything by a verdict"
              .formatted(complaint.harmed()));
    }
  }
}

package chargepile.agent.cli.market.verdict;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.CommonOptions;
import chargepile.agent.cli.Figures;
import chargepile.agent.cli.identity.ComplaintFile;
import chargepile.agent.cli.market.chain.ByHand;
import chargepile.agent.config.ConfigException;
import chargepile.agent.config.LogLevel;
import chargepile.agent.crypto.Signer;
import chargepile.agent.evm.BlockRef;
import chargepile.agent.evm.EvmReceipt;
import chargepile.agent.evm.TransactionIntent;
import chargepile.agent.evm.market.BondVerdict;
import chargepile.agent.evm.market.RegisteredParty;
import chargepile.agent.identity.ChainComplaint;
import chargepile.agent.identity.EvmAccount;
import chargepile.agent.units.EvmAddress;
import fr.acinq.bitcoin.ByteVector32;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.tinylog.Logger;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code chargepile market verdict accuse} (P1-11). */
@Command(
    name = "accuse",
    sortOptions = false,
    description = {
      "Bring a complaint before the registry, as the agency: the accused takes on nothing new, and"
          + " may appeal."
    })
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class AccuseCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "COMPLAINT",
      description = "The harmed party's file, from verdict complain.")
  private Path file;

  @Option(
      names = "--evidence",
      paramLabel = "FILE",
      description = "Refuse unless this is the evidence that the complaint is signed over.")
  private @Nullable Path evidence;

  @Mixin private RegistryOptions options;
  @Mixin private CommonOptions common;

  @Override
  public Integer call()
      throws CommandFailedException, ConfigException, IOException, InterruptedException {
    common.applyTo(LogLevel.WARN);
    PrintWriter out = spec.commandLine().getOut();
    ComplaintFile paper = ComplaintFile.read(file);
    if (evidence != null && !Evidence.hash(evidence).equals(paper.complaint().evidence())) {
      throw new CommandFailedException(
          "%s is not what the complaint is signed over: its SHA-256 is another"
              .formatted(evidence));
    }
    EvmAddress registry = paper.registry();
    options.act(
        out,
        Optional.of(new EvmAccount(registry.value(), paper.chainId(), registry.value())),
        (bench, own) -> accuse(out, bench, own, paper));
    return 0;
  }

  private static void accuse(PrintWriter out, Bench bench, ByHand own, ComplaintFile paper)
      throws CommandFailedException, InterruptedException {
    ChainComplaint complaint = paper.complaint();
    if (paper.chainId() != bench.node().chainId()
        || !paper.registry().equals(bench.registry().address())) {
      throw new CommandFailedException(
          "the complaint is for the registry %s on chain %d, and not for %s on chain %d"
              .formatted(
                  paper.registry(),
                  paper.chainId(),
                  bench.registry().address(),
                  bench.node().chainId()));
    }
    ByteVector32 digest = complaint.digest(paper.chainId(), paper.registry());
    TransactionIntent accusation = bench.verdicts().accuse(digest, complaint, paper.signature());
    if (!own.isBegun(accusation)) {
      requireRight(bench, own, paper, digest);
    }
    EvmReceipt receipt = own.done(accusation);
    BondVerdict verdict = bench.requireVerdict(complaint.accused());
    RegistryOptions.said(
        out,
        "%s is accused of %s units for %s, in block %d: %s"
            .formatted(
                complaint.accused(),
                Figures.grouped(verdict.amount().value()),
                complaint.harmed(),
                receipt.block(),
                ShowVerdictCommand.words(verdict, bench.now())));
  }

  private static void requireRight(
      Bench bench, ByHand own, ComplaintFile paper, ByteVector32 digest)
      throws CommandFailedException {
    ChainComplaint complaint = paper.complaint();
    if (!own.address().equals(bench.verdicts().agency())) {
      throw new CommandFailedException(
          "the account %s is not the agency of this registry: %s is, and it alone may accuse"
              .formatted(own.address(), bench.verdicts().agency()));
    }
    if (bench.verdicts().wasBrought(digest, BlockRef.LATEST)) {
      throw new CommandFailedException("this complaint had its verdict already");
    }
    if (bench.verdict(complaint.accused()).isPresent()) {
      throw new CommandFailedException(
          "a verdict is open against %s already: bring this one when that is concluded (market verdict show)"
              .formatted(complaint.accused()));
    }
    var unused = bench.requireParty(complaint.accused());
    RegisteredParty harmed = bench.requireParty(complaint.harmed());
    Optional<EvmAddress> by =
        paper.signature().signer(Signer.best(why -> Logger.warn("{}", why)), digest);
    if (by.filter(at -> at.equals(harmed.account()) || at.equals(harmed.owner())).isEmpty()) {
      throw new CommandFailedException(
          "the complaint is signed by %s, which does not speak for %s"
              .formatted(by.map(EvmAddress::toString).orElse("nobody"), complaint.harmed()));
    }
  }
}

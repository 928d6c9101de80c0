package chargepile.agent.cli.market.verdict;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.CommonOptions;
import chargepile.agent.cli.identity.RevocationFile;
import chargepile.agent.cli.market.chain.ByHand;
import chargepile.agent.config.ConfigException;
import chargepile.agent.config.LogLevel;
import chargepile.agent.crypto.Signer;
import chargepile.agent.evm.BlockRef;
import chargepile.agent.evm.EvmReceipt;
import chargepile.agent.evm.market.RegistryContract;
import chargepile.agent.identity.ChainRevocation;
import chargepile.agent.identity.EvmAccount;
import chargepile.agent.units.EvmAddress;
import fr.acinq.bitcoin.ByteVector32;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.tinylog.Logger;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code chargepile market revoke} (P1-10). */
@Command(
    name = "revoke",
    sortOptions = false,
    description = {
      "Bring a centre's revocations to the registry on its EVM chain; anybody may. Whom they are of"
          + " takes on nothing",
      "new there from then on, and keeps its bond, its channels and its right to leave."
    })
@SuppressWarnings("NullAway.Init") // picocli fills the fields
public final class RevokeCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "FILE",
      description = RevocationFile.NAME + ", which kgc export wrote; what is known is passed over.")
  private Path file;

  @Mixin private RegistryOptions options;
  @Mixin private CommonOptions common;

  @Override
  public Integer call()
      throws CommandFailedException, ConfigException, IOException, InterruptedException {
    common.applyTo(LogLevel.WARN);
    PrintWriter out = spec.commandLine().getOut();
    List<ChainRevocation.Signed> all = RevocationFile.read(file);
    if (all.isEmpty()) {
      throw new CommandFailedException(file + " has no revocation: there is nothing to bring");
    }
    options.act(out, only(all), (bench, own) -> bring(out, bench, own, all));
    return 0;
  }

  /** The registry that all are for. */
  private static Optional<EvmAccount> only(List<ChainRevocation.Signed> all) {
    ChainRevocation first = all.getFirst().revocation();
    boolean one =
        all.stream()
            .map(ChainRevocation.Signed::revocation)
            .allMatch(
                each ->
                    each.chainId() == first.chainId() && each.registry().equals(first.registry()));
    return one
        ? Optional.of(
            new EvmAccount(first.registry().value(), first.chainId(), first.registry().value()))
        : Optional.empty();
  }

  private void bring(PrintWriter out, Bench bench, ByHand own, List<ChainRevocation.Signed> all)
      throws CommandFailedException, InterruptedException {
    List<ChainRevocation.Signed> here =
        all.stream()
            .filter(each -> each.revocation().chainId() == bench.node().chainId())
            .filter(each -> each.revocation().registry().equals(bench.registry().address()))
            .toList();
    if (here.isEmpty()) {
      throw new CommandFailedException(
          "%s has nothing for the registry %s on chain %d"
              .formatted(file, bench.registry().address(), bench.node().chainId()));
    }
    Signer signer = Signer.best(why -> Logger.warn("{}", why));
    EvmAddress centre = bench.registry().kgc();
    for (ChainRevocation.Signed each : here) {
      if (!each.signedBy(signer).equals(Optional.of(centre))) {
        throw new CommandFailedException(
            "the revocation of %s is signed by %s, and the registry knows the centre %s: it is another centre's, or another market's"
                .formatted(
                    each.revocation().party(),
                    each.signedBy(signer).map(EvmAddress::toString).orElse("nobody"),
                    centre));
      }
    }
    for (ChainRevocation.Signed each : here) {
      bringOne(out, bench, own, each);
    }
  }

  private static void bringOne(
      PrintWriter out, Bench bench, ByHand own, ChainRevocation.Signed signed)
      throws CommandFailedException, InterruptedException {
    ChainRevocation it = signed.revocation();
    ByteVector32 id = RegistryContract.id(it.party());
    if (bench.registry().revokedThrough(id, BlockRef.LATEST) >= it.keyVersion()) {
      RegistryOptions.said(
          out, "%s: version %d is revoked there already".formatted(it.party(), it.keyVersion()));
      return;
    }
    EvmReceipt receipt = own.done(bench.registry().revoke(id, it.keyVersion(), signed.signature()));
    RegistryOptions.said(
        out,
        "%s: version %d of its keys is revoked, in block %d"
            .formatted(it.party(), it.keyVersion(), receipt.block()));
  }
}

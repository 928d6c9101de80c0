package chargepile.agent.cli.market.chain;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.node.SeedFile;
import chargepile.agent.crypto.AccountKey;
import chargepile.agent.crypto.Signer;
import chargepile.agent.evm.EvmKey;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.tinylog.Logger;
import picocli.CommandLine.Option;

/** Whose account deploys: the folder's own, or one that has coins already. */
final class DeployerKey {
  private static final String SEED = "seed";

  @Option(
      names = "--key-file",
      paramLabel = "FILE",
      description =
          "The file with the deploying account's key, 64 hexadecimal digits."
              + " Without it the folder has an account of its own, which needs some"
              + " coins first: it is printed. It has no say later.")
  private @Nullable Path file;

  @Option(
      names = "--passphrase-file",
      paramLabel = "FILE",
      description = "The file with the passphrase that seals the folder's own key.")
  private @Nullable Path passphrase;

  EvmKey open(Path folder, Path outbox) throws CommandFailedException, IOException {
    Signer signer = Signer.best(reason -> Logger.warn("{}", reason));
    if (file == null) {
      return new EvmKey(
          AccountKey.derive(
              SeedFile.open(folder.resolve(SEED), Optional.ofNullable(passphrase), outbox)),
          signer);
    }
    return new EvmKey(AccountKeyFile.read(file), signer);
  }
}

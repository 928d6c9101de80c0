package chargepile.agent.cli.agency;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.CommonOptions;
import chargepile.agent.cli.node.AccountKeyFile;
import chargepile.agent.config.LogLevel;
import chargepile.agent.crypto.Eip55;
import chargepile.agent.crypto.EvmSignature;
import chargepile.agent.crypto.Signer;
import fr.acinq.bitcoin.PrivateKey;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.tinylog.Logger;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code chargepile agency account}. */
@Command(
    name = "account",
    sortOptions = false,
    description = {
      "Say which account a key is of: market deploy is told it with --agency, and it needs coins"
          + " for gas.",
      "Asks and sends nothing."
    })
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class AccountCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "FILE",
      description = "The file with the account's key, 64 hexadecimal digits.")
  private Path file;

  @Option(names = "--new", description = "Make a key first; a file that is there is left alone.")
  private boolean make;

  @Mixin private CommonOptions common;

  @Override
  public Integer call() throws CommandFailedException, IOException {
    common.applyTo(LogLevel.WARN);
    PrivateKey key = make ? AccountKeyFile.make(file) : AccountKeyFile.read(file);
    Signer signer = Signer.best(reason -> Logger.warn("{}", reason));
    PrintWriter out = spec.commandLine().getOut();
    out.println(Eip55.write(EvmSignature.address(signer.publicKey(key))));
    out.flush();
    return 0;
  }
}

package chargepile.agent.cli.market.chain;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.node.SecretFile;
import fr.acinq.bitcoin.PrivateKey;
import java.nio.file.Path;

/** A file with an account's key: 64 hexadecimal digits. */
final class AccountKeyFile {
  private AccountKeyFile() {}

  static PrivateKey read(Path file) throws CommandFailedException {
    String text = SecretFile.read(file).strip().replaceFirst("^0x", "");
    if (!text.matches("[0-9a-fA-F]{64}")) {
      throw new CommandFailedException(
          file + " holds no account's key, which is 64 hexadecimal digits");
    }
    PrivateKey key = PrivateKey.fromHex(text);
    if (!key.isValid()) {
      throw new CommandFailedException(file + " holds a number that is no key of secp256k1");
    }
    return key;
  }
}

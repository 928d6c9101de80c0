package chargepile.agent.cli.node;

import chargepile.agent.chain.ChainException;
import chargepile.agent.chain.bitcoind.ReservedCoins;
import fr.acinq.bitcoin.OutPoint;
import fr.acinq.bitcoin.TxId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** {@code txid:output}, a coin a line. Beside the store, because the wallet is not the store's. */
record ReservedCoinsFile(Path file) implements ReservedCoins {
  /** The file's name in the data directory. */
  static final String NAME = "reserved-coins";

  private static final Pattern LINE = Pattern.compile("([0-9a-f]{64}):([0-9]{1,9})");

  @Override
  public Set<OutPoint> load() {
    Set<OutPoint> coins = new LinkedHashSet<>();
    try {
      for (String line : Files.readAllLines(file)) {
        Matcher form = LINE.matcher(line);
        if (!form.matches()) {
          throw new ChainException(
              "%s is damaged at \"%s\": what the last run reserved is free when the Bitcoin node restarts"
                  .formatted(file, line));
        }
        coins.add(new OutPoint(new TxId(form.group(1)), Long.parseLong(form.group(2))));
      }
    } catch (NoSuchFileException e) {
      return Set.of();
    } catch (IOException e) {
      throw new ChainException("%s can't be read: %s".formatted(file, e.getMessage()), e);
    }
    return coins;
  }

  @Override
  public void save(Set<OutPoint> coins) {
    String lines =
        coins.stream()
            .map(coin -> "%s:%d%n".formatted(coin.txid.value.toHex(), coin.index))
            .collect(Collectors.joining());
    try {
      DurableFile.write(file, lines.getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      throw new ChainException(
          "%s can't be written, so no coin is reserved: %s".formatted(file, e.getMessage()), e);
    }
  }
}

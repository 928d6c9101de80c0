package chargepile.agent.cli.market.chain;

import chargepile.agent.cli.node.DurableFile;
import chargepile.agent.evm.EvmOutbox;
import chargepile.agent.evm.OutboxCodec;
import chargepile.agent.evm.OutboxEntry;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** An outbox as a folder with a file for each transaction; for an account without a store. */
public final class OutboxFolder implements EvmOutbox {
  private static final String ENDING = ".tx";

  private final Path folder;

  /** Makes the folder where it is not there. */
  public OutboxFolder(Path folder) throws IOException {
    Files.createDirectories(folder);
    this.folder = folder;
  }

  @Override
  public List<OutboxEntry> entries() {
    try (Stream<Path> files = Files.list(folder)) {
      List<OutboxEntry> entries = new ArrayList<>();
      for (Path file : files.filter(OutboxFolder::isEntry).toList()) {
        entries.add(OutboxCodec.decode(Files.readAllBytes(file)));
      }
      entries.sort(Comparator.comparingLong(OutboxEntry::nonce));
      return entries;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void save(OutboxEntry entry) {
    try {
      DurableFile.write(file(entry.intent().key()), OutboxCodec.encode(entry));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void forget(String key) {
    try {
      Files.deleteIfExists(file(key));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isEntry(Path file) {
    return file.toString().endsWith(ENDING);
  }

  /** A key may have any characters. */
  private Path file(String key) {
    ByteVector32 hash = new ByteVector(key.getBytes(StandardCharsets.UTF_8)).sha256();
    return folder.resolve(hash.toHex() + ENDING);
  }
}

package chargepile.agent.cli.node;

import chargepile.agent.runtime.MarketMemory;
import chargepile.agent.store.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/** What a market's desk must remember, in a file of its own beside the store. */
public final class DeskFile implements MarketMemory {
  /** Its name in the data folder. */
  public static final String NAME = "market-desk";

  private final Path file;

  public DeskFile(Path folder) {
    this(folder, NAME);
  }

  /** What is remembered beside it, under a name of its own. */
  public DeskFile(Path folder, String name) {
    this.file = folder.resolve(name);
  }

  @Override
  public Optional<byte[]> load() {
    try {
      return Optional.of(Files.readAllBytes(file));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new StoreException("%s can't be read: %s".formatted(file, e.getMessage()), e);
    }
  }

  @Override
  public void save(byte[] remembered) {
    try {
      DurableFile.write(file, remembered);
    } catch (IOException e) {
      throw new StoreException("%s can't be written: %s".formatted(file, e.getMessage()), e);
    }
  }
}

package chargepile.agent.store;

import static chargepile.agent.store.StoreSamples.FIRST;
import static chargepile.agent.store.StoreSamples.NOON;
import static chargepile.agent.store.StoreSamples.channel;
import static chargepile.agent.store.StoreSamples.marks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A process of its own that commits as fast as it can and says each number when it is durable. */
final class CommittingProcess {
  private CommittingProcess() {}

  /** The commit number {@code n}: every part of it says {@code n}. */
  static Commit commit(long n) {
    byte[] message = Long.toString(n).getBytes(StandardCharsets.US_ASCII);
    return new Commit(
        List.of(channel(FIRST, marks(n, 1, n, n - 1), new byte[2_000])),
        List.of(),
        Optional.of(message),
        Optional.of(new RegistersRow(n, 2 * n)),
        List.of(new OutboxEntry("peer:" + n, message)),
        new JournalNote(NOON, "energy_update", Optional.of(FIRST), n, "commit " + n));
  }

  /** Commits to the store in {@code args[0]} until it is killed. */
  @SuppressWarnings("SystemOut") // the parent reads it
  static void main(String[] args) {
    try (Store store = SqliteStore.open(Path.of(args[0]))) {
      long last = store.load().journalSequence();
      while (true) {
        store.sent(last);
        last = store.commit(commit(last + 1));
        System.out.println(last);
        if (System.out.checkError()) {
          return;
        }
      }
    } catch (StoreException e) {
      System.out.println("refused: " + e.getMessage());
    }
  }

  static Process start(Path file) {
    try {
      return new ProcessBuilder(
              Path.of(System.getProperty("java.home"), "bin", "java").toString(),
              "--enable-native-access=ALL-UNNAMED",
              "-XX:TieredStopAtLevel=1",
              "-XX:+UseSerialGC",
              "-cp",
              System.getProperty("java.class.path"),
              CommittingProcess.class.getName(),
              file.toString())
          .redirectError(ProcessBuilder.Redirect.INHERIT)
          .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The next line of its output; fails when it ended. */
  static String line(BufferedReader output) {
    try {
      String line = output.readLine();
      if (line == null) {
        throw new AssertionError("the committing process ended by itself");
      }
      return line;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

package chargepile.agent.market;

import chargepile.agent.market.CommandStream.Command;
import chargepile.agent.market.CommandStream.Kind;
import java.util.Arrays;
import java.util.List;

/**
 * How long each kind of command takes at the median and beyond it, clock reads included.
 *
 * <p>{@code OrderBookLatency [RUNS]}: the books take turns, run by run, in one process; the first
 * third of the runs is for warming up. Ends with an error if they did not trade the same, pair by
 * pair.
 */
public final class OrderBookLatency {
  private static final int RUNS = 300;

  private OrderBookLatency() {}

  public static void main(String[] arguments) {
    int runs = arguments.length > 0 ? Integer.parseInt(arguments[0]) : RUNS;
    List<Command> commands = CommandStream.commands();
    Contender.Name[] names = Contender.Name.values();
    Contender[] books = new Contender[names.length];
    long[][] nanos = new long[names.length][];
    for (int book = 0; book < names.length; book++) {
      books[book] = names[book].with(commands);
      nanos[book] = new long[(runs - runs / 3) * commands.size()];
    }
    for (int run = 0; run < runs; run++) {
      for (int book = 0; book < names.length; book++) {
        int at = (run - runs / 3) * commands.size();
        for (int i = 0; i < commands.size(); i++) {
          long start = System.nanoTime();
          books[book].run(i);
          long took = System.nanoTime() - start;
          if (at >= 0) {
            nanos[book][at + i] = took;
          }
        }
      }
    }
    for (int book = 0; book < names.length; book++) {
      if (books[book].traded != books[0].traded || books[book].pairs != books[0].pairs) {
        throw new IllegalStateException(names[book] + " traded otherwise");
      }
      for (Kind kind : Kind.values()) {
        print(names[book], kind, of(kind, commands, nanos[book]));
      }
    }
  }

  private static long[] of(Kind kind, List<Command> commands, long[] nanos) {
    long[] some = new long[nanos.length];
    int count = 0;
    for (int i = 0; i < nanos.length; i++) {
      if (commands.get(i % commands.size()).kind() == kind) {
        some[count++] = nanos[i];
      }
    }
    return Arrays.copyOf(some, count);
  }

  private static void print(Contender.Name name, Kind kind, long[] nanos) {
    Arrays.sort(nanos);
    System.out.printf(
        "%-14s %-6s %8d commands, ns: p50 %d, p90 %d, p99 %d, p99.9 %d%n",
        name,
        kind,
        nanos.length,
        nanos[nanos.length / 2],
        nanos[(int) (nanos.length * 0.90)],
        nanos[(int) (nanos.length * 0.99)],
        nanos[(int) (nanos.length * 0.999)]);
  }
}

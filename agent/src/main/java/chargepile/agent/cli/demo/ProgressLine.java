package chargepile.agent.cli.demo;

import chargepile.agent.cli.Figures;
import chargepile.agent.units.Amount;
import chargepile.agent.units.MilliWattHours;
import chargepile.hal.sim.PowerTrace;
import java.io.Console;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * Draws progress: on a terminal one line that is rewritten, elsewhere a line for every tenth of the
 * way.
 */
final class ProgressLine implements DemoProgress {
  private static final long REDRAW_NANOS = Duration.ofMillis(100).toNanos();
  private static final int BAR = 20;
  private static final String START_OVER = "\r";
  private static final String CLEAR_TO_END = "\u001b[K";

  private final PrintWriter out;
  private final boolean rewriting;
  private final long expectedMwh;
  private final LongSupplier nanoTime;
  private final Function<Amount, String> money;
  private final String update;
  private long nextDraw;
  private long nextTenth = 1;
  private String drawn = "";
  private String waiting = "";

  ProgressLine(PrintWriter out, boolean rewriting, MilliWattHours expected, LongSupplier nanoTime) {
    this(out, rewriting, expected, nanoTime, Figures::sat, "commitment");
  }

  /**
   * @param money how amounts are written
   * @param update what both sign for an increment
   */
  private ProgressLine(
      PrintWriter out,
      boolean rewriting,
      MilliWattHours expected,
      LongSupplier nanoTime,
      Function<Amount, String> money,
      String update) {
    this.money = money;
    this.update = update;
    this.out = out;
    this.rewriting = rewriting;
    this.expectedMwh = Math.max(1, expected.value());
    this.nanoTime = nanoTime;
    this.nextDraw = nanoTime.getAsLong();
  }

  /** A line for a demo that rewrites itself when this process has a terminal. */
  @SuppressWarnings("SystemConsoleNull") // without a terminal it is null again from Java 25 on
  static ProgressLine on(PrintWriter out, DemoOptions options) {
    PowerTrace trace = options.trace();
    Console console = System.console();
    boolean terminal =
        console != null && console.isTerminal() && !"dumb".equals(System.getenv("TERM"));
    return new ProgressLine(
        out,
        terminal,
        new MilliWattHours(trace.importMilliWattHours() + trace.exportMilliWattHours()),
        System::nanoTime,
        options::money,
        switch (options.ledger()) {
          case DemoOptions.OnLedger.Bitcoin _ -> "commitment";
          case DemoOptions.OnLedger.Evm _ -> "voucher";
        });
  }

  @Override
  public synchronized void stage(String text) {
    end();
    out.println(text);
    out.flush();
  }

  @Override
  public synchronized void charging(
      Duration time,
      MilliWattHours energy,
      Amount paid,
      MilliWattHours unpaid,
      long powerWatts,
      long commitment) {
    long tenth = 10 * energy.value() / expectedMwh;
    boolean due = rewriting ? nanoTime.getAsLong() - nextDraw >= 0 : tenth >= nextTenth;
    if (!rewriting && !due) {
      return;
    }
    String line =
        "  %s %3d %%  %10s  %10s  %7s  paid %s, unpaid %s, %s %d"
            .formatted(
                bar(energy),
                Math.min(100, 100 * energy.value() / expectedMwh),
                Figures.duration(time),
                Figures.kiloWattHours(energy),
                Figures.power(powerWatts),
                money.apply(paid),
                Figures.energy(unpaid),
                update,
                commitment);
    if (due) {
      nextTenth = tenth + 1;
      nextDraw = nanoTime.getAsLong() + REDRAW_NANOS;
      draw(line);
    } else {
      waiting = line;
    }
  }

  /** Leaves the last state on the screen and begins a new line. */
  synchronized void end() {
    if (!waiting.isEmpty()) {
      draw(waiting);
    }
    if (!drawn.isEmpty()) {
      out.println();
      out.flush();
      drawn = "";
    }
  }

  private void draw(String line) {
    waiting = "";
    if (rewriting) {
      drawn = line;
      out.print(START_OVER + line + CLEAR_TO_END);
    } else {
      out.println(line.stripTrailing());
    }
    out.flush();
  }

  private String bar(MilliWattHours energy) {
    int full = (int) Math.min(BAR, BAR * energy.value() / expectedMwh);
    return String.format(Locale.ROOT, "[%s%s]", "#".repeat(full), ".".repeat(BAR - full));
  }
}

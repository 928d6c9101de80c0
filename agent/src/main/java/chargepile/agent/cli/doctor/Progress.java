package chargepile.agent.cli.doctor;

import java.io.Console;
import java.io.PrintWriter;
import java.util.List;

/** Prints outcomes as they come; on a terminal also what is still waited for. */
final class Progress implements Examination.Observer {
  private static final String CLEAR = "\r\u001b[K";

  private final PrintWriter out;
  private final PrintWriter err;
  private final boolean printing;
  private final boolean rewriting;

  /**
   * @param printing whether the outcomes are to be printed
   * @param rewriting whether {@code err} is a terminal
   */
  Progress(PrintWriter out, PrintWriter err, boolean printing, boolean rewriting) {
    this.out = out;
    this.err = err;
    this.printing = printing;
    this.rewriting = rewriting;
  }

  @SuppressWarnings("SystemConsoleNull") // without a terminal it is null again from Java 25 on
  static boolean isTerminal() {
    Console console = System.console();
    return console != null && console.isTerminal() && !"dumb".equals(System.getenv("TERM"));
  }

  @Override
  public void waitingFor(List<String> checks) {
    if (rewriting) {
      err.print(CLEAR + "checking: " + String.join(", ", checks));
      err.flush();
    }
  }

  @Override
  public void done(Outcome outcome) {
    if (rewriting) {
      err.print(CLEAR);
      err.flush();
    }
    if (printing) {
      Report.print(out, outcome);
    }
  }
}

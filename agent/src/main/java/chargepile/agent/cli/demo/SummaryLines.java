package chargepile.agent.cli.demo;

import java.io.PrintWriter;

/** Rows of a summary: titles in one column, what they say in another. */
record SummaryLines(PrintWriter out) {
  void gap() {
    out.println();
  }

  void row(String title, String text) {
    out.printf("  %-14s  %s%n", title, text);
  }

  /** An amount in a column of amounts. */
  void amount(String title, String amount) {
    out.printf("  %-14s  %16s%n", title, amount);
  }

  /** Above a sum. */
  void rule() {
    out.printf("  %-14s  %s%n", "", "-".repeat(16));
  }
}

package chargepile.agent.cli.systemd;

import java.util.HashMap;
import java.util.Map;
import org.tinylog.core.LogEntry;
import org.tinylog.writers.AbstractFormatPatternWriter;

/**
 * The log on stderr; tinylog makes one for {@code writer = stderr}. Its lines have the property
 * {@code format}; where the journal reads them {@code journal} instead, if that is given, and each
 * bears its priority.
 */
public final class StderrWriter extends AbstractFormatPatternWriter {
  private final boolean journal;

  /** With all properties of the writer. */
  public StderrWriter(Map<String, String> properties) {
    this(properties, Journal.reads());
  }

  StderrWriter(Map<String, String> properties, boolean journal) {
    super(journal ? forJournal(properties) : properties);
    this.journal = journal;
  }

  private static Map<String, String> forJournal(Map<String, String> properties) {
    Map<String, String> changed = new HashMap<>(properties);
    String format = properties.get("journal");
    if (format != null) {
      changed.put("format", format);
    }
    return changed;
  }

  @Override
  @SuppressWarnings("SystemOut") // it is what this is for
  public void write(LogEntry entry) {
    String text = render(entry);
    System.err.print(journal ? Journal.marked(entry.getLevel(), text) : text);
  }

  @Override
  public void flush() {
    System.err.flush();
  }

  @Override
  public void close() {
    System.err.flush();
  }
}

package chargepile.agent.config;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** The section {@code [gpio]} of a file, whatever the rest of it is like. */
public final class GpioFile {
  private static final String SECTION = "gpio";
  private static final Pattern HEADER =
      Pattern.compile("\\s*\\[\\s*([\"']?)" + SECTION + "\\1\\s*]\\s*(#.*)?");
  private static final Pattern NEXT = Pattern.compile("\\s*\\[.*");

  private GpioFile() {}

  /**
   * Reads the section; problems elsewhere in the file don't matter.
   *
   * @throws ConfigException when the file can't be read, or its section is not in order
   */
  public static GpioSettings load(Path file) throws ConfigException {
    String name = file.toString();
    String text = ConfigFile.text(file);
    Document whole = new Document(name, text);
    if (whole.readable()) {
      return read(whole, 0);
    }
    List<String> lines = text.lines().toList();
    int[] headers =
        IntStream.range(0, lines.size())
            .filter(line -> HEADER.matcher(lines.get(line)).matches())
            .toArray();
    if (headers.length != 1) {
      throw new ConfigException(whole.finish()); // which lines are meant nobody knows
    }
    int begin = headers[0];
    int end =
        IntStream.range(begin + 1, lines.size())
            .filter(line -> NEXT.matcher(lines.get(line)).matches())
            .findFirst()
            .orElse(lines.size());
    return read(new Document(name, String.join("\n", lines.subList(begin, end))), begin);
  }

  /** A file with the section's keys that tell where the contactor is. */
  public static String contactor(GpioSettings gpio) {
    String chip =
        gpio.chip()
            .map(name -> name.replace("\\", "\\\\").replace("\"", "\\\""))
            .map("chip = \"%s\"\n"::formatted)
            .orElse("");
    return "[%s]\n%scontactor_pin = %d\ncontactor_active_low = %b\n"
        .formatted(SECTION, chip, gpio.contactorPin(), gpio.contactorActiveLow());
  }

  private static GpioSettings read(Document document, int linesBefore) throws ConfigException {
    GpioSettings gpio = GpioSettings.read(document.section(SECTION), Path::of);
    String prefix = SECTION + ".";
    for (String key : ConfigFile.keys()) {
      if (key.startsWith(prefix)) {
        document.value(SECTION, key.substring(prefix.length())); // known, though not needed here
      }
    }
    List<Problem> problems =
        document.finish().stream()
            .filter(p -> p.key().isEmpty() || p.key().equals(SECTION) || p.key().startsWith(prefix))
            .map(
                p ->
                    new Problem(p.file(), p.line() + linesBefore, p.column(), p.key(), p.message()))
            .toList();
    if (!problems.isEmpty()) {
      throw new ConfigException(problems);
    }
    return gpio;
  }
}

package chargepile.hal.sim;

import chargepile.hal.sim.PowerTrace.Step;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads traces from CSV. The header names the unit: {@code seconds,power_w} holds each power until
 * the next row, {@code seconds,energy_wh} is a cumulative net reading whose fall is export. The
 * last row ends the trace. Blank lines and lines that start with {@code #} are skipped.
 */
final class TraceCsv {
  private static final long MAX_BYTES = 64L << 20;
  private static final Pattern NUMBER =
      Pattern.compile("[+-]?(\\d{1,15}(\\.\\d{0,15})?|\\.\\d{1,15})([eE][+-]?\\d{1,2})?");
  private static final BigDecimal NANOS_PER_SECOND = BigDecimal.valueOf(1_000_000_000L);
  private static final BigDecimal MILLIWATTS_PER_WATT = BigDecimal.valueOf(1000);

  /** 1 Wh = 3600 J. */
  private static final BigDecimal PICOJOULES_PER_WH = BigDecimal.valueOf(3_600_000_000_000_000L);

  private enum Unit {
    POWER_W,
    ENERGY_WH
  }

  private record Row(long nanos, BigDecimal value, int line) {}

  private final String name;
  private final List<Step> steps = new ArrayList<>();
  private @Nullable Unit unit;
  private @Nullable Row previous;
  private long firstNanos;
  private int rows;

  private TraceCsv(String name) {
    this.name = name;
  }

  static PowerTrace read(Path file) {
    try {
      if (Files.isDirectory(file)) {
        throw new BadTraceException(file + ": is a directory; name a CSV file");
      }
      if (Files.size(file) > MAX_BYTES) {
        throw new BadTraceException(file + ": over 64 MiB; thin the trace out");
      }
      try (BufferedReader reader = Files.newBufferedReader(file)) {
        return read(file.toString(), reader);
      }
    } catch (NoSuchFileException e) {
      throw new BadTraceException(file + ": no such file; check the path", e);
    } catch (CharacterCodingException e) {
      throw new BadTraceException(file + ": is not UTF-8 text; save the trace as CSV in UTF-8", e);
    } catch (IOException e) {
      throw new BadTraceException(file + ": cannot be read: " + e.getMessage(), e);
    }
  }

  static PowerTrace read(String name, Reader text) throws IOException {
    TraceCsv csv = new TraceCsv(name);
    BufferedReader reader = new BufferedReader(text);
    int line = 0;
    for (String raw = reader.readLine(); raw != null; raw = reader.readLine()) {
      line++;
      String content = (line == 1 && raw.startsWith("\uFEFF") ? raw.substring(1) : raw).strip();
      if (!content.isEmpty() && !content.startsWith("#")) {
        csv.accept(content, line);
      }
    }
    return csv.finish(line);
  }

  private void accept(String content, int line) {
    if (unit == null) {
      unit = header(content, line);
      return;
    }
    Row row = row(content, line);
    Row before = previous;
    if (before == null) {
      firstNanos = row.nanos;
    } else {
      if (row.nanos <= before.nanos) {
        throw bad(
            line,
            "seconds do not increase (line "
                + before.line
                + " is as late or later); sort the rows by time and drop doubles");
      }
      if (row.nanos - firstNanos > PowerTrace.MAX_NANOS) {
        throw bad(line, "the trace lasts over 31 days; are the seconds milliseconds?");
      }
      switch (unit) {
        case POWER_W -> hold(before, row);
        case ENERGY_WH -> spread(before, row);
      }
    }
    previous = row;
    rows++;
  }

  private PowerTrace finish(int lines) {
    if (unit == null) {
      throw new BadTraceException(
          name + ": empty; the first line must be seconds,power_w or seconds,energy_wh");
    }
    if (rows < 2) {
      throw bad(
          Math.max(1, lines),
          (rows == 0 ? "no data rows" : "only one data row")
              + "; a trace needs two or more, as each holds until the next and the last ends it");
    }
    return new PowerTrace(steps);
  }

  private Unit header(String content, int line) {
    String[] columns = content.toLowerCase(Locale.ROOT).split(",", -1);
    String wanted = "; the first line must be seconds,power_w or seconds,energy_wh";
    if (columns.length != 2) {
      throw bad(line, "header \"" + shown(content) + "\" has not two columns" + wanted);
    }
    if (!columns[0].strip().equals("seconds")) {
      throw bad(line, "unknown first column \"" + shown(columns[0].strip()) + "\"" + wanted);
    }
    return switch (columns[1].strip()) {
      case "power_w" -> Unit.POWER_W;
      case "energy_wh" -> Unit.ENERGY_WH;
      case String other ->
          throw bad(line, "unknown unit \"" + shown(other) + "\"" + wanted + ", in W or Wh");
    };
  }

  private Row row(String content, int line) {
    String[] columns = content.split(",", -1);
    if (columns.length != 2) {
      throw bad(
          line,
          "\""
              + shown(content)
              + "\" has "
              + columns.length
              + " columns instead of 2; write numbers with a decimal point and one comma between");
    }
    BigDecimal seconds = number(columns[0].strip(), line, "seconds");
    if (seconds.signum() < 0) {
      throw bad(line, "seconds are negative; count them up from the start of the trace");
    }
    if (seconds.compareTo(BigDecimal.valueOf(9_000_000_000L)) > 0) {
      throw bad(line, "seconds are absurd (" + columns[0].strip() + "); are they milliseconds?");
    }
    long nanos =
        seconds.multiply(NANOS_PER_SECOND).setScale(0, RoundingMode.HALF_EVEN).longValueExact();
    String column = unit == Unit.POWER_W ? "power_w" : "energy_wh";
    return new Row(nanos, number(columns[1].strip(), line, column), line);
  }

  private BigDecimal number(String text, int line, String column) {
    if (!NUMBER.matcher(text).matches()) {
      String why =
          text.isEmpty() ? "is missing" : "is not a finite number: \"" + shown(text) + "\"";
      throw bad(line, column + " " + why + "; write a plain number such as 7360 or 12.5");
    }
    return new BigDecimal(text);
  }

  private void hold(Row from, Row to) {
    BigDecimal milliwatts =
        from.value.multiply(MILLIWATTS_PER_WATT).setScale(0, RoundingMode.HALF_EVEN);
    if (milliwatts.abs().compareTo(BigDecimal.valueOf(PowerTrace.MAX_MILLIWATTS)) > 0) {
      throw bad(from.line, "power over 1 MW; is the column really in watts?");
    }
    steps.add(new Step(to.nanos - from.nanos, milliwatts.longValueExact()));
  }

  /**
   * Spreads the energy between two readings evenly, exact to the picojoule: two powers 1 mW apart.
   */
  private void spread(Row from, Row to) {
    BigDecimal joules = to.value.subtract(from.value).multiply(PICOJOULES_PER_WH);
    BigInteger energy = joules.setScale(0, RoundingMode.HALF_EVEN).toBigIntegerExact();
    BigInteger nanos = BigInteger.valueOf(to.nanos - from.nanos);
    BigInteger[] split = energy.abs().divideAndRemainder(nanos);
    if (split[0].compareTo(BigInteger.valueOf(PowerTrace.MAX_MILLIWATTS)) >= 0) {
      throw bad(
          to.line,
          "energy changes by more than 1 MW since line "
              + from.line
              + "; is the column really in watt-hours, and did the meter not restart?");
    }
    long power = split[0].longValueExact();
    long more = split[1].longValueExact();
    if (more > 0) {
      steps.add(new Step(more, energy.signum() * (power + 1)));
    }
    steps.add(new Step(nanos.longValueExact() - more, energy.signum() * power));
  }

  private BadTraceException bad(int line, String what) {
    return new BadTraceException(name + ":" + line + ": " + what);
  }

  /** Keeps a garbled line from filling the terminal. */
  private static String shown(String text) {
    String printable = text.replaceAll("\\p{Cntrl}", "?");
    return printable.length() <= 40 ? printable : printable.substring(0, 40) + "…";
  }
}

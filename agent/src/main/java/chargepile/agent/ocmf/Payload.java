package chargepile.agent.ocmf;

import java.util.List;
import java.util.Optional;

/**
 * What is signed (OCMF, "Payload Data Section").
 *
 * @param version of the format, {@code major.minor}
 * @param readings one or more, in the order of the record
 */
public record Payload(
    String version,
    Gateway gateway,
    Pagination page,
    MeterLabel meter,
    Optional<User> user,
    Optional<ChargePoint> chargePoint,
    List<Reading> readings) {
  /** The version that is written: the newest that the transparency software's releases all read. */
  public static final String VERSION = "1.0";

  public Payload {
    readings = List.copyOf(readings);
    if (readings.isEmpty()) {
      throw new IllegalArgumentException("a record without a reading");
    }
  }

  /** What signs: maker and model, serial number, version of its program. */
  public record Gateway(
      Optional<String> identification, Optional<String> serial, Optional<String> version) {}

  /** What is printed on the meter, where the signing component can tell. */
  public record MeterLabel(
      Optional<String> vendor,
      Optional<String> model,
      Optional<String> serial,
      Optional<String> firmware) {
    public static final MeterLabel NONE =
        new MeterLabel(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
  }

  /**
   * Who charged.
   *
   * @param assigned whether that is known
   * @param flags how it is known
   * @param type what {@code id} is
   */
  public record User(
      boolean assigned,
      Optional<AssignmentLevel> level,
      List<String> flags,
      String type,
      Optional<String> id) {
    public User {
      flags = List.copyOf(flags);
    }
  }

  /**
   * Where.
   *
   * @param type what {@code id} is: {@code EVSEID} or {@code CBIDC}
   */
  public record ChargePoint(String type, String id) {}
}

package chargepile.agent.ocmf;

import chargepile.agent.units.Direction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a reading is a reading of (IEC 62056-6-1), as {@code A-B:C.D.E} and perhaps {@code *F}, each
 * group in hexadecimal digits; a letter may stand for a channel that is not told.
 *
 * <p>For totals since the meter was made, OCMF has codes of its own, which the transparency
 * software takes to be relevant for billing in both directions; the general {@code 1-0:2.8.0} for
 * export it ignores.
 */
public record ObisCode(String text) {
  private static final String GROUP = "([0-9A-Fa-f]{1,3})";
  private static final Pattern FORM =
      Pattern.compile(
          "%s-%s:%s\\.%s\\.%s(?:[*.]%s)?".formatted(GROUP, GROUP, GROUP, GROUP, GROUP, GROUP));

  /** All energy from the grid since the meter was made. */
  public static final ObisCode IMPORT_TOTAL = new ObisCode("01-00:B0.08.00*FF");

  /** All energy into the grid since the meter was made. */
  public static final ObisCode EXPORT_TOTAL = new ObisCode("01-00:C0.08.00*FF");

  /**
   * @throws IllegalArgumentException when the text has another form
   */
  public ObisCode {
    if (!FORM.matcher(text).matches()) {
      throw new IllegalArgumentException("no OBIS code: " + text);
    }
  }

  /** That of the lifetime total in a direction. */
  public static ObisCode total(Direction direction) {
    return switch (direction) {
      case IMPORT -> IMPORT_TOTAL;
      case EXPORT -> EXPORT_TOTAL;
    };
  }

  /** Whether the transparency software bills by it: a register of energy, import or OCMF's own. */
  public boolean isForBilling() {
    Matcher groups = FORM.matcher(text);
    if (!groups.matches()) {
      throw new IllegalStateException("checked when it was made: " + text);
    }
    int quantity = Integer.parseInt(groups.group(3), 16);
    int rest = groups.group(6) == null ? 0 : Integer.parseInt(groups.group(6), 16);
    return Integer.parseInt(groups.group(1), 16) == 1
        && (quantity == 1
            || quantity == 0x98
            || quantity == 0x9e
            || (quantity >= 0xb0 && quantity <= 0xc7))
        && Integer.parseInt(groups.group(4), 16) == 8
        && (rest == 0 || rest == 0xff || rest == 0x200 || rest == 0x255);
  }
}

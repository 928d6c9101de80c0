package chargepile.agent.market.order;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Every conversion table there has been (P2-03): the owner adds versions and changes none.
 *
 * @param versions the table of version n at index n - 1
 */
public record ConversionTables(List<ConversionTable> versions) {
  public static final ConversionTables FIRST = new ConversionTables(List.of(ConversionTable.FIRST));

  public ConversionTables {
    versions = List.copyOf(versions);
    for (int i = 0; i < versions.size(); i++) {
      if (versions.get(i).version() != i + 1) {
        throw new IllegalArgumentException(
            "table version %d stands where %d belongs".formatted(versions.get(i).version(), i + 1));
      }
    }
  }

  public Optional<ConversionTable> version(int version) {
    return version >= 1 && version <= versions.size()
        ? Optional.of(versions.get(version - 1))
        : Optional.empty();
  }

  /** With one more version, of these factors. */
  public ConversionTables with(Map<EnergyType, ConversionTable.Factor> factors) {
    List<ConversionTable> more = new ArrayList<>(versions);
    more.add(new ConversionTable(versions.size() + 1, factors));
    return new ConversionTables(more);
  }
}

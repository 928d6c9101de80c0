package chargepile.agent.market.order;

/**
 * A kind of energy that is traded as electrical energy (P2-03), such as {@code electricity}.
 *
 * @param name lower-case letters, digits and dashes
 */
public record EnergyType(String name) {
  public static final EnergyType ELECTRICITY = new EnergyType("electricity");

  public EnergyType {
    if (!name.matches("[a-z][a-z0-9-]{0,31}")) {
      throw new IllegalArgumentException(
          "an energy type is 1 to 32 of a-z 0-9 - and begins with a letter");
    }
  }
}

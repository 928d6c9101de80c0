package chargepile.agent.cli.identity;

import chargepile.agent.identity.Role;
import java.util.Locale;

/** What roles are called in lines for people. */
public final class Roles {
  private Roles() {}

  /** As {@code driver} or {@code pile}. */
  public static String name(Role role) {
    return switch (role) {
      case USER -> "driver";
      case PILE, HUB, AGENCY, COMPANY -> role.name().toLowerCase(Locale.ROOT);
    };
  }
}

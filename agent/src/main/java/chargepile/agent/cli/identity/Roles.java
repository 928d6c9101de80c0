package chargepile.agent.cli.identity;

import chargepile.agent.identity.Role;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What roles are called in lines for people. */
public final class Roles {
  private Roles() {}

  /** The role of that name. */
  public static Optional<Role> named(String name) {
    return Arrays.stream(Role.values()).filter(role -> name(role).equals(name)).findFirst();
  }

  /** As {@code driver} or {@code pile}. */
  public static String name(Role role) {
    return switch (role) {
      case USER -> "driver";
      case PILE, HUB, AGENCY, COMPANY -> role.name().toLowerCase(Locale.ROOT);
    };
  }
}

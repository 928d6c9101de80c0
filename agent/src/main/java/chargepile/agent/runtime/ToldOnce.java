package chargepile.agent.runtime;

import chargepile.agent.market.desk.DeskAction;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;
import org.tinylog.Logger;

/**
 * What people are told of the market, once each, however often it comes. Belongs to the mailbox.
 */
final class ToldOnce {
  /** So many are remembered. */
  private static final int REMEMBERED = 256;

  private final Set<String> told = new LinkedHashSet<>();
  private final Set<String> troubles = new HashSet<>();

  void tell(String notice) {
    tell(notice, notice);
  }

  /**
   * @param about what is told once, until it is {@link #over}
   */
  void tell(String notice, String about) {
    if (isNew(told, about)) {
      Logger.warn("market: {}", notice);
    }
  }

  void over(String about) {
    told.remove(about);
  }

  void defect(String what, RuntimeException defect) {
    if (isNew(told, what + ": " + defect)) {
      Logger.error(defect, "market: {}: {}", what, defect);
    }
  }

  /** Another did it first, or something is lacking: it is wanted again until a view shows it. */
  void troubled(DeskAction action, String what) {
    if (isNew(troubles, action.key() + ' ' + what)) {
      Logger.warn("market: {} is {}", action.key(), what);
    }
  }

  void begun(DeskAction action) {
    troubles.removeIf(trouble -> trouble.startsWith(action.key() + ' '));
    Logger.info("market: {}", describe(action));
  }

  private static String describe(DeskAction action) {
    return action instanceof DeskAction.Refuse(var order, String why)
        ? "the order %s is refused: %s".formatted(order.key(), why)
        : action.key();
  }

  private static boolean isNew(Set<String> known, String what) {
    if (known.size() >= REMEMBERED) {
      known.clear();
    }
    return known.add(what);
  }
}

package chargepile.agent.market.desk;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The actions and notices of a decision in the making: one action of a subject at a time. */
final class Intents {
  private final Set<String> taken;
  private final List<DeskAction> actions = new ArrayList<>();
  private final List<String> notices = new ArrayList<>();

  Intents(MarketView view) {
    this.taken = new HashSet<>(view.underWay());
  }

  /** Is not taken in where something about its subject is under way, or wanted before it. */
  void add(DeskAction action) {
    if (taken.add(action.subject())) {
      actions.add(action);
    }
  }

  void say(String notice) {
    notices.add(notice);
  }

  List<DeskAction> actions() {
    return actions;
  }

  List<String> notices() {
    return notices;
  }
}

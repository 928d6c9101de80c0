package chargepile.agent.market.desk;

import java.util.List;

/**
 * What a desk makes of a view.
 *
 * @param actions each about another subject
 * @param sales the orders that sessions are to keep to now
 * @param remember for the next time; on disk before an action is carried out
 * @param notices for people: what can't be done, and why
 */
public record Decision(
    List<DeskAction> actions, List<Sale> sales, Outages remember, List<String> notices) {
  public Decision {
    actions = List.copyOf(actions);
    sales = List.copyOf(sales);
    notices = List.copyOf(notices);
  }
}

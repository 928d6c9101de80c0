package chargepile.agent.market.order;

/**
 * The rules of a review in the order in which they are applied (P2-10, R10: P2-19): the reason
 * codes.
 */
public enum ReviewRule {
  R1("buyer and seller are registered and not suspended"),
  R2(
      "the energy is more than nothing and within the rated power over the window, and the meter is"
          + " the pile's"),
  R3("the delivery begins after the lead time and ends within the horizon"),
  R4("the price is between floor and cap"),
  R5("the feeder is the pile's, and has room in every slot"),
  R6(
      "the pile is not promised for more than its rated power, and who sells an export for no two"
          + " at a time"),
  R7("both escrows hold what the order needs, and a promise costs what was published"),
  R8("the energy type converts to the order's energy"),
  R9("no line is overloaded"),
  R10("the fees, and who has them, are the published ones");

  private final String text;

  ReviewRule(String text) {
    this.text = text;
  }

  /** What must hold. */
  public String text() {
    return text;
  }
}

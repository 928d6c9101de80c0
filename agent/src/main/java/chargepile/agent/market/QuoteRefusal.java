package chargepile.agent.market;

/** Why a quote, a re-quote or a withdrawal is refused; the book is as it was. */
public enum QuoteRefusal {
  /** P1-03: quotes are taken from the beginning of their cycle. */
  CYCLE_NOT_BEGUN("the trading cycle has not begun"),
  /** P1-03: what is still open then is void, and what comes later belongs to the next cycle. */
  CYCLE_OVER("the trading cycle is over: quote in the next one"),
  /** P1-42: the last matching of the cycle is done. */
  ROUNDS_OVER("the cycle's last round is matched: quote in the next cycle"),
  /** A quote's id names one quote a cycle, also after it is filled or withdrawn. */
  ID_TAKEN("the id has been used in this cycle: take another"),
  /** Filled or withdrawn already, or never made. */
  NOT_IN_BOOK("no quote of this id is in the book: it is filled, withdrawn or was never made"),
  NOT_YOURS("the quote is another party's"),
  /** A re-quote changes price and energy only. */
  OTHER_SIDE("the quote is on the other side: withdraw it and make another"),
  /** P1-01: nobody trades with itself. */
  SELF_MATCH("it crosses a quote of the same party: withdraw that first"),
  BOOK_FULL("the book holds as many quotes of that side as it may"),
  /** Only a worse price, of somebody who has more quotes open, does. */
  GIVES_NO_WAY("the book is full, and the quote that was named does not give way to this one"),
  TRADER_FULL("the party has made as many quotes as it may: change one of them"),
  /** P1-40: what it offers could not be traded. */
  TOO_LITTLE("it is of less energy than a pair must trade"),
  CYCLE_FULL("the cycle has taken as many quotes as it may: quote in the next one");

  private final String text;

  QuoteRefusal(String text) {
    this.text = text;
  }

  /** For the person who quoted. */
  public String text() {
    return text;
  }
}

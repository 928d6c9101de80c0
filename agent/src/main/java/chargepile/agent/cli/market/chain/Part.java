package chargepile.agent.cli.market.chain;

import java.util.Locale;

/** The contracts of a market, in the order in which they are deployed. */
public enum Part {
  TOKEN("EnergyAccountToken"),
  REGISTRY("Registry"),
  CHANNELS("VoucherChannel"),
  REVOCABLE("RevocableChannel"),
  SETTLEMENTS("SettlementLog"),
  OFFERS("OfferBoard"),
  REVIEWS("ReviewBoard"),
  QUOTES("QuoteBook"),
  ORDERS("OrderBook");

  private final String contract;

  Part(String contract) {
    this.contract = contract;
  }

  /** The contract's name, as its source has it. */
  public String contract() {
    return contract;
  }

  /** By which its creation is known in the outbox. */
  String key() {
    return "deploy/" + name().toLowerCase(Locale.ROOT);
  }
}

package chargepile.agent.cli.market.chain;

import java.util.Locale;

/** The contracts of a market, in the order in which they are deployed. */
public enum Part {
  TOKEN("EnergyAccountToken"),
  CHANNELS("VoucherChannel"),
  REVOCABLE("RevocableChannel"),
  REGISTRY("Registry"),
  SETTLEMENTS("SettlementLog"),
  OFFERS("OfferBoard"),
  REVIEWS("ReviewBoard"),
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

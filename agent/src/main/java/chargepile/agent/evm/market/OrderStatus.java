package chargepile.agent.evm.market;

import chargepile.agent.evm.EvmException;
import java.util.Locale;

/** Where an order stands in the contract (P2-06 to P2-12), in the order of its codes. */
public enum OrderStatus {
  /** There is no such order. */
  NONE("unknown"),
  REQUESTED("requested: it waits for the seller"),
  CONFIRMED("confirmed: it waits for signatures"),
  REFUSED("refused by the seller"),
  ESTABLISHED("established: it waits for the review"),
  APPROVED("approved: it waits to be put on record"),
  REJECTED("rejected by the review"),
  EXPIRED("expired, and refunded"),
  RECORDED("on record: it waits for the delivery"),
  EXECUTING("under delivery"),
  SETTLED("settled"),
  DEFAULTED("settled with damages");

  private final String text;

  OrderStatus(String text) {
    this.text = text;
  }

  /** For people. */
  public String text() {
    return text;
  }

  /** One word, in lower case. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Nothing happens to it any more, and nothing is locked for it. */
  public boolean isOver() {
    return switch (this) {
      case REFUSED, REJECTED, EXPIRED, SETTLED, DEFAULTED -> true;
      case NONE, REQUESTED, CONFIRMED, ESTABLISHED, APPROVED, RECORDED, EXECUTING -> false;
    };
  }

  static OrderStatus of(long code) {
    if (code >= values().length) {
      throw new EvmException("an order stands at %d, which is nowhere".formatted(code));
    }
    return values()[(int) code];
  }
}

package chargepile.agent.cli.node;

import chargepile.agent.session.PeerChannelCodec;
import chargepile.agent.store.ChannelRow;
import chargepile.agent.store.Store;
import chargepile.agent.store.StoreException;
import chargepile.agent.units.Amount;
import chargepile.agent.units.AmountUnit;
import chargepile.agent.units.Denomination;
import chargepile.agent.units.Satoshi;
import java.util.Map;
import org.tinylog.Logger;

/** How a store's amounts are written, for those who read it without a chain. */
public final class TokenName {
  private static final String META = "token";
  private static final String UNIT = "amount-unit";

  private TokenName() {}

  /** The store's amounts are a token's from now on. */
  public static void begin(Store store) {
    store.putMeta(UNIT, AmountUnit.BASE_UNIT.key());
  }

  /**
   * Keeps what a token is called. The first name is the one that stays: receipts are to read as
   * they did.
   */
  static void keep(Store store, Denomination told) {
    String written = "%d %s".formatted(told.decimals(), told.symbol());
    try {
      store.putMeta(META, written);
    } catch (StoreException e) {
      Logger.warn(
          "the token calls itself {} ({} decimals) now, and amounts are still written in {}: {}",
          told.symbol(),
          told.decimals(),
          kept(store.load().meta()).symbol(),
          e.getMessage());
    }
  }

  /** Whether the store's amounts are a token's, which has told its name. */
  static boolean isKept(Map<String, String> meta) {
    return meta.containsKey(META);
  }

  /** Satoshi where the store never saw an EVM chain. */
  public static Denomination of(Map<String, String> meta) {
    return meta.containsKey(UNIT) ? kept(meta) : Denomination.SATOSHI;
  }

  /**
   * The same for a channel's row, whose own ledger shows also where the rest of a store can't be
   * read.
   */
  public static Denomination of(Map<String, String> meta, ChannelRow row) {
    byte[] state = row.state();
    return state.length > 0 && state[0] == PeerChannelCodec.VOUCHER
        ? kept(meta)
        : Denomination.SATOSHI;
  }

  /** What is in a channel; its row counts whole satoshi, or base units. */
  public static Amount capacity(Denomination money, ChannelRow row) {
    return switch (money.unit()) {
      case MILLISATOSHI -> new Satoshi(row.capacitySat()).toAmount();
      case BASE_UNIT -> new Amount(row.capacitySat());
    };
  }

  /** That of the token; its base units where it has not told its name yet. */
  static Denomination kept(Map<String, String> meta) {
    String written = meta.get(META);
    if (written == null) {
      return Denomination.BASE_UNITS;
    }
    int space = written.indexOf(' ');
    return new Denomination(
        AmountUnit.BASE_UNIT,
        written.substring(space + 1),
        Integer.parseInt(written.substring(0, space)));
  }
}

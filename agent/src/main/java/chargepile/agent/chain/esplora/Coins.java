package chargepile.agent.chain.esplora;

import chargepile.agent.chain.esplora.Bip84Keys.Branch;
import chargepile.agent.chain.json.Json;
import chargepile.agent.units.BlockHeight;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.OutPoint;
import fr.acinq.bitcoin.Transaction;
import fr.acinq.bitcoin.TxOut;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Finds the coins of an account by asking the server for its addresses, one by one. Not
 * thread-safe.
 */
final class Coins {
  private static final int COINBASE_MATURITY = 100;

  private final EsploraApi api;
  private final Transactions transactions;
  private final Bip84Keys keys;
  private final Map<Branch, Addresses> branches = new EnumMap<>(Branch.class);

  Coins(EsploraApi api, Transactions transactions, Bip84Keys keys) {
    this.api = api;
    this.transactions = transactions;
    this.keys = keys;
    for (Branch branch : Branch.values()) {
      branches.put(branch, new Addresses());
    }
  }

  /**
   * An output that neither a block nor the mempool spends.
   *
   * @param confirmed whether it is in a block
   */
  record Coin(OutPoint outPoint, TxOut output, boolean confirmed) {}

  /** How many transactions an address has, and how many coins. */
  private record Use(boolean used, boolean holds) {
    static Use read(Json address) {
      Json mined = address.at("chain_stats");
      Json waiting = address.at("mempool_stats");
      int coins =
          mined.at("funded_txo_count").whole()
              + waiting.at("funded_txo_count").whole()
              - mined.at("spent_txo_count").whole()
              - waiting.at("spent_txo_count").whole();
      return new Use(mined.at("tx_count").whole() + waiting.at("tx_count").whole() > 0, coins > 0);
    }
  }

  private record Listed(OutPoint outPoint, Optional<BlockHeight> minedAt) {
    static List<Listed> read(Json coins) {
      return coins.items().stream()
          .map(
              coin ->
                  new Listed(
                      new OutPoint(Placement.txid(coin.at("txid")), coin.at("vout").whole()),
                      Placement.height(coin.at("status"))))
          .toList();
    }
  }

  /**
   * The coins that can be spent now.
   *
   * @param everywhere also where long ago the last coin was spent
   */
  List<Coin> find(boolean everywhere) {
    List<Coin> found = new ArrayList<>();
    for (Branch branch : Branch.values()) {
      Addresses addresses = of(branch);
      for (int i = 0; i < addresses.end(); i++) {
        if (everywhere || !addresses.isOld(i)) {
          if (look(branch, i).holds) {
            found.addAll(listed(branch, i));
          }
        }
      }
    }
    return found;
  }

  /** The script of an address that the chain has not seen and that was not handed out; takes it. */
  ByteVector take(Branch branch) {
    while (look(branch, of(branch).peek()).used) {
      // It was used since the last look: the next one.
    }
    return keys.script(branch, of(branch).take());
  }

  /** The script that {@link #take} would give, as far as is known. */
  ByteVector peek(Branch branch) {
    return keys.script(branch, of(branch).peek());
  }

  /** The address that the next {@link #take} for a payer would give, as far as is known. */
  String nextAddress() {
    return keys.address(Branch.RECEIVING, of(Branch.RECEIVING).peek());
  }

  private Use look(Branch branch, int index) {
    Use use = api.get("/address/" + keys.address(branch, index), Use::read);
    if (use.used) {
      of(branch).used(index);
    }
    of(branch).holds(index, use.holds);
    return use;
  }

  private List<Coin> listed(Branch branch, int index) {
    String path = "/address/" + keys.address(branch, index) + "/utxo";
    ByteVector script = keys.script(branch, index);
    List<Coin> coins = new ArrayList<>();
    for (Listed listed : api.get(path, Listed::read)) {
      TxOut output =
          transactions
              .output(listed.outPoint)
              .filter(found -> found.publicKeyScript.equals(script))
              .orElseThrow(() -> api.nonsense(path, listed.outPoint + " does not pay to it"));
      if (isMature(listed)) {
        coins.add(new Coin(listed.outPoint, output, listed.minedAt.isPresent()));
      }
    }
    return coins;
  }

  private boolean isMature(Listed listed) {
    Transaction transaction = transactions.get(listed.outPoint.txid);
    boolean coinbase = transaction.txIn.getFirst().outPoint.isCoinbase();
    return !coinbase
        || listed
            .minedAt
            .filter(height -> height.depthAt(new BlockHeight(api.tipHeight())) >= COINBASE_MATURITY)
            .isPresent();
  }

  private Addresses of(Branch branch) {
    return Objects.requireNonNull(branches.get(branch));
  }
}

package chargepile.agent.chain.bitcoind;

import chargepile.agent.chain.ChainException;
import fr.acinq.bitcoin.OutPoint;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The coins that a wallet has reserved at its node. Each is written down before it is locked, so
 * that the run after a kill can free it; those that somebody else locked are left alone.
 * Thread-safe.
 */
final class CoinLocks {
  private final BitcoindRpc rpc;
  private final ReservedCoins kept;
  private final Set<OutPoint> own = new LinkedHashSet<>();

  /** Of the last run, not freed yet. */
  private final Set<OutPoint> left = new LinkedHashSet<>();

  /**
   * @param rpc of the wallet
   */
  CoinLocks(BitcoindRpc rpc, ReservedCoins kept) {
    this.rpc = rpc;
    this.kept = kept;
  }

  /** Another user of the wallet reserved a coin first. */
  static final class TakenException extends ChainException {
    private static final long serialVersionUID = 1;

    TakenException(String message, Throwable cause) {
      super(message, cause);
    }
  }

  static Map<String, Object> named(OutPoint coin) {
    return Map.of("txid", coin.txid.value.toHex(), "vout", coin.index);
  }

  /**
   * Reserves them all, or none.
   *
   * @throws TakenException when choosing others helps
   */
  synchronized void lock(Collection<OutPoint> coins) {
    if (coins.isEmpty()) {
      return;
    }
    List<OutPoint> fresh = coins.stream().filter(coin -> !own.contains(coin)).toList();
    save(fresh);
    try {
      rpc.order("lockunspent", false, coins.stream().map(CoinLocks::named).toList());
    } catch (NodeError e) {
      save(List.of()); // what others reserved is theirs
      if (e.code() == NodeError.INVALID_PARAMETER) {
        throw new TakenException(
            "others spend or reserve the coins of the wallet of %s all the time".formatted(rpc), e);
      }
      throw e;
    } catch (ChainException e) {
      left.addAll(fresh); // the answer is lost: they may be reserved
      throw e;
    }
    own.addAll(fresh);
  }

  /** Reserves a coin, unless it is reserved or spent. */
  synchronized void keep(OutPoint coin) {
    try {
      lock(List.of(coin));
    } catch (TakenException e) {
      // The own one of before, or another's, which stays the other's.
    }
  }

  /** Gives a coin back; nothing happens to one that is not reserved or that is spent. */
  synchronized void unlock(OutPoint coin) {
    free(coin);
    save(List.of());
  }

  /** Gives coins back because of a failure, which one more failure does not hide. */
  void unlockAfter(Collection<OutPoint> coins, ChainException failure) {
    for (OutPoint coin : coins) {
      try {
        unlock(coin);
      } catch (ChainException e) {
        failure.addSuppressed(e);
      }
    }
  }

  private void free(OutPoint coin) {
    try {
      rpc.ask("lockunspent", true, List.of(named(coin)));
    } catch (NodeError e) {
      if (e.code() != NodeError.INVALID_PARAMETER) {
        throw e;
      }
    }
    own.remove(coin);
    left.remove(coin);
  }

  /**
   * From now on what is needed is reserved, also at a node that has forgotten it, and nothing else
   * of what the last run wrote down.
   *
   * @param needed coins of this wallet and of others
   * @throws ChainException when the node does not do so now; {@link #freeLeft} tries again to free
   */
  synchronized void resume(Set<OutPoint> needed) {
    for (OutPoint coin : kept.load()) {
      (needed.contains(coin) ? own : left).add(coin);
    }
    needed.forEach(this::keep);
    freeLeft();
  }

  synchronized void freeLeft() {
    if (left.isEmpty()) {
      return;
    }
    List.copyOf(left).forEach(this::free);
    save(List.of());
  }

  private void save(Collection<OutPoint> more) {
    Set<OutPoint> known = new LinkedHashSet<>(left);
    known.addAll(own);
    known.addAll(more);
    kept.save(known);
  }
}

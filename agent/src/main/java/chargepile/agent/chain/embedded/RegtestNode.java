package chargepile.agent.chain.embedded;

import chargepile.agent.chain.ChainException;
import chargepile.agent.chain.RejectedException;
import chargepile.agent.channel.ChainView;
import chargepile.agent.units.BlockHeight;
import chargepile.agent.units.Feerate;
import chargepile.agent.units.Satoshi;
import fr.acinq.bitcoin.Block;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.OutPoint;
import fr.acinq.bitcoin.Transaction;
import fr.acinq.bitcoin.TxId;
import fr.acinq.bitcoin.TxIn;
import fr.acinq.bitcoin.TxOut;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.tinylog.Logger;

/** The best chain and the mempool on it. For one thread at a time; what throws changes nothing. */
final class RegtestNode {
  private final InstantSource clock;
  private Ledger ledger = new Ledger(Block.RegtestGenesisBlock);
  private Mempool mempool = new Mempool(ledger, new Feerate(0));
  private long blocksMade;

  RegtestNode(InstantSource clock) {
    this.clock = clock;
  }

  int height() {
    return ledger.height();
  }

  Optional<Block> block(BlockHeight height) {
    return height.value() > ledger.height()
        ? Optional.empty()
        : Optional.of(ledger.block(height.value()));
  }

  /** Takes a transaction into the mempool; says whether it is new. */
  boolean accept(Transaction transaction) {
    if (transaction(transaction.txid) != null) {
      return false;
    }
    mempool.accept(transaction, false);
    return true;
  }

  /**
   * Takes a package into the mempool, members that are good alone first; says whether any is new.
   */
  boolean accept(List<Transaction> members) {
    List<Transaction> unknown =
        members.stream().filter(member -> transaction(member.txid) == null).toList();
    if (unknown.isEmpty()) {
      return false;
    }
    PackageRules.checkTopology(unknown);
    Map<Transaction, RejectedException> refused = new LinkedHashMap<>();
    for (Transaction member : unknown) {
      try {
        mempool.accept(member, false);
      } catch (RejectedException e) {
        if (!PackageRules.mayBeGoodWithOthers(e)) {
          throw e;
        }
        refused.put(member, e);
      }
    }
    if (refused.size() == 1) {
      throw refused.values().iterator().next();
    }
    if (!refused.isEmpty()) {
      mempool.acceptTogether(List.copyOf(refused.keySet()));
    }
    return true;
  }

  Feerate mempoolMinimum() {
    return mempool.minimum();
  }

  void mempoolMinimum(Feerate minimum) {
    mempool.minimum(minimum);
  }

  boolean evict(TxId txid) {
    return mempool.evict(txid);
  }

  /** Mines a block with what the mempool offers. */
  void mine(ByteVector coinbaseScript) {
    mine(mempool.template(), coinbaseScript);
  }

  void mine(List<Transaction> transactions, ByteVector coinbaseScript) {
    Block block = connect(ledger, transactions, coinbaseScript);
    mempool.removeMined(block.tx);
  }

  void reorganise(int depth, List<List<Transaction>> branch) {
    if (depth > ledger.height()) {
      throw new IllegalArgumentException(
          "%d blocks to replace, the chain has %d".formatted(depth, ledger.height()));
    }
    Ledger fork = ledger.copy();
    List<Transaction> waiting = new ArrayList<>();
    for (int i = 0; i < depth; i++) {
      waiting.addAll(0, fork.disconnect());
    }
    waiting.addAll(mempool.transactions());
    branch.forEach(transactions -> connect(fork, transactions, Faucet.SCRIPT));
    ledger = fork;
    mempool = new Mempool(fork, mempool.minimum());
    waiting.forEach(this::takeBack);
  }

  /** What an output of the best chain holds that no block spends. */
  Optional<TxOut> confirmed(OutPoint output) {
    return Optional.ofNullable(ledger.coin(output)).map(Coin::output);
  }

  Optional<ChainView.Spend> spend(OutPoint output) {
    Ledger.Mined mined = ledger.spender(output);
    if (mined != null) {
      BlockHeight height = new BlockHeight(mined.height());
      return Optional.of(new ChainView.Spend(mined.transaction(), Optional.of(height)));
    }
    return Optional.ofNullable(mempool.spender(output))
        .map(transaction -> new ChainView.Spend(transaction, Optional.empty()));
  }

  Optional<BlockHeight> minedAt(TxId txid) {
    return Optional.ofNullable(ledger.mined(txid)).map(mined -> new BlockHeight(mined.height()));
  }

  /** A transaction of the best chain or the mempool. */
  @Nullable Transaction transaction(TxId txid) {
    Ledger.Mined mined = ledger.mined(txid);
    return mined == null ? mempool.transaction(txid) : mined.transaction();
  }

  List<Transaction> waiting() {
    return mempool.transactions();
  }

  Optional<TxOut> unspent(OutPoint outPoint) {
    Coin coin = mempool.spender(outPoint) == null ? mempool.coin(outPoint) : null;
    return Optional.ofNullable(coin).map(Coin::output);
  }

  List<Unspent> unspents(ByteVector script) {
    List<Unspent> found = new ArrayList<>();
    for (OutPoint outPoint : ledger.coinsOf(script)) {
      Coin coin = ledger.coin(outPoint);
      if (coin != null && mempool.spender(outPoint) == null) {
        boolean mature = Consensus.mature(coin, ledger.height() + 1);
        Optional<BlockHeight> minedAt = Optional.of(new BlockHeight(coin.height()));
        found.add(new Unspent(outPoint, coin.output(), minedAt, mature));
      }
    }
    for (Transaction tx : mempool.transactions()) {
      for (int i = 0; i < tx.txOut.size(); i++) {
        OutPoint outPoint = new OutPoint(tx, i);
        TxOut output = tx.txOut.get(i);
        if (output.publicKeyScript.equals(script) && mempool.spender(outPoint) == null) {
          found.add(new Unspent(outPoint, output, Optional.empty(), true));
        }
      }
    }
    return found;
  }

  /** Whether any transaction of the best chain or the mempool ever paid to a script. */
  boolean isUsed(ByteVector script) {
    return ledger.isUsed(script)
        || mempool.transactions().stream()
            .flatMap(tx -> tx.txOut.stream())
            .anyMatch(output -> output.publicKeyScript.equals(script));
  }

  Satoshi fee(Transaction transaction) {
    long in = 0;
    for (TxIn input : transaction.txIn) {
      Transaction parent = transaction(input.outPoint.txid);
      if (parent == null || input.outPoint.index >= parent.txOut.size()) {
        throw new ChainException(
            "the fee of %s is unknown: so is its input %s"
                .formatted(transaction.txid, input.outPoint));
      }
      in += parent.txOut.get((int) input.outPoint.index).amount.toLong();
    }
    return new Satoshi(
        in - transaction.txOut.stream().mapToLong(output -> output.amount.toLong()).sum());
  }

  Satoshi supply() {
    return new Satoshi(ledger.supply());
  }

  /** What all coinbases so far have made anew. */
  Satoshi issued() {
    return new Satoshi(
        IntStream.rangeClosed(1, ledger.height()).mapToLong(Consensus::subsidy).sum());
  }

  private Block connect(Ledger target, List<Transaction> transactions, ByteVector script) {
    int height = target.height() + 1;
    long fees = target.checkBlock(transactions);
    long time = Math.max(target.medianTime(height - 1) + 1, clock.instant().getEpochSecond());
    Block block =
        BlockAssembly.assemble(
            target.tip().hash,
            height,
            time,
            transactions,
            script,
            Consensus.subsidy(height) + fees,
            blocksMade);
    target.connect(block);
    blocksMade++;
    return block;
  }

  /** Puts a transaction back after a reorganisation if the new branch has left it valid. */
  private void takeBack(Transaction transaction) {
    if (transaction(transaction.txid) != null) {
      return;
    }
    try {
      mempool.accept(transaction, true);
    } catch (RejectedException e) {
      Logger.debug("{} is not valid on the new branch: {}", transaction.txid, e.getMessage());
    }
  }
}

package chargepile.agent.cli.demo;

import chargepile.agent.chain.Chain;
import chargepile.agent.channel.ChainView;
import chargepile.agent.units.Satoshi;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.OutPoint;
import fr.acinq.bitcoin.Transaction;
import fr.acinq.bitcoin.TxId;
import fr.acinq.bitcoin.TxOut;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;

/**
 * Where the channel's money went, as the chain has it: follows the funding output until it reaches
 * either side's own script. What reaches neither went to fees.
 */
record BitcoinPayout(List<TxId> transactions, Satoshi pile, Satoshi driver, Satoshi fees) {

  static BitcoinPayout follow(
      Chain chain,
      OutPoint funding,
      Satoshi capacity,
      ByteVector pileScript,
      ByteVector driverScript) {
    List<TxId> transactions = new ArrayList<>();
    Satoshi pile = Satoshi.ZERO;
    Satoshi driver = Satoshi.ZERO;
    Deque<OutPoint> open = new ArrayDeque<>(List.of(funding));
    while (!open.isEmpty()) {
      OutPoint output = open.remove();
      ChainView.Spend spend = chain.view(Set.of(output), Set.of()).spends().get(output);
      if (spend == null || transactions.contains(spend.transaction().txid)) {
        continue;
      }
      Transaction transaction = spend.transaction();
      transactions.add(transaction.txid);
      for (int i = 0; i < transaction.txOut.size(); i++) {
        TxOut paid = transaction.txOut.get(i);
        Satoshi amount = new Satoshi(paid.amount.getSat());
        if (paid.publicKeyScript.equals(pileScript)) {
          pile = pile.plus(amount);
        } else if (paid.publicKeyScript.equals(driverScript)) {
          driver = driver.plus(amount);
        } else {
          open.add(new OutPoint(transaction, i));
        }
      }
    }
    return new BitcoinPayout(transactions, pile, driver, capacity.minus(pile).minus(driver));
  }
}

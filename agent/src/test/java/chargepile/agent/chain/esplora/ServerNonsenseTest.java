package chargepile.agent.chain.esplora;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.chain.ChainException;
import chargepile.agent.chain.Network;
import chargepile.agent.channel.ChainView;
import chargepile.agent.crypto.Signer;
import chargepile.agent.units.BlockHeight;
import chargepile.agent.units.Feerate;
import chargepile.agent.units.Satoshi;
import fr.acinq.bitcoin.Transaction;
import java.net.URI;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a server says is believed only where it fits together. */
class ServerNonsenseTest extends ScriptedServer {
  @Test
  void nonsenseIsRefusedWhereverItIs() {
    List<String> paths =
        List.of(
            "/blocks/tip/height",
            "/blocks/tip/hash",
            "/block-height/5",
            "/block-height/0",
            "/fee-estimates",
            tx(PARENT) + "/status",
            tx(PARENT) + "/hex",
            tx(PARENT) + "/outspend/0",
            tx(SPEND) + "/hex");
    for (String path : paths) {
      for (String body : List.of("", "<html>Welcome</html>", "[]", "{\"confirmed\": 7}", "-1")) {
        Deque<Page> before = pages.get(path);
        page(path, body);
        String complaint = complaint();
        assertTrue(complaint.startsWith(nonsense(path, "")), complaint);
        pages.put(path, before);
      }
    }
  }

  @Test
  void aTransactionThatDoesNotHashToItsId() {
    page(tx(SPEND) + "/hex", hex(PARENT));

    assertEquals(nonsense(tx(SPEND) + "/hex", "another transaction, " + PARENT.txid), complaint());
  }

  @Test
  void aTruncatedTransaction() {
    page(tx(SPEND) + "/hex", hex(SPEND).substring(0, 100));

    assertTrue(complaint().startsWith(nonsense(tx(SPEND) + "/hex", "no transaction but 0200")));
  }

  @Test
  void aSpendThatDoesNotSpend() {
    Transaction stranger = ALICE.spend(COIN, 20_000, ALICE.output(1_000));
    page(tx(PARENT) + "/outspend/0", spentBy(stranger, mined(4)));
    page(tx(stranger) + "/hex", hex(stranger));

    assertEquals(
        nonsense(tx(PARENT) + "/outspend/0", stranger.txid + " does not spend it"), complaint());
  }

  @Test
  void aSpendBelowWhatItSpends() {
    page(tx(PARENT) + "/outspend/0", spentBy(SPEND, mined(2)));

    assertEquals(
        nonsense(tx(PARENT) + "/outspend/0", "spent in block 2, and made in block 3"), complaint());
  }

  @Test
  void aBlockAboveTheTip() {
    page(tx(PARENT) + "/status", mined(6));

    assertTrue(complaint().contains("moves on faster than it can be read"));
  }

  @Test
  void aSpendInABlockOfWhatIsInNone() {
    page(tx(PARENT) + "/status", "{\"confirmed\": false}");
    page(tx(PARENT) + "/outspend/0", spentBy(SPEND, mined(4)));

    assertTrue(complaint().contains("moves on faster than it can be read"));
  }

  @Test
  void aTipThatNeverRests() {
    page("/blocks/tip/hash", OTHER_TIP);

    assertTrue(complaint().contains("moves on faster than it can be read"));
  }

  @Test
  void aTipThatMovesOnceIsLookedAtAgain() {
    page("/blocks/tip/hash", OTHER_TIP, TIP);

    assertEquals(new BlockHeight(5), view().tip());
  }

  @Test
  void anAnswerWithoutEndIsCutOff() {
    page("/blocks/tip/height", " ".repeat((64 << 10) + 1));

    assertEquals(nonsense("/blocks/tip/height", "an answer of more than 65536 bytes"), complaint());
  }

  @Test
  void aReplacedSpendIsLookedAtAgain() {
    page(
        tx(PARENT) + "/outspend/0", spentBy(SPEND, "{\"confirmed\": false}"), "{\"spent\": false}");
    page(tx(SPEND) + "/hex", 404, "Transaction not found");

    assertTrue(view().spends().isEmpty());
  }

  @Test
  void aTransactionThatIsUnknownHasNoStatusAtSomeServers() {
    page(tx(PARENT) + "/status", 404, "Transaction not found");
    page(tx(PARENT) + "/outspend/0", 404, "Transaction not found");

    ChainView view = view();
    assertEquals(Map.of(), view.mined());
    assertEquals(Map.of(), view.outputs());
  }

  @Test
  void aCoinThatDoesNotPayToTheWalletIsFoundOut() {
    try (EsploraWallet wallet =
        new EsploraWallet(
            new Server(URI.create(at)), Network.REGTEST, ALICE.key().value, Signer.best())) {
      Bip84Keys keys = new Bip84Keys(ALICE.key().value, Network.REGTEST, Signer.best());
      String address = "/address/" + keys.address(Bip84Keys.Branch.RECEIVING, 0);
      String none = "{\"tx_count\": 0, \"funded_txo_count\": 0, \"spent_txo_count\": 0}";
      page(
          address,
          "{\"chain_stats\": %s, \"mempool_stats\": %s}"
              .formatted(none.replaceAll("t\": 0, ", "t\": 1, "), none));
      page(
          address + "/utxo",
          "[{\"txid\": \"%s\", \"vout\": 0, \"value\": 10000, \"status\": %s}]"
              .formatted(PARENT.txid.value.toHex(), mined(3)));

      assertEquals(
          nonsense(address + "/utxo", OUTPUT + " does not pay to it"),
          assertThrows(
                  ChainException.class,
                  () -> wallet.fund(ALICE.script(), new Satoshi(1000), new Feerate(253)))
              .getMessage());
    }
  }
}

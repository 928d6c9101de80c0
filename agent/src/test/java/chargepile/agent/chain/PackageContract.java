package chargepile.agent.chain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.channel.ChainView;
import chargepile.agent.units.Feerate;
import chargepile.agent.units.Satoshi;
import fr.acinq.bitcoin.OutPoint;
import fr.acinq.bitcoin.Transaction;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What any chain must do with parents and children while its mempool is full and takes nothing
 * below some 20 sat/vB.
 */
public abstract class PackageContract {
  private static final long COIN = 1_000_000;

  /** 2 sat/vB for a transaction with one input and one output: relayed, but for a full mempool. */
  private static final long POOR = 220;

  private static final long RICH = 10_000;
  private static final long RICHER = 30_000;

  private final Purse alice = Purse.named("alice");
  private final Purse bob = Purse.named("bob");
  private OutPoint coin;
  private Transaction parent;

  protected abstract Chain chain();

  protected abstract void mine(int blocks);

  protected abstract OutPoint fund(Satoshi amount, Purse owner);

  @BeforeEach
  void buildParent() {
    coin = fund(new Satoshi(COIN), alice);
    parent = alice.spend(coin, COIN, bob.output(COIN - POOR));
  }

  @Test
  void aPoorParentIsRefusedAloneAndTakenWithAChildThatPaysForBoth() {
    Transaction child = child(RICH);
    assertRefused("mempool min fee not met", List.of(parent));

    chain().broadcast(List.of(parent, child));

    assertEquals(parent.txid, spend(coin).transaction().txid);
    assertEquals(child.txid, spend(output(parent)).transaction().txid);
    mine(1);
    assertEquals(1, spend(coin).depthAt(view().tip()));
    assertEquals(1, spend(output(parent)).depthAt(view().tip()));
  }

  @Test
  void aPackageThatPaysTooLittleIsRefusedWhole() {
    assertRefused("mempool min fee not met", List.of(parent, child(POOR)));

    assertTrue(view().spends().isEmpty());
  }

  @Test
  void noChildHelpsAParentBelowTheMinimumRelayFee() {
    parent = alice.spend(coin, COIN, bob.output(COIN - 20));

    assertRefused("min relay fee not met", List.of(parent, child(RICHER)));
    assertTrue(view().spends().isEmpty());
  }

  @Test
  void aBetterChildReplacesTheFirst() {
    Transaction better = child(RICHER);
    chain().broadcast(List.of(parent, child(RICH)));

    chain().broadcast(List.of(parent, better));

    assertEquals(better.txid, spend(output(parent)).transaction().txid);
    assertEquals(parent.txid, spend(coin).transaction().txid);
  }

  @Test
  void aChildThatIsNotBetterReplacesNothing() {
    Transaction first = child(RICHER);
    chain().broadcast(List.of(parent, first));

    assertRefused("insufficient fee", List.of(parent, child(RICHER - 1)));
    assertRefused("insufficient fee", List.of(parent, child(RICHER + 10)));

    assertEquals(first.txid, spend(output(parent)).transaction().txid);
  }

  @Test
  void whatTheNetworkHasAlreadyIsNoError() {
    List<Transaction> both = List.of(parent, child(RICH));
    view();
    chain().broadcast(both);

    chain().broadcast(both);
    mine(1);
    assertEquals(Set.of(parent.txid, child(RICH).txid), view().mined().keySet());
    chain().broadcast(both);
  }

  @Test
  void aParentInABlockNeedsNoPackage() {
    view();
    chain().broadcast(List.of(parent, child(RICH)));
    mine(1);
    OutPoint ours = output(child(RICH));
    Transaction grandchild =
        bob.spend(ours, COIN - POOR - RICH, alice.output(COIN - POOR - 2 * RICH));

    chain().broadcast(List.of(child(RICH), grandchild));

    assertEquals(grandchild.txid, spend(ours).transaction().txid);
  }

  @Test
  void aParentThatIsGoodAloneIsTakenEvenWhenItsChildIsRefused() {
    parent = alice.spend(coin, COIN, bob.output(COIN - RICH));
    Transaction forged = alice.spend(output(parent), COIN - RICH, alice.output(COIN - 2 * RICH));

    assertRefused("script-verify-flag", List.of(parent, forged));

    assertEquals(parent.txid, spend(coin).transaction().txid);
  }

  @Test
  void aForgedChildPaysForNobody() {
    Transaction forged = alice.spend(output(parent), COIN - POOR, alice.output(COIN - POOR - RICH));

    assertRefused("script-verify-flag", List.of(parent, forged));

    assertTrue(view().spends().isEmpty());
  }

  @Test
  void aChildBeforeItsParentIsNoPackage() {
    assertRefused("package topology disallowed", List.of(child(RICH), parent));
  }

  @Test
  void aPackageReplacesWhatItsParentConflictsWith() {
    Transaction other = alice.spend(coin, COIN, alice.output(COIN - RICH));
    chain().broadcast(other);
    assertRefused("mempool min fee not met", List.of(parent));

    assertRefused(
        "package RBF failed: insufficient anti-DoS fees", List.of(parent, child(RICH - POOR - 1)));
    chain().broadcast(List.of(parent, child(RICHER)));

    assertEquals(parent.txid, spend(coin).transaction().txid);
  }

  @Test
  void theFeerateIsNeverBelowWhatTheMempoolTakes() {
    Feerate feerate = view().feerate();
    assertTrue(feerate.compareTo(new Feerate(2500)) > 0, feerate::toString);

    chain().broadcast(alice.spend(coin, COIN, bob.script(), weight -> feerate.fee(weight).value()));
  }

  private Transaction child(long fee) {
    long amount = parent.txOut.getFirst().amount.toLong();
    return bob.spend(output(parent), amount, bob.output(amount - fee));
  }

  private static OutPoint output(Transaction transaction) {
    return new OutPoint(transaction, 0);
  }

  private ChainView view() {
    return chain().view(Set.of(coin, output(parent)), Set.of(parent.txid, child(RICH).txid));
  }

  private ChainView.Spend spend(OutPoint output) {
    ChainView.Spend spend = chain().view(Set.of(output), Set.of()).spends().get(output);
    if (spend == null) {
      throw new AssertionError(output + " is not spent");
    }
    return spend;
  }

  private void assertRefused(String word, List<Transaction> transactions) {
    RejectedException refusal =
        assertThrows(RejectedException.class, () -> chain().broadcast(transactions));
    assertTrue(
        String.valueOf(refusal.getMessage()).contains(word),
        () -> "refused for another reason: " + refusal.getMessage());
  }
}

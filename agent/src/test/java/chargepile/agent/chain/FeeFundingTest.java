package chargepile.agent.chain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.chain.FeeFunding.Coin;
import chargepile.agent.chain.FeeFunding.Earlier;
import chargepile.agent.channel.FeeRequest;
import chargepile.agent.units.Feerate;
import chargepile.agent.units.Satoshi;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.OutPoint;
import fr.acinq.bitcoin.ScriptWitness;
import fr.acinq.bitcoin.Transaction;
import fr.acinq.bitcoin.TxId;
import fr.acinq.bitcoin.TxIn;
import fr.acinq.bitcoin.TxOut;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class FeeFundingTest {
  private static final Purse PURSE = Purse.named("wallet");
  private static final ByteVector TAPROOT =
      new ByteVector("5120").plus(PURSE.point().xOnly().value);
  private static final int WITNESS = 115;
  private static final TxOut ANCHOR = Purse.output(330, Purse.pay2wsh(new ByteVector("51")));
  private static final Feerate FEERATE = new Feerate(1000);

  @Property(tries = 300)
  void theFeeIsNeverTooLowMoneyIsConservedAndChangeNeverDust(
      @ForAll @Size(max = 12) List<@LongRange(min = 294, max = 300_000) Long> amounts,
      @ForAll @LongRange(min = 253, max = 100_000) long feerate,
      @ForAll @IntRange(max = 40_000) int parentWeight,
      @ForAll @LongRange(max = 200_000) long parentFee,
      @ForAll @LongRange(min = 330, max = 100_000) long brought,
      @ForAll boolean claims,
      @ForAll boolean taproot) {
    FeeRequest request =
        new FeeRequest(
            template(claims ? List.of(PURSE.output(brought)) : List.of()),
            List.of(Purse.output(brought, ANCHOR.publicKeyScript)),
            WITNESS,
            parentWeight == 0
                ? Optional.empty()
                : Optional.of(new FeeRequest.Parent(parentWeight, new Satoshi(parentFee))),
            new Feerate(feerate),
            Optional.empty());
    ByteVector change = taproot ? TAPROOT : PURSE.script();
    FeeFunding funding = fund(request, coins(amounts, taproot), Optional.empty(), change);

    assertSound(request, funding, change);
  }

  @Property(tries = 300)
  void aReplacementPaysAsMuchMoreAsNodesAsk(
      @ForAll @Size(min = 1, max = 12) List<@LongRange(min = 294, max = 300_000) Long> amounts,
      @ForAll @LongRange(min = 253, max = 50_000) long before,
      @ForAll @LongRange(min = 253, max = 100_000) long after) {
    FeeRequest first = anchor(new Feerate(before), Optional.empty());
    List<Coin> coins = coins(amounts, false);
    FeeFunding old = fund(first, coins, Optional.empty(), PURSE.script());
    FeeRequest second = anchor(new Feerate(after), Optional.of(old.transaction()));
    Optional<Earlier> earlier =
        FeeFunding.earlier(second, old.coins().stream().map(Coin::output).toList(), old.coins());
    assertEquals(Optional.of(old.fee()), earlier.map(Earlier::fee));
    assertEquals(old.coins().stream().map(Coin::outPoint).toList(), FeeFunding.added(second));

    FeeFunding replacement = fund(second, coins, earlier, PURSE.script());

    assertSound(second, replacement, PURSE.script());
    assertTrue(replacement.coins().containsAll(old.coins()));
    long size = virtualSize(signed(replacement));
    long oldSize = virtualSize(signed(old));
    assertTrue(replacement.fee().value() >= old.fee().value() + size, "rule 4 of BIP 125");
    assertTrue(
        replacement.fee().value() * oldSize > old.fee().value() * size, "the higher feerate");
  }

  @Test
  void theSmallestCoinThatSufficesIsTaken() {
    List<Coin> coins = coins(List.of(500L, 100_000L, 5_000L, 20_000L), false);

    FeeFunding funding =
        fund(anchor(FEERATE, Optional.empty()), coins, Optional.empty(), PURSE.script());

    assertEquals(List.of(coins.get(2)), funding.coins());
  }

  @Test
  void withoutOneThatSufficesTheLargestAreTaken() {
    List<Coin> coins = coins(List.of(380L, 450L, 400L, 430L, 300L), false);

    FeeFunding funding =
        fund(anchor(FEERATE, Optional.empty()), coins, Optional.empty(), PURSE.script());

    assertEquals(List.of(coins.get(1), coins.get(3), coins.get(2)), funding.coins());
  }

  @Test
  void coinsThatCostMoreThanTheyBringAreLeftAlone() {
    ChainException poor =
        assertThrows(
            ChainException.class,
            () ->
                FeeFunding.of(
                    anchor(new Feerate(10_000), Optional.empty()),
                    coins(Collections.nCopies(100, 2_000L), false),
                    Optional.empty(),
                    PURSE.script()));

    assertTrue(String.valueOf(poor.getMessage()).contains(": 0 confirmed coins"), poor::toString);
  }

  @Test
  void aTransactionOfManyCoinsIsNotMade() {
    ChainException poor =
        assertThrows(
            ChainException.class,
            () ->
                FeeFunding.of(
                    new FeeRequest(
                        template(List.of()),
                        List.of(ANCHOR),
                        WITNESS,
                        Optional.of(new FeeRequest.Parent(400_000, Satoshi.ZERO)),
                        FEERATE,
                        Optional.empty()),
                    coins(Collections.nCopies(1000, 1_000L), false),
                    Optional.empty(),
                    PURSE.script()));

    assertTrue(String.valueOf(poor.getMessage()).contains(": 50 confirmed coins"), poor::toString);
  }

  @Test
  void exactlyWhatIsMissingSuffices() {
    FeeRequest request = anchor(FEERATE, Optional.empty());
    String message =
        String.valueOf(
            assertThrows(
                    ChainException.class,
                    () ->
                        FeeFunding.of(
                            request, coins(List.of(500L), false), Optional.empty(), PURSE.script()))
                .getMessage());
    long missing = Long.parseLong(message.split(" ")[3]);

    FeeFunding funding =
        fund(request, coins(List.of(500 + missing), false), Optional.empty(), PURSE.script());

    assertEquals(294, funding.transaction().txOut.getLast().amount.toLong());
    assertThrows(
        ChainException.class,
        () ->
            FeeFunding.of(
                request, coins(List.of(499 + missing), false), Optional.empty(), PURSE.script()));
  }

  @Test
  void otherScriptsAreNoCoins() {
    assertThrows(IllegalArgumentException.class, () -> new Coin(outPoint(1), ANCHOR));
  }

  private static void assertSound(FeeRequest request, FeeFunding funding, ByteVector change) {
    Transaction transaction = funding.transaction();
    Transaction template = request.template();
    Transaction signed = signed(funding);
    assertEquals(template.txIn, transaction.txIn.subList(0, template.txIn.size()));
    assertEquals(template.txOut, transaction.txOut.subList(0, template.txOut.size()));
    assertEquals(
        funding.coins().stream().map(Coin::outPoint).toList(),
        transaction.txIn.stream().skip(1).map(input -> input.outPoint).toList());
    assertTrue(transaction.txIn.stream().skip(1).allMatch(in -> in.sequence == 0xffff_fffdL));
    assertEquals(
        sum(request.spent()) + sum(funding.coins().stream().map(Coin::output).toList()),
        sum(transaction.txOut) + funding.fee().value());
    assertTrue(funding.fee().compareTo(request.fee(Transaction.weight(signed))) >= 0);
    List<TxOut> added = transaction.txOut.subList(template.txOut.size(), transaction.txOut.size());
    assertTrue(added.size() <= 1);
    for (TxOut output : added) {
      assertEquals(change, output.publicKeyScript);
      assertTrue(output.amount.toLong() >= (change.equals(TAPROOT) ? 330 : 294));
    }
    assertTrue(!transaction.txOut.isEmpty());
  }

  /** With the largest witnesses that the wallet and the template's owner may make. */
  private static Transaction signed(FeeFunding funding) {
    Transaction signed =
        funding.transaction().updateWitness(0, new ScriptWitness(List.of(bytes(WITNESS - 2))));
    for (int i = 0; i < funding.coins().size(); i++) {
      boolean taproot = funding.coins().get(i).output().publicKeyScript.equals(TAPROOT);
      signed =
          signed.updateWitness(
              i + 1,
              new ScriptWitness(taproot ? List.of(bytes(64)) : List.of(bytes(72), bytes(33))));
    }
    return signed;
  }

  private static FeeFunding fund(
      FeeRequest request, List<Coin> coins, Optional<Earlier> earlier, ByteVector change) {
    try {
      return FeeFunding.of(request, coins, earlier, change);
    } catch (ChainException e) {
      Assume.that(false);
      throw e;
    }
  }

  private static FeeRequest anchor(Feerate feerate, Optional<Transaction> replaces) {
    return new FeeRequest(
        template(List.of()), List.of(ANCHOR), WITNESS, Optional.empty(), feerate, replaces);
  }

  private static Transaction template(List<TxOut> outputs) {
    return new Transaction(2, List.of(new TxIn(outPoint(0), Purse.NO_DELAY)), outputs, 0);
  }

  private static List<Coin> coins(List<Long> amounts, boolean taproot) {
    ByteVector script = taproot ? TAPROOT : PURSE.script();
    return new ArrayList<>(
        IntStream.range(0, amounts.size())
            .mapToObj(i -> new Coin(outPoint(i + 1), Purse.output(amounts.get(i), script)))
            .toList());
  }

  private static OutPoint outPoint(int index) {
    return new OutPoint(new TxId(ByteVector32.One), index);
  }

  private static ByteVector bytes(int size) {
    return new ByteVector(new byte[size]);
  }

  private static long virtualSize(Transaction transaction) {
    return (Transaction.weight(transaction) + 3L) / 4;
  }

  private static long sum(List<TxOut> outputs) {
    return outputs.stream().mapToLong(output -> output.amount.toLong()).sum();
  }
}

package chargepile.agent.voucher;

import chargepile.agent.units.Amount;
import chargepile.agent.units.Direction;
import fr.acinq.bitcoin.ByteVector32;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** States of every stage, as two parties pass through them. */
public final class VoucherStates {
  static final ByteVector32 PREIMAGE = new ByteVector32("5e".repeat(32));

  private VoucherStates() {}

  /** Some of every stage and link. */
  public static List<VoucherChannel> ofEveryStage() {
    Map<String, List<VoucherChannel>> byKind = new HashMap<>();
    lives()
        .forEach(
            state -> {
              String kind =
                  state.stage().title()
                      + state.link()
                      + state.book().map(book -> book.pending().isPresent()).orElse(false)
                      + (state.stage() instanceof VoucherStage.Normal normal
                          && normal.closing().isPresent())
                      + state.book().map(VoucherStates::locks).orElse("");
              List<VoucherChannel> some = byKind.computeIfAbsent(kind, k -> new ArrayList<>());
              if (some.size() < 3) {
                some.add(state);
              }
            });
    return byKind.values().stream().flatMap(List::stream).toList();
  }

  private static String locks(VoucherBook book) {
    return Stream.of(book.own(), book.peer())
        .map(
            side ->
                side.lock()
                    .map(
                        lock ->
                            "%s %s %s"
                                .formatted(lock.status(), lock.preimage().isPresent(), lock.seen()))
                    .orElse("none"))
        .collect(Collectors.joining(", "));
  }

  private static Stream<VoucherChannel> lives() {
    return Stream.of(life(true), life(false), locked(true), locked(false))
        .flatMap(
            pair -> {
              return Stream.concat(
                  Stream.of(VoucherChannel.NEW),
                  Stream.concat(pair.driver.states.stream(), pair.pile.states.stream()));
            });
  }

  /** A life with locks both ways, of which one expires and the others are opened. */
  static VoucherPair locked(boolean together) {
    VoucherPair pair = new VoucherPair();
    pair.open(pair.driver, 50_000);
    pair.charge(Direction.IMPORT, 1_000_000, 3000);
    pair.lock(pair.driver, 500, 3600);
    pair.lock(pair.pile, 700, 7200);
    pair.charge(Direction.IMPORT, 2_000_000, 6000);
    pair.driver.on(new VoucherEvent.FulfillHtlc(1, PREIMAGE));
    pair.pile.on(new VoucherEvent.ClaimEnergy(VoucherPair.claim(Direction.EXPORT, 600_000, 200)));
    pair.deliver(pair.driver);
    pair.connect();
    pair.run();
    pair.block(3600);
    pair.blocks(12 + VoucherLedger.FINALITY);
    pair.lock(pair.driver, 300, 3600);
    pair.pile.on(new VoucherEvent.FulfillHtlc(2, PREIMAGE));
    pair.deliver(pair.pile);
    pair.connect();
    pair.run();
    pair.lock(pair.driver, 200, 3600);
    if (together) {
      pair.pile.on(new VoucherEvent.CloseCooperatively());
      pair.run();
      pair.pile.on(
          new VoucherEvent.FulfillHtlc(pair.pile.book().taken().orElseThrow().id(), PREIMAGE));
      pair.run();
      pair.blocks(2 + VoucherLedger.FINALITY);
    } else {
      pair.driver.on(new VoucherEvent.CloseUnilaterally("test"));
      pair.disconnect();
      pair.blocks(2);
      pair.pile.on(
          new VoucherEvent.FulfillHtlc(pair.pile.book().taken().orElseThrow().id(), PREIMAGE));
      pair.settle();
      pair.settle();
    }
    return pair;
  }

  /** A life that passes through every stage. */
  static VoucherPair life(boolean together) {
    VoucherPair pair = new VoucherPair();
    pair.open(pair.driver, 50_000);
    pair.pile.on(new VoucherEvent.Deposit(new Amount(10_000)));
    pair.charge(Direction.IMPORT, 1_000_000, 3000);
    pair.blocks(1 + VoucherLedger.FINALITY);
    pair.charge(Direction.EXPORT, 500_000, 1000);
    byte[] old = pair.driver.stored;
    pair.pile.on(new VoucherEvent.ClaimEnergy(VoucherPair.claim(Direction.EXPORT, 600_000, 1200)));
    pair.connect();
    pair.run();
    pair.charge(Direction.IMPORT, 2_000_000, 6000);
    if (together) {
      pair.pile.on(new VoucherEvent.CloseCooperatively());
      pair.run();
      pair.blocks(1 + VoucherLedger.FINALITY);
    } else {
      pair.driver.stored = old;
      pair.driver.die();
      pair.connect();
      pair.run();
      pair.settle();
      pair.settle();
    }
    return pair;
  }
}

package chargepile.agent.voucher;

import chargepile.agent.units.Amount;
import chargepile.agent.units.Direction;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** States of every stage, as two parties pass through them. */
public final class VoucherStates {
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
                          && normal.closing().isPresent());
              List<VoucherChannel> some = byKind.computeIfAbsent(kind, k -> new ArrayList<>());
              if (some.size() < 3) {
                some.add(state);
              }
            });
    return byKind.values().stream().flatMap(List::stream).toList();
  }

  private static Stream<VoucherChannel> lives() {
    return Stream.of(true, false)
        .flatMap(
            together -> {
              VoucherPair pair = life(together);
              return Stream.concat(
                  Stream.of(VoucherChannel.NEW),
                  Stream.concat(pair.driver.states.stream(), pair.pile.states.stream()));
            });
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

package chargepile.agent.channel;

import chargepile.agent.units.Amount;
import chargepile.agent.units.Direction;
import chargepile.agent.units.Feerate;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.Crypto;
import fr.acinq.bitcoin.Transaction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A channel in which one side goes on from an old copy of its store: it runs the same program, so
 * that it publishes, claims HTLCs in their second stage, sweeps and raises fees as well as can be.
 */
final class Breach {
  final TwoParties pair;
  final TwoParties.Party cheat;
  final TwoParties.Party victim;
  private final Random random;
  private final List<Channel> old = new ArrayList<>();
  private final List<ByteVector32> preimages = new ArrayList<>();
  private long imported;

  Breach(TwoParties pair, Random random) {
    this.pair = pair;
    this.random = random;
    this.cheat = random.nextInt(3) == 0 ? pair.pile : pair.driver;
    this.victim = cheat.other();
  }

  /** A channel with some updates; each state before one is a state to go back to. */
  Breach live() {
    pair.ledger.mine(2); // no reorganisation here undoes the money in the wallets
    pair.open(
        random.nextInt(4) == 0 ? pair.pile : pair.driver,
        new Amount(random.nextInt(1, 4) * 100_000_000L));
    for (int i = 1 + random.nextInt(5); i > 0; i--) {
      old.add(cheat.stored);
      update();
    }
    pair.charge(50_000, imported += 1_000_000);
    return this;
  }

  /** A channel with one charge, so that its first state is the only one to go back to. */
  Breach charged() {
    pair.open(pair.driver, new Amount(300_000_000));
    old.add(cheat.stored);
    pair.charge(1000, imported += 20_000_000);
    return this;
  }

  private void update() {
    switch (random.nextInt(6)) {
      case 0 -> {
        var funder = pair.pile.commitments().setup().funder() ? pair.pile : pair.driver;
        funder.on(new ChannelEvent.SetFeerate(new Feerate(1000 + random.nextInt(4000))));
        pair.run();
      }
      case 1, 2 -> pair.charge(old.size(), imported += 1 + random.nextInt(20_000_000));
      case 3 -> offer(cheat);
      case 4 -> offer(victim);
      case 5 -> answer();
    }
  }

  private void offer(TwoParties.Party party) {
    byte[] bytes = "preimage %d".formatted(preimages.size()).getBytes(StandardCharsets.UTF_8);
    ByteVector32 preimage = new ByteVector32(Crypto.sha256(bytes));
    preimages.add(preimage);
    long satoshi =
        random.nextInt(3) == 0 ? 100 + random.nextInt(250) : 400 + random.nextInt(60_000);
    pair.offer(party, satoshi, preimage, 1 + random.nextInt(2 * pair.delay));
  }

  private void answer() {
    for (var party : List.of(cheat, victim)) {
      for (var htlc : party.commitments().receivedHtlcs()) {
        preimages.stream()
            .filter(preimage -> preimage.sha256().equals(htlc.paymentHash()))
            .findFirst()
            .ifPresent(preimage -> party.on(new ChannelEvent.FulfillHtlc(htlc.id(), preimage)));
        pair.run();
      }
    }
  }

  /** The cheat's program starts with an old store, and publishes. */
  Breach publish() {
    if (random.nextBoolean()) {
      pair.claim(Direction.IMPORT, 60_000, imported + 2_000_000);
      for (int i = random.nextInt(4); i > 0; i--) {
        pair.step();
      }
    }
    pair.disconnect();
    cheat.stored = old.get(random.nextInt(old.size()));
    cheat.restart();
    cheat.on(new ChannelEvent.CloseUnilaterally("a cheat"));
    for (var htlc : cheat.commitments().htlcs().toList()) {
      if (random.nextBoolean()) {
        preimages.stream()
            .filter(htlc::isPaidBy)
            .forEach(preimage -> cheat.on(new ChannelEvent.FulfillHtlc(htlc.id(), preimage)));
      }
    }
    cheat.look();
    return this;
  }

  /** Mines the breach and as many blocks on top of it, of which only the cheat hears. */
  Breach mineUnseen(int blocks) {
    if (cheat.state.stage() instanceof Stage.Closing closing && closing.seen().isEmpty()) {
      cheat.look();
    }
    for (int i = 0; i <= blocks; i++) {
      pair.ledger.mine(1);
      cheat.look();
    }
    return this;
  }

  /** Both work, the chain is reorganised now and then, fees spike, the victim restarts. */
  Breach disturb(boolean evicts) {
    for (int i = random.nextInt(4); i > 0; i--) {
      victim.look();
      cheat.look();
      mine(random.nextInt(3));
      int depth = random.nextInt(6);
      if (depth > 0) {
        pair.ledger.reorganise(depth);
      }
      if (random.nextInt(3) == 0) {
        pair.ledger.feerate(new Feerate(1000 + random.nextInt(20_000)));
      }
      if (random.nextBoolean()) {
        victim.restart();
      }
      if (evicts && random.nextInt(3) == 0) {
        pair.ledger.mempool().stream()
            .filter(this::isRemedy)
            .findFirst()
            .ifPresent(remedy -> pair.ledger.evict(remedy.txid));
      }
    }
    return this;
  }

  private boolean isRemedy(Transaction transaction) {
    return Bidding.isHome(transaction, victim.home);
  }

  /** Mines blocks of which both hear, the cheat first. */
  void mine(int blocks) {
    for (int i = 0; i < blocks; i++) {
      cheat.look();
      victim.look();
      pair.ledger.mine(1);
      cheat.look();
      victim.look();
    }
  }

  /** Mines until the victim has nothing left to do. */
  Stage.Closed end() {
    for (int i = 0; i < 8 * pair.delay; i++) {
      if (victim.state.stage() instanceof Stage.Closed closed) {
        return closed;
      }
      mine(1);
    }
    throw new AssertionError("not settled: " + victim.state.stage());
  }
}

package chargepile.agent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.energy.EnergyClaim;
import chargepile.agent.evm.Anvil;
import chargepile.agent.evm.Finality;
import chargepile.agent.evm.VoucherChain;
import chargepile.agent.units.Amount;
import chargepile.agent.units.Direction;
import chargepile.agent.units.MilliWattHours;
import chargepile.agent.units.SessionId;
import chargepile.agent.voucher.Party;
import chargepile.agent.voucher.SignedVoucher;
import chargepile.agent.voucher.VoucherChannel;
import chargepile.agent.voucher.VoucherEvent;
import chargepile.agent.voucher.VoucherStage;
import chargepile.agent.voucher.wire.VoucherMessage;
import fr.acinq.bitcoin.ByteVector;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/** A driver and a pile with a channel on the real contract, and a link between them. */
final class ChainPair implements AutoCloseable {
  private static final SessionId SESSION =
      new SessionId(new ByteVector("00112233445566778899aabbccddeeff"));
  private static long openNonce;

  final VoucherChain chain;
  final ChainSide driver;
  final ChainSide pile;
  private final int depth;
  private boolean linked;

  /**
   * @param depth of what is final
   * @param pileNodes what the pile looks through; the driver has the chain itself
   */
  ChainPair(VoucherChain chain, Path directory, int depth, Supplier<ChainSide.Nodes> pileNodes) {
    this.chain = chain;
    this.depth = depth;
    Finality finality = Finality.depth(depth);
    driver =
        new ChainSide(
            chain,
            directory.resolve("driver.db"),
            Anvil.privateKey(0),
            false,
            finality,
            () -> ChainSide.Nodes.one(chain.anvil().rpc()));
    pile =
        new ChainSide(
            chain, directory.resolve("pile.db"), Anvil.privateKey(1), true, finality, pileNodes);
  }

  ChainPair(VoucherChain chain, Path directory) {
    this(chain, directory, 2, () -> ChainSide.Nodes.one(chain.anvil().rpc()));
  }

  void connect() {
    disconnect();
    linked = true;
    driver.on(new VoucherEvent.Connected());
    pile.on(new VoucherEvent.Connected());
    talk();
  }

  void disconnect() {
    if (linked) {
      linked = false;
      driver.said.clear();
      pile.said.clear();
      driver.on(new VoucherEvent.Disconnected());
      pile.on(new VoucherEvent.Disconnected());
    }
  }

  void talk() {
    while (linked && !(driver.said.isEmpty() && pile.said.isEmpty())) {
      deliver(driver, pile);
      deliver(pile, driver);
    }
  }

  private static void deliver(ChainSide from, ChainSide to) {
    VoucherMessage message = from.said.poll();
    if (message != null) {
      to.on(new VoucherEvent.Received(message));
    }
  }

  /** A block; then both look at it, and talk. */
  void block() {
    chain.anvil().mine(1);
    driver.look();
    pile.look();
    talk();
  }

  void blocks(int count) {
    for (int i = 0; i < count; i++) {
      block();
    }
  }

  /** So many blocks more that all before them is final. */
  void makeFinal() {
    chain.anvil().mine(depth);
    block();
  }

  ChainPair open(long deposit) {
    connect();
    driver.on(new VoucherEvent.Open(++openNonce, new Amount(deposit)));
    talk();
    block();
    makeFinal();
    makeFinal();
    assertTrue(isUsable(driver.state) && isUsable(pile.state), () -> "" + pile.state.stage());
    return this;
  }

  private static boolean isUsable(VoucherChannel state) {
    return state.stage() instanceof VoucherStage.Normal;
  }

  /** The driver pays for energy: the amounts are cumulative. */
  void pay(long amount) {
    pile.on(
        new VoucherEvent.ClaimEnergy(
            new EnergyClaim(
                SESSION,
                Direction.IMPORT,
                new MilliWattHours(amount),
                amount,
                new Amount(amount),
                7,
                new ByteVector("cafe"))));
    talk();
    assertEquals(new Amount(amount), pile.book().paidBy(pile.book().setup().own().other()));
  }

  /** Somebody closes with an older voucher, or none, as the driver's own program never would. */
  void closeWith(Optional<SignedVoucher> voucher) {
    var receipt =
        chain
            .anvil()
            .carryOut(
                driver.account,
                chain
                    .contract(chain.anvil().rpc())
                    .requestClose("cheat", driver.book().setup(), voucher));
    assertTrue(receipt.success());
  }

  /** A deposit for a side out of the driver's account, beside its program. */
  void depositDirectly(Party side, Amount amount) {
    var contract = chain.contract(chain.anvil().rpc());
    chain.approve(driver.account, amount);
    var receipt =
        chain
            .anvil()
            .carryOut(
                driver.account, contract.deposit("extra", driver.book().setup(), side, amount));
    assertTrue(receipt.success());
  }

  /** Past the challenge period, at the end of which the pile looks and settles. */
  void settle() {
    passTime(ChainSide.CHALLENGE.plusSeconds(60));
    for (int i = 0; i < 6 && !isClosed(pile.state); i++) {
      pile.look();
      chain.anvil().mine(1);
      pile.look();
      chain.anvil().mine(depth);
      pile.look();
    }
    assertTrue(isClosed(pile.state), () -> "the pile is in " + pile.state.stage());
  }

  void passTime(Duration time) {
    chain.anvil().passTime(time);
    chain.anvil().mine(1);
  }

  static boolean isClosed(VoucherChannel state) {
    return state.stage() instanceof VoucherStage.Closed;
  }

  /** What a side has beyond what it began with. */
  static long gain(ChainSide side) {
    return side.balance().value() - ChainSide.MONEY.value();
  }

  @Override
  public void close() {
    driver.close();
    pile.close();
  }
}

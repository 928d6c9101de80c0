package chargepile.agent.voucher;

import chargepile.agent.crypto.Signer;
import chargepile.agent.units.Amount;
import chargepile.agent.units.EvmAddress;
import chargepile.agent.units.VoucherChannelId;
import fr.acinq.bitcoin.ByteVector32;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A chain in memory with the voucher channel's contract on it: what the contract refuses is refused
 * here, and the rest is as it says. Blocks come when the test says so, and can be undone.
 */
final class VoucherLedger {
  /** Blocks after which a block is final. */
  static final int FINALITY = 3;

  static final long BLOCK_SECONDS = 12;

  /** Seconds from the request to close until the latest expiry for which a channel waits. */
  static final long MAX_LOCK = 4 * 3600;

  static final long GENESIS = 1_700_000_000;

  private final Signer signer;
  private final List<World> blocks = new ArrayList<>();
  private final Set<Sent> mempool = new LinkedHashSet<>();

  /** The state after a block. */
  private record World(
      long time,
      Map<VoucherChannelId, OnLedger> channels,
      Map<VoucherChannelId, Long> closedAt,
      Map<ByteVector32, VoucherEvent.Registration> preimages,
      Map<EvmAddress, Long> balances,
      Map<EvmAddress, Long> owed) {
    World at(long next) {
      return new World(
          next,
          new HashMap<>(channels),
          new HashMap<>(closedAt),
          new HashMap<>(preimages),
          new HashMap<>(balances),
          new HashMap<>(owed));
    }
  }

  /** A transaction. */
  record Sent(EvmAddress from, VoucherAction.Errand errand) {}

  /** What the contract does not do. */
  private static final class Revert extends RuntimeException {
    private static final long serialVersionUID = 1;

    Revert(String reason) {
      super(reason);
    }
  }

  private final Set<EvmAddress> cannotBePaid = new LinkedHashSet<>();
  final List<String> reverts = new ArrayList<>();

  VoucherLedger(Signer signer, Map<EvmAddress, Long> balances) {
    this.signer = signer;
    blocks.add(
        new World(
            GENESIS,
            new HashMap<>(),
            new HashMap<>(),
            new HashMap<>(),
            new HashMap<>(balances),
            new HashMap<>()));
  }

  /** Sends a transaction, unless its equal is on its way. */
  void send(EvmAddress from, VoucherAction.Errand errand) {
    mempool.add(new Sent(from, errand));
  }

  /** Whether an opening that waits was taken back, or is nowhere. */
  boolean takeBack(VoucherSetup setup) {
    mempool.removeIf(
        sent ->
            sent.errand() instanceof VoucherAction.OpenOnChain open
                && open.channel().equals(setup));
    return state(tip(), setup) instanceof OnLedger.Missing;
  }

  /** Loses all that is not in a block. */
  void dropTransactions() {
    mempool.clear();
  }

  /** The token can't be sent to an account. */
  void blockPaymentsTo(EvmAddress account) {
    cannotBePaid.add(account);
  }

  void allowPaymentsTo(EvmAddress account) {
    cannotBePaid.remove(account);
  }

  void mine() {
    mine(BLOCK_SECONDS);
  }

  /** A block with all that waits, {@code seconds} after the last. */
  void mine(long seconds) {
    World world = tip().at(tip().time + seconds);
    for (Sent sent : List.copyOf(mempool)) {
      World trial = world.at(world.time);
      try {
        carryOut(trial, sent);
        world = trial;
      } catch (Revert e) {
        reverts.add(sent.errand().getClass().getSimpleName() + ": " + e.getMessage());
      }
    }
    mempool.clear();
    blocks.add(world);
  }

  /** Undoes the last blocks, none of which is final; what was in them is lost. */
  void undo(int count) {
    int kept = Math.max(1, blocks.size() - Math.min(count, FINALITY - 1));
    long time = tip().time;
    blocks.subList(kept, blocks.size()).clear();
    while (blocks.size() < kept + 1) {
      blocks.add(tip().at(time));
    }
  }

  ChainView view(VoucherSetup setup) {
    World last = blocks.get(Math.max(0, blocks.size() - 1 - FINALITY));
    return new ChainView(time(), state(tip(), setup), state(last, setup));
  }

  /** What the registry says of a preimage. */
  VoucherEvent.PreimageSaid preimage(ByteVector32 hashlock) {
    World last = blocks.get(Math.max(0, blocks.size() - 1 - FINALITY));
    return new VoucherEvent.PreimageSaid(
        hashlock,
        Optional.ofNullable(tip().preimages.get(hashlock)),
        Optional.ofNullable(last.preimages.get(hashlock)),
        last.time);
  }

  long time() {
    return tip().time;
  }

  long balance(EvmAddress account) {
    return tip().balances.getOrDefault(account, 0L);
  }

  /** All the money there is, wherever it lies. */
  long money() {
    long money = tip().balances.values().stream().mapToLong(Long::longValue).sum();
    money += tip().owed.values().stream().mapToLong(Long::longValue).sum();
    for (OnLedger channel : tip().channels.values()) {
      money += Findings.deposits(channel).orElse(Deposits.NONE).total().value();
    }
    return money;
  }

  private World tip() {
    return blocks.getLast();
  }

  private static OnLedger state(World world, VoucherSetup setup) {
    OnLedger state = world.channels.getOrDefault(setup.id(), new OnLedger.Missing());
    return state instanceof OnLedger.Settled settled
        ? new OnLedger.Settled(
            settled.together(),
            settled.payouts(),
            new Payouts(owed(world, setup.a()), owed(world, setup.b())))
        : state;
  }

  private static Amount owed(World world, EvmAddress account) {
    return new Amount(world.owed.getOrDefault(account, 0L));
  }

  private void carryOut(World world, Sent sent) {
    switch (sent.errand()) {
      case VoucherAction.Watch _, VoucherAction.AbandonOpening _, VoucherAction.AskPreimage _ -> {}
      case VoucherAction.Hold(var setup, var lock) -> {
        OnLedger.Closing closing = closing(world, setup);
        require(world.time < closing.settleAfter(), "TooLate");
        require(sent.from().equals(payee(setup, lock)), "NotThePayee");
        require(world.time < lock.voucher().expiry(), "TooLate");
        long latest = world.closedAt.getOrDefault(setup.id(), 0L) + MAX_LOCK;
        require(lock.voucher().expiry() <= latest, "LockTooLong");
        requireBetter(setup, closing, lock);
        boolean paidByA = lock.voucher().payer().equals(setup.a());
        long most =
            closing.deposits().total().value()
                + (paidByA ? closing.paidByB() : closing.paidByA()).value();
        require(lock.voucher().cumulative().value() <= most, "LockTooLarge");
        long until = lock.voucher().expiry() + setup.challengePeriod().toSeconds();
        world.channels.put(
            setup.id(),
            new OnLedger.Closing(
                closing.deposits(),
                closing.paidByA(),
                closing.paidByB(),
                Math.max(until, closing.settleAfter())));
      }
      case VoucherAction.RegisterPreimage(_, var preimage, _) -> register(world, preimage);
      case VoucherAction.Redeem(var setup, var lock, var preimage) -> {
        OnLedger.Closing closing = closing(world, setup);
        require(world.time < closing.settleAfter(), "TooLate");
        register(world, preimage);
        var entry = world.preimages.get(lock.voucher().hashlock());
        require(entry != null && entry.time() < lock.voucher().expiry(), "LockNotOpened");
        requireBetter(setup, closing, lock);
        boolean isA = lock.voucher().payer().equals(setup.a());
        Amount paid = lock.voucher().cumulative();
        world.channels.put(
            setup.id(),
            new OnLedger.Closing(
                closing.deposits(),
                isA ? paid : closing.paidByA(),
                isA ? closing.paidByB() : paid,
                closing.settleAfter()));
      }
      case VoucherAction.OpenOnChain(var setup, var deposit) -> {
        require(setup.a().equals(sent.from()), "opened by another");
        require(!world.channels.containsKey(setup.id()), "ChannelExists");
        take(world, sent.from(), deposit.value());
        world.channels.put(
            setup.id(),
            new OnLedger.Open(new Deposits(deposit, Amount.ZERO), setup.challengePeriod()));
      }
      case VoucherAction.RaiseDeposit(var setup, var total) -> raise(world, sent, setup, total);
      case VoucherAction.CloseTogether(var setup, var both) -> closeTogether(world, setup, both);
      case VoucherAction.RequestClose(var setup, var best) -> {
        OnLedger.Open open = open(world, setup);
        require(sent.from().equals(setup.a()) || sent.from().equals(setup.b()), "NotAParty");
        world.closedAt.put(setup.id(), world.time);
        var closing =
            new OnLedger.Closing(
                open.deposits(),
                Amount.ZERO,
                Amount.ZERO,
                world.time + open.challengePeriod().toSeconds());
        world.channels.put(
            setup.id(), best.map(voucher -> presented(setup, closing, voucher)).orElse(closing));
      }
      case VoucherAction.Challenge(var setup, var best) -> {
        OnLedger.Closing closing = closing(world, setup);
        require(world.time < closing.settleAfter(), "TooLate");
        world.channels.put(setup.id(), presented(setup, closing, best));
      }
      case VoucherAction.Settle(var setup) -> {
        OnLedger.Closing closing = closing(world, setup);
        require(world.time >= closing.settleAfter(), "NotYet");
        payOut(
            world,
            setup,
            false,
            Payouts.of(closing.deposits(), closing.paidByA(), closing.paidByB()));
      }
      case VoucherAction.Claim _ -> {
        require(!cannotBePaid.contains(sent.from()), "the token refuses");
        Long owed = world.owed.remove(sent.from());
        require(owed != null, "nothing is owed");
        world.balances.merge(sent.from(), owed, Long::sum);
      }
    }
  }

  private static void raise(World world, Sent sent, VoucherSetup setup, Amount total) {
    OnLedger.Open open = open(world, setup);
    boolean isA = sent.from().equals(setup.a());
    Deposits before = open.deposits();
    long more = total.value() - before.of(isA ? Party.A : Party.B).value();
    require(more > 0, "NothingToDeposit");
    take(world, sent.from(), more);
    Deposits after = isA ? new Deposits(total, before.b()) : new Deposits(before.a(), total);
    world.channels.put(setup.id(), new OnLedger.Open(after, open.challengePeriod()));
  }

  private void closeTogether(World world, VoucherSetup setup, SignedClose both) {
    OnLedger state = state(world, setup);
    Deposits deposits = Findings.deposits(state).orElseThrow(() -> new Revert("WrongState"));
    require(both.close().channel().equals(setup.id()), "OtherChannel");
    require(world.time <= both.close().deadline(), "TooLate");
    require(
        setup.domain().isSigned(signer, both.close(), both.a(), setup.a())
            && setup.domain().isSigned(signer, both.close(), both.b(), setup.b()),
        "NotSignedBy");
    payOut(
        world, setup, true, Payouts.of(deposits, both.close().paidByA(), both.close().paidByB()));
  }

  private OnLedger.Closing presented(
      VoucherSetup setup, OnLedger.Closing closing, SignedVoucher signed) {
    EvmAddress payer = signed.voucher().payer();
    require(signed.voucher().channel().equals(setup.id()), "OtherChannel");
    require(
        setup.domain().isSigned(signer, signed.voucher(), signed.signature(), payer),
        "NotSignedBy");
    require(payer.equals(setup.a()) || payer.equals(setup.b()), "NotAParty");
    Party party = payer.equals(setup.a()) ? Party.A : Party.B;
    Amount paid = signed.voucher().cumulative();
    require(paid.compareTo(closing.paidBy(party)) > 0, "NotBetter");
    return new OnLedger.Closing(
        closing.deposits(),
        party == Party.A ? paid : closing.paidByA(),
        party == Party.A ? closing.paidByB() : paid,
        closing.settleAfter());
  }

  private static void register(World world, ByteVector32 preimage) {
    world.preimages.putIfAbsent(
        preimage.sha256(), new VoucherEvent.Registration(preimage, world.time));
  }

  private static EvmAddress payee(VoucherSetup setup, SignedLock lock) {
    return lock.voucher().payer().equals(setup.a()) ? setup.b() : setup.a();
  }

  private void requireBetter(VoucherSetup setup, OnLedger.Closing closing, SignedLock lock) {
    EvmAddress payer = lock.voucher().payer();
    require(lock.voucher().channel().equals(setup.id()), "OtherChannel");
    require(
        setup.domain().isSigned(signer, lock.voucher(), lock.signature(), payer), "NotSignedBy");
    require(payer.equals(setup.a()) || payer.equals(setup.b()), "NotAParty");
    Party party = payer.equals(setup.a()) ? Party.A : Party.B;
    require(lock.voucher().cumulative().compareTo(closing.paidBy(party)) > 0, "NotBetter");
  }

  private void payOut(World world, VoucherSetup setup, boolean together, Payouts payouts) {
    world.channels.put(
        setup.id(), new OnLedger.Settled(together, payouts, new Payouts(Amount.ZERO, Amount.ZERO)));
    for (Party party : Party.values()) {
      EvmAddress account = setup.address(party);
      (cannotBePaid.contains(account) ? world.owed : world.balances)
          .merge(account, payouts.of(party).value(), Long::sum);
    }
  }

  private static void take(World world, EvmAddress from, long amount) {
    long has = world.balances.getOrDefault(from, 0L);
    require(has >= amount, "too little money");
    world.balances.put(from, has - amount);
  }

  private static OnLedger.Open open(World world, VoucherSetup setup) {
    require(state(world, setup) instanceof OnLedger.Open, "WrongState");
    return (OnLedger.Open) state(world, setup);
  }

  private static OnLedger.Closing closing(World world, VoucherSetup setup) {
    require(state(world, setup) instanceof OnLedger.Closing, "WrongState");
    return (OnLedger.Closing) state(world, setup);
  }

  private static void require(boolean holds, String reason) {
    if (!holds) {
      throw new Revert(reason);
    }
  }
}

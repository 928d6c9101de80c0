package chargepile.agent.market.desk;

import chargepile.agent.market.Trader;
import chargepile.agent.market.order.eip712.OrderKey;
import chargepile.agent.units.Amount;
import chargepile.agent.units.MilliWattHours;
import fr.acinq.bitcoin.ByteVector;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The one socket of a pile, as far as desks meet it: it holds one car, one session is under way at
 * it at most, energy takes its time, and is paid for in a channel whose messages may be lost.
 */
final class Plug {
  /** What may flow before it is paid for. */
  private static final long CREDIT_MWH = 1_000_000;

  /** How far a pile's receipts may be behind before its buyer gives it no more. */
  private static final long UNPROVEN_MWH = 3_000_000;

  private final long watts;
  private final Map<OrderKey, Account> accounts = new HashMap<>();
  private Optional<Trader> car = Optional.empty();
  private Optional<Sale> session = Optional.empty();

  /** Whose session it was, or is: it keeps others away until it has left. */
  private Optional<Trader> occupant = Optional.empty();

  /** What an order's sessions came to. */
  private static final class Account {
    private long ended;
    private long running;

    /** In vouchers of the buyer's, by what it signed and by what the pile has. */
    private long signed;

    private long held;

    /** By the best receipt that the buyer has. */
    private long receipt;

    private long energy() {
      return ended + running;
    }
  }

  Plug(long watts) {
    this.watts = watts;
  }

  private static Amount due(Sale sale, long milliWattHours) {
    return new Amount(milliWattHours * (sale.price().doubled() / 2) / 1_000_000);
  }

  private Account account(OrderKey order) {
    return accounts.computeIfAbsent(order, _ -> new Account());
  }

  Optional<Trader> car() {
    return car;
  }

  Optional<Sale> session() {
    return session;
  }

  /** Whose session it was, or is, that keeps others away. */
  Optional<Trader> occupant() {
    return occupant;
  }

  boolean isFree() {
    return car.isEmpty();
  }

  void plug(Trader who) {
    car = Optional.of(who);
  }

  void unplug() {
    end();
    car = Optional.empty();
    occupant = Optional.empty();
  }

  /** Begins a session of an order, where a car is plugged in and has none. */
  void begin(Sale sale) {
    session = Optional.of(sale);
    occupant = car;
  }

  /** The session is over; its car stays until it leaves. */
  void end() {
    session.ifPresent(
        sale -> {
          Account account = account(sale.order());
          account.ended += account.running;
          account.running = 0;
        });
    session = Optional.empty();
  }

  /** Energy flows as far as it is paid for. */
  void flow(Duration time) {
    session.ifPresent(
        sale -> {
          Account account = account(sale.order());
          long unpaid = due(sale, account.energy()).value() - account.held;
          if (unpaid < due(sale, CREDIT_MWH).value()) {
            long most = watts * time.toMillis() / 3600;
            account.running += Math.min(sale.left().value() - account.running, most);
          }
        });
  }

  /** Whether all that may be sold in this session was. */
  boolean isDone() {
    return session.filter(sale -> account(sale.order()).running >= sale.left().value()).isPresent();
  }

  /**
   * The pile asks for what is due, the buyer signs it, and has a receipt of what the pile has.
   *
   * @param asked whether the pile's words arrive
   * @param answered whether the buyer's do
   * @param proven whether the receipt arrives
   */
  void pay(boolean asked, boolean answered, boolean proven) {
    session.ifPresent(
        sale -> {
          Account account = account(sale.order());
          if (asked) {
            long unproven = account.signed - account.receipt;
            if (unproven <= due(sale, UNPROVEN_MWH).value()) {
              account.signed = due(sale, account.energy()).value();
            }
            if (answered) {
              account.held = account.signed;
            }
          }
          if (proven) {
            account.receipt = Math.max(account.receipt, account.held);
          }
        });
  }

  /** What was lost is said again: the pile has all vouchers, the buyer all receipts. */
  void catchUp() {
    accounts.values().forEach(account -> account.held = account.signed);
    accounts.values().forEach(account -> account.receipt = account.held);
  }

  /** What is known at the pile. */
  OwnSide ofPile(boolean inService, boolean unbroken) {
    Map<OrderKey, Delivered> delivered = new HashMap<>();
    accounts.forEach(
        (order, account) -> delivered.put(order, delivered(order, account, account.held)));
    return new OwnSide(inService, occupant.isPresent(), occupant, unbroken, delivered, Map.of());
  }

  /** What is known in the car of an order's buyer; it knows nothing of others' orders. */
  OwnSide ofBuyer(boolean unbroken) {
    Map<OrderKey, Delivered> delivered = new HashMap<>();
    Map<OrderKey, Testimony> testimony = new HashMap<>();
    accounts.forEach(
        (order, account) -> {
          delivered.put(order, delivered(order, account, account.signed));
          if (account.receipt > 0) {
            testimony.put(
                order,
                new Testimony(
                    Optional.of(
                        new Testimony.Receipt(new Amount(account.receipt), ByteVector.empty)),
                    Optional.empty()));
          }
        });
    return new OwnSide(true, session.isPresent(), unbroken, delivered, testimony);
  }

  private Delivered delivered(OrderKey order, Account account, long paid) {
    boolean underWay = session.filter(sale -> sale.order().equals(order)).isPresent();
    return new Delivered(
        new MilliWattHours(account.ended),
        new MilliWattHours(account.running),
        new Amount(paid),
        underWay);
  }

  MilliWattHours energy(OrderKey order) {
    return new MilliWattHours(account(order).energy());
  }

  /** What the pile can take out of the channel for an order. */
  long paid(OrderKey order) {
    return account(order).held;
  }
}

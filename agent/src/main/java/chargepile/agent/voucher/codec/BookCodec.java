package chargepile.agent.voucher.codec;

import chargepile.agent.codec.MalformedStateException;
import chargepile.agent.codec.StateReader;
import chargepile.agent.codec.StateWriter;
import chargepile.agent.crypto.EvmSignature;
import chargepile.agent.energy.EnergyClaim;
import chargepile.agent.energy.SessionTotals;
import chargepile.agent.units.Amount;
import chargepile.agent.units.Direction;
import chargepile.agent.units.EvmAddress;
import chargepile.agent.units.SessionId;
import chargepile.agent.voucher.Deposits;
import chargepile.agent.voucher.Funds;
import chargepile.agent.voucher.Lock;
import chargepile.agent.voucher.Party;
import chargepile.agent.voucher.Payments;
import chargepile.agent.voucher.SignedVoucher;
import chargepile.agent.voucher.VoucherBook;
import chargepile.agent.voucher.VoucherSetup;
import chargepile.agent.voucher.eip712.Domain;
import chargepile.agent.voucher.eip712.Voucher;
import java.time.Duration;
import java.util.Optional;

/** A {@link VoucherBook} as bytes. */
final class BookCodec {
  private BookCodec() {}

  static void write(StateWriter out, VoucherBook book) {
    setup(out, book.setup());
    out.i64(book.time());
    deposits(out, book.deposits());
    deposits(out, book.confirmed());
    out.optional(book.sent(), voucher -> voucher(out, voucher))
        .optional(book.received(), voucher -> voucher(out, voucher))
        .optional(book.session(), totals -> totals(out, totals))
        .optional(book.pending(), claim -> claim(out, claim))
        .optional(book.depositWanted(), out::amount);
    deposits(out, book.funds().most());
    out.optional(book.own().lock(), lock -> LockCodec.write(out, lock))
        .optional(book.peer().lock(), lock -> LockCodec.write(out, lock));
  }

  /**
   * @param version of the channel's state: the first knew no locks, and not what was there most
   */
  static VoucherBook read(StateReader in, int version) {
    VoucherSetup setup = setup(in);
    Party own = setup.own();
    long time = in.i64();
    Deposits seen = deposits(in);
    Deposits confirmed = deposits(in);
    Optional<SignedVoucher> sent = in.optional(() -> voucher(in, setup, own));
    Optional<SignedVoucher> received = in.optional(() -> voucher(in, setup, own.other()));
    Optional<SessionTotals> session = in.optional(() -> totals(in));
    Optional<EnergyClaim> pending = in.optional(() -> claim(in));
    Optional<Amount> wanted = in.optional(in::amount);
    boolean first = version == 1;
    Deposits most = first ? seen : deposits(in);
    Optional<Lock> offered =
        first ? Optional.empty() : in.optional(() -> LockCodec.read(in, setup, own));
    Optional<Lock> taken =
        first ? Optional.empty() : in.optional(() -> LockCodec.read(in, setup, own.other()));
    return new VoucherBook(
        setup,
        time,
        new Funds(seen, most, confirmed, wanted),
        new Payments(sent, offered),
        new Payments(received, taken),
        session,
        pending);
  }

  private static void setup(StateWriter out, VoucherSetup value) {
    out.i64(value.domain().chainId())
        .fixed(value.domain().contract().value())
        .fixed(value.token().value())
        .fixed(value.a().value())
        .fixed(value.b().value())
        .i64(value.openNonce())
        .i64(value.challengePeriod().toSeconds())
        .flag(value.own() == Party.A)
        .flag(value.metering());
  }

  private static VoucherSetup setup(StateReader in) {
    return new VoucherSetup(
        new Domain(in.i64(), address(in)),
        address(in),
        address(in),
        address(in),
        in.i64(),
        Duration.ofSeconds(in.i64()),
        in.flag() ? Party.A : Party.B,
        in.flag());
  }

  private static EvmAddress address(StateReader in) {
    return new EvmAddress(in.vector(20));
  }

  private static void deposits(StateWriter out, Deposits value) {
    out.amount(value.a()).amount(value.b());
  }

  private static Deposits deposits(StateReader in) {
    return new Deposits(in.amount(), in.amount());
  }

  private static void voucher(StateWriter out, SignedVoucher value) {
    out.amount(value.voucher().cumulative())
        .i64(value.voucher().seq())
        .fixed(value.voucher().evidence())
        .fixed(value.signature().bytes());
  }

  private static SignedVoucher voucher(StateReader in, VoucherSetup setup, Party payer) {
    Voucher voucher =
        new Voucher(setup.id(), setup.address(payer), in.amount(), in.i64(), in.vector32());
    return new SignedVoucher(voucher, EvmSignature.of(in.vector(EvmSignature.BYTES)));
  }

  private static void totals(StateWriter out, SessionTotals value) {
    out.fixed(value.session().value());
    total(out, value.imported());
    total(out, value.exported());
  }

  private static SessionTotals totals(StateReader in) {
    return new SessionTotals(new SessionId(in.vector(16)), total(in), total(in));
  }

  private static void total(StateWriter out, SessionTotals.Total value) {
    out.energy(value.energy()).i64(value.duration()).amount(value.amount());
  }

  private static SessionTotals.Total total(StateReader in) {
    return new SessionTotals.Total(in.energy(), in.i64(), in.amount());
  }

  private static void claim(StateWriter out, EnergyClaim value) {
    out.fixed(value.session().value())
        .flag(value.direction() == Direction.EXPORT)
        .energy(value.energy())
        .i64(value.duration())
        .amount(value.amount())
        .i64(value.tariffId())
        .bytes(value.meterRecord());
  }

  private static EnergyClaim claim(StateReader in) {
    SessionId session = new SessionId(in.vector(16));
    Direction direction = in.flag() ? Direction.EXPORT : Direction.IMPORT;
    var energy = in.energy();
    long duration = in.i64();
    Amount amount = in.amount();
    long tariff = in.i64();
    if (duration < 0 || tariff < 0) {
      throw new MalformedStateException("a claim with a duration or tariff below zero");
    }
    return new EnergyClaim(session, direction, energy, duration, amount, tariff, in.vector());
  }
}

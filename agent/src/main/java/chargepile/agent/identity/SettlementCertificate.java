package chargepile.agent.identity;

import chargepile.agent.units.Amount;
import chargepile.agent.units.ChannelId;
import chargepile.agent.units.MilliWattHours;
import chargepile.agent.units.SessionId;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import java.time.Instant;
import java.util.Optional;

/**
 * What the parties to a session agree they traded (P1-33): the message m of the multi-signature.
 *
 * @param cycle number of the transaction cycle (P1-03), 0 or more
 * @param match the id of the matched quotes
 * @param seller of the energy, also when it flows out of a car (V2G); another than the buyer
 * @param sold C_ES, what the seller says it sold
 * @param bought C_EP, what the buyer says it bought; the same (P1-02)
 * @param meterStart the register before the session, in the direction of the energy
 * @param meterEnd the register after it: the energy sold is at most the difference
 * @param meterRoot SHA-256 of the session's signed meter records (OCMF)
 * @param finalCommitment number of the channel's commitment that pays it, 0 or more
 * @param settledAt whole seconds; the signers' certificates are valid at this time
 * @param expiry until when it may be presented; after {@code settledAt}
 */
public record SettlementCertificate(
    Ledger ledger,
    ChannelId channel,
    SessionId session,
    Optional<Long> cycle,
    Optional<ByteVector32> match,
    PartyId seller,
    PartyId buyer,
    Side sold,
    Side bought,
    MilliWattHours meterStart,
    MilliWattHours meterEnd,
    ByteVector32 meterRoot,
    long finalCommitment,
    Instant settledAt,
    Instant expiry) {
  private static final String MAGIC = "CPSC1";

  /**
   * What changes hands.
   *
   * @param amount all that is due, also for time
   */
  public record Side(MilliWattHours energy, Amount pricePerKwh, Amount amount) {
    private void write(FieldWriter out) {
      out.u64(energy.value()).u64(pricePerKwh.value()).u64(amount.value());
    }

    private static Side read(FieldReader in) {
      return new Side(new MilliWattHours(in.u63()), new Amount(in.u63()), new Amount(in.u63()));
    }
  }

  public SettlementCertificate {
    if (cycle.filter(number -> number < 0).isPresent() || finalCommitment < 0) {
      throw new IllegalArgumentException("cycle and commitment numbers are 0 or more");
    }
    if (seller.equals(buyer)) {
      throw new IllegalArgumentException(seller + " can't sell to itself");
    }
    if (!sold.equals(bought)) {
      throw new IllegalArgumentException(
          "the two sides are unequal: sold %s, bought %s".formatted(sold, bought));
    }
    if (meterEnd.compareTo(meterStart) < 0) {
      throw new IllegalArgumentException("the meter ran backwards");
    }
    if (sold.energy().compareTo(meterEnd.minus(meterStart)) > 0) {
      throw new IllegalArgumentException(
          "more energy is sold (%d mWh) than the meter counted (%d mWh)"
              .formatted(sold.energy().value(), meterEnd.minus(meterStart).value()));
    }
    WholeSeconds.check("the time of settlement", settledAt);
    WholeSeconds.check("the expiry", expiry);
    if (!settledAt.isBefore(expiry)) {
      throw new IllegalArgumentException("a settlement expires after it is made");
    }
  }

  /** The bytes that are signed, with the suite in front: one encoding a settlement (P1-17). */
  public ByteVector encode() {
    FieldWriter out = FieldWriter.of(MAGIC).text(Suite.ID);
    Ledger.write(ledger, out);
    out.bytes(channel.value())
        .bytes(session.value())
        .optional(cycle, out::u64)
        .optional(match, out::bytes)
        .party(seller)
        .party(buyer);
    sold.write(out);
    bought.write(out);
    return out.u64(meterStart.value())
        .u64(meterEnd.value())
        .bytes(meterRoot)
        .u64(finalCommitment)
        .instant(settledAt)
        .instant(expiry)
        .toByteVector();
  }

  /** Throws {@link MalformedIdentityException}. */
  public static SettlementCertificate decode(ByteVector bytes) {
    return FieldReader.whole("settlement certificate", MAGIC, bytes, SettlementCertificate::read);
  }

  private static SettlementCertificate read(FieldReader in) {
    if (!in.text().equals(Suite.ID)) {
      throw new MalformedIdentityException("it is of another suite than " + Suite.ID);
    }
    return new SettlementCertificate(
        ledger(in),
        new ChannelId(in.bytes32()),
        new SessionId(in.bytes(16)),
        in.optional(in::u63),
        in.optional(in::bytes32),
        in.party(),
        in.party(),
        Side.read(in),
        Side.read(in),
        new MilliWattHours(in.u63()),
        new MilliWattHours(in.u63()),
        in.bytes32(),
        in.u63(),
        in.instant(),
        in.instant());
  }

  private static Ledger ledger(FieldReader in) {
    return switch (in.u8()) {
      case 1 -> new Ledger.Bitcoin(in.bytes32());
      case 2 -> new Ledger.Evm(in.u63(), in.bytes(20));
      default -> throw new MalformedIdentityException("its ledger is unknown");
    };
  }
}

package chargepile.agent.ocmf;

import chargepile.agent.crypto.BouncyCastleSigner;
import chargepile.agent.crypto.MeterKey;
import chargepile.agent.units.Direction;
import chargepile.agent.units.MilliWattHours;
import fr.acinq.bitcoin.ByteVector32;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A meter and records of it. */
public final class RecordSamples {
  public static final Instant BEGIN = Instant.parse("2026-07-24T11:22:04.500Z");
  public static final Instant END = Instant.parse("2026-07-24T12:40:59.001Z");
  public static final MeterSigner METER =
      new MeterSigner(new BouncyCastleSigner(), MeterKey.derive(ByteVector32.One));

  private RecordSamples() {}

  public static MeterRecord charged() {
    return METER.sign(
        payload(12, Direction.IMPORT, 2_935_600_123L, 2_965_100_000L, ReadingReason.END));
  }

  public static Payload payload(
      long page, Direction direction, long begin, long end, ReadingReason reason) {
    return new Payload(
        Payload.VERSION,
        new Payload.Gateway(
            Optional.of("Chargepile"), Optional.of(METER.publicKey().toHex()), Optional.empty()),
        Pagination.transaction(page),
        Payload.MeterLabel.NONE,
        Optional.of(
            new Payload.User(
                true,
                Optional.of(AssignmentLevel.TRUSTED),
                List.of(),
                "LOCAL",
                Optional.of("000102030405060708090a0b0c0d0e0f"))),
        Optional.of(new Payload.ChargePoint("CBIDC", "garage-1 1")),
        List.of(
            reading(BEGIN, ReadingReason.BEGIN, begin, direction),
            reading(END, reason, end, direction)));
  }

  static Reading reading(Instant at, ReadingReason reason, long register, Direction direction) {
    return Reading.of(
        ReadingTime.of(at, ClockStatus.SYNCHRONISED),
        reason,
        new MilliWattHours(register),
        ObisCode.total(direction),
        ErrorFlags.NONE,
        MeterStatus.OK);
  }
}

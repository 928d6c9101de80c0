package chargepile.agent.voucher.wire;

import chargepile.agent.crypto.EvmSignature;
import chargepile.agent.crypto.Signer;
import chargepile.agent.energy.EnergyClaim;
import chargepile.agent.units.Amount;
import chargepile.agent.units.Direction;
import chargepile.agent.units.EvmAddress;
import chargepile.agent.units.MilliWattHours;
import chargepile.agent.units.SessionId;
import chargepile.agent.units.VoucherChannelId;
import chargepile.agent.voucher.wire.VoucherMessage.AcceptVoucherChannel;
import chargepile.agent.voucher.wire.VoucherMessage.LockDone;
import chargepile.agent.voucher.wire.VoucherMessage.LockFailed;
import chargepile.agent.voucher.wire.VoucherMessage.LockOffer;
import chargepile.agent.voucher.wire.VoucherMessage.LockPaid;
import chargepile.agent.voucher.wire.VoucherMessage.LockPreimage;
import chargepile.agent.voucher.wire.VoucherMessage.LockProof;
import chargepile.agent.voucher.wire.VoucherMessage.OpenVoucherChannel;
import chargepile.agent.voucher.wire.VoucherMessage.Proof;
import chargepile.agent.voucher.wire.VoucherMessage.VoucherChannelReady;
import chargepile.agent.voucher.wire.VoucherMessage.VoucherClosingSigned;
import chargepile.agent.voucher.wire.VoucherMessage.VoucherError;
import chargepile.agent.voucher.wire.VoucherMessage.VoucherGiven;
import chargepile.agent.voucher.wire.VoucherMessage.VoucherReestablish;
import chargepile.agent.voucher.wire.VoucherMessage.VoucherRequest;
import chargepile.agent.voucher.wire.VoucherMessage.VoucherShutdown;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.PrivateKey;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Draws messages whose fields may be anything that the wire holds. */
public final class AnyVoucherMessage {
  private static final Signer SIGNER = Signer.best();

  private final Random random;

  public AnyVoucherMessage(Random random) {
    this.random = random;
  }

  /** One of every type, for a channel. */
  public List<VoucherMessage> ofEveryType(VoucherChannelId id) {
    return List.of(
        new OpenVoucherChannel(
            number(),
            address(),
            address(),
            address(),
            number(),
            amount(),
            Duration.ofSeconds(random.nextInt(Integer.MAX_VALUE))),
        new AcceptVoucherChannel(number(), address()),
        new VoucherChannelReady(id, new Amount(number() / 2), new Amount(number() / 2)),
        new VoucherReestablish(
            id,
            address(),
            address(),
            number(),
            Duration.ofSeconds(random.nextInt(Integer.MAX_VALUE)),
            maybeProof(),
            maybeProof()),
        new VoucherReestablish(
            id,
            address(),
            address(),
            number(),
            Duration.ofSeconds(random.nextInt(Integer.MAX_VALUE)),
            maybeProof(),
            maybeProof(),
            Optional.of(lock()),
            Optional.of(lock())),
        new VoucherRequest(id, claim(), maybeProof()),
        new VoucherRequest(id, claim(), Optional.of(proof()), Optional.of(proof())),
        new VoucherGiven(id, proof()),
        new VoucherGiven(id, proof(), Optional.of(proof())),
        new LockOffer(id, lock(), bytes(random.nextInt(3) * random.nextInt(300))),
        new LockPreimage(id, lockId(), bytes32()),
        new LockPaid(id, lockId(), proof()),
        new LockFailed(id, lockId(), bytes(random.nextInt(40))),
        new LockDone(id, lockId()),
        new VoucherShutdown(id, text()),
        new VoucherClosingSigned(id, amount(), amount(), number(), signature()),
        new VoucherError(Optional.of(id), text()),
        new VoucherError(Optional.empty(), text()));
  }

  public VoucherChannelId channel() {
    return new VoucherChannelId(bytes32());
  }

  private EnergyClaim claim() {
    return new EnergyClaim(
        new SessionId(bytes(16)),
        random.nextBoolean() ? Direction.IMPORT : Direction.EXPORT,
        new MilliWattHours(number()),
        number(),
        amount(),
        number(),
        bytes(random.nextInt(3) * random.nextInt(300)));
  }

  private Optional<Proof> maybeProof() {
    return random.nextBoolean() ? Optional.of(proof()) : Optional.empty();
  }

  private Proof proof() {
    return new Proof(amount(), Math.max(1, number()), bytes32(), signature());
  }

  private LockProof lock() {
    return new LockProof(lockId(), amount(), bytes32(), number(), proof());
  }

  private long lockId() {
    return random.nextBoolean() ? 1 : Math.max(1, number());
  }

  private EvmSignature signature() {
    return EvmSignature.sign(
        SIGNER,
        bytes32(),
        new PrivateKey(new ByteVector32("%064x".formatted(1 + random.nextInt(9)))));
  }

  private EvmAddress address() {
    return new EvmAddress(bytes(20));
  }

  private Amount amount() {
    return new Amount(number());
  }

  private long number() {
    return random.nextLong() >>> (1 + random.nextInt(63));
  }

  private String text() {
    return "x".repeat(random.nextInt(20)) + "why";
  }

  private ByteVector32 bytes32() {
    return new ByteVector32(bytes(32));
  }

  private ByteVector bytes(int count) {
    byte[] bytes = new byte[count];
    random.nextBytes(bytes);
    return new ByteVector(bytes);
  }
}

package chargepile.agent.channel;

import chargepile.agent.channel.wire.AcceptChannel;
import chargepile.agent.channel.wire.ChannelMessage;
import chargepile.agent.channel.wire.ChannelReady;
import chargepile.agent.channel.wire.ChannelReestablish;
import chargepile.agent.channel.wire.ClosingSigned;
import chargepile.agent.channel.wire.CommitmentSigned;
import chargepile.agent.channel.wire.EnergyUpdate;
import chargepile.agent.channel.wire.ErrorMessage;
import chargepile.agent.channel.wire.FundingCreated;
import chargepile.agent.channel.wire.FundingSigned;
import chargepile.agent.channel.wire.MessageCodec;
import chargepile.agent.channel.wire.OpenChannel;
import chargepile.agent.channel.wire.RevokeAndAck;
import chargepile.agent.channel.wire.Shutdown;
import chargepile.agent.channel.wire.UpdateAddHtlc;
import chargepile.agent.channel.wire.UpdateFailHtlc;
import chargepile.agent.channel.wire.UpdateFee;
import chargepile.agent.channel.wire.UpdateFulfillHtlc;
import chargepile.agent.channel.wire.Warning;
import chargepile.agent.codec.MalformedMessageException;
import chargepile.agent.units.Amount;
import chargepile.agent.units.ChannelId;
import chargepile.agent.units.Direction;
import chargepile.agent.units.Feerate;
import chargepile.agent.units.MilliWattHours;
import chargepile.agent.units.Satoshi;
import chargepile.agent.units.SessionId;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.ByteVector64;
import fr.acinq.bitcoin.PrivateKey;
import fr.acinq.bitcoin.PublicKey;
import fr.acinq.bitcoin.TxId;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Messages that a peer could send and an honest one would not. */
public final class RandomMessages {
  private static final long MOST_SATOSHI = 2_100_000_000_000_000L;

  private final Random random;

  public RandomMessages(Random random) {
    this.random = random;
  }

  /** A message of every type, with random values in every field. */
  public List<ChannelMessage> ofEveryType(ChannelId id) {
    return List.of(
        open(id),
        accept(id),
        new FundingCreated(id, new TxId(bytes32()), random.nextInt(0x10000), signature()),
        new FundingSigned(id, signature()),
        new ChannelReady(id, point()),
        new ChannelReestablish(id, commitmentNumber(), commitmentNumber(), bytes32(), point()),
        new ErrorMessage(id, "an error"),
        new Warning(id, "a warning"),
        energy(id),
        new UpdateFee(id, feerate()),
        new CommitmentSigned(id, signature(), List.of()),
        new CommitmentSigned(id, signature(), List.of(signature())),
        new RevokeAndAck(id, bytes32(), point()),
        new Shutdown(id, script()),
        new ClosingSigned(id, satoshi(), signature(), satoshi(), satoshi()),
        new UpdateAddHtlc(
            id, number(), amount(), bytes32(), random.nextInt() & 0xffffffffL, bytes(1366)),
        new UpdateFulfillHtlc(id, number(), bytes32()),
        new UpdateFailHtlc(id, number(), bytes(random.nextInt(300))));
  }

  /** {@code message} with some bytes behind its channel id changed, if it can still be read. */
  public Optional<ChannelMessage> mutated(ChannelMessage message) {
    byte[] bytes = MessageCodec.encode(message);
    if (bytes.length <= 34) {
      return Optional.empty();
    }
    for (int i = 1 + random.nextInt(2); i > 0; i--) {
      int at = 34 + random.nextInt(bytes.length - 34);
      bytes[at] = random.nextInt(4) == 0 ? (byte) 0xff : (byte) random.nextInt();
    }
    try {
      return MessageCodec.decode(bytes);
    } catch (MalformedMessageException e) {
      return Optional.empty(); // refused before the channel hears of it
    }
  }

  private OpenChannel open(ChannelId id) {
    return new OpenChannel(
        random.nextBoolean() ? bytes32() : fr.acinq.bitcoin.Block.RegtestGenesisBlock.hash.value,
        id,
        satoshi(),
        amount(),
        satoshi(),
        amount(),
        satoshi(),
        amount(),
        feerate(),
        random.nextInt(0x10000),
        random.nextInt(0x10000),
        point(),
        point(),
        point(),
        point(),
        point(),
        point(),
        (byte) random.nextInt(),
        script(),
        OpeningRules.CHANNEL_TYPE);
  }

  private AcceptChannel accept(ChannelId id) {
    return new AcceptChannel(
        id,
        satoshi(),
        amount(),
        satoshi(),
        amount(),
        random.nextInt(4),
        random.nextInt(0x10000),
        random.nextInt(0x10000),
        point(),
        point(),
        point(),
        point(),
        point(),
        point(),
        script(),
        OpeningRules.CHANNEL_TYPE);
  }

  EnergyUpdate energy(ChannelId id) {
    return new EnergyUpdate(
        id,
        random.nextBoolean() ? ChannelPair.SESSION : new SessionId(bytes(16)),
        random.nextBoolean() ? Direction.IMPORT : Direction.EXPORT,
        new MilliWattHours(number()),
        number(),
        amount(),
        number(),
        bytes(random.nextInt(40)));
  }

  private long number() {
    return switch (random.nextInt(4)) {
      case 0 -> 0;
      case 1 -> Long.MAX_VALUE;
      case 2 -> random.nextInt(3);
      default -> random.nextLong() >>> (1 + random.nextInt(60));
    };
  }

  private long commitmentNumber() {
    return switch (random.nextInt(4)) {
      case 0 -> 1L << 48;
      case 1 -> (1L << 48) - 1;
      case 2 -> random.nextInt(8);
      default -> random.nextLong() >>> 16;
    };
  }

  private Satoshi satoshi() {
    return new Satoshi(
        switch (random.nextInt(4)) {
          case 0 -> 0L;
          case 1 -> MOST_SATOSHI;
          case 2 -> random.nextLong(2_000_000);
          default -> random.nextLong(MOST_SATOSHI);
        });
  }

  private Amount amount() {
    return new Amount(
        switch (random.nextInt(4)) {
          case 0 -> 0L;
          case 1 -> MOST_SATOSHI * 1000;
          case 2 -> random.nextLong(1_000_000_000);
          default -> random.nextLong(MOST_SATOSHI * 1000);
        });
  }

  private Feerate feerate() {
    return new Feerate(random.nextBoolean() ? random.nextInt(60_000) : 0xffff_ffffL);
  }

  private ByteVector64 signature() {
    return switch (random.nextInt(3)) {
      case 0 -> ByteVector64.Zeroes;
      default -> new ByteVector64(bytes(64));
    };
  }

  private PublicKey point() {
    if (random.nextBoolean()) {
      return new PrivateKey(new ByteVector32(bytes(32))).publicKey();
    }
    byte[] bytes = bytes(33).toByteArray();
    bytes[0] = 2;
    return new PublicKey(new ByteVector(bytes));
  }

  private ByteVector script() {
    return switch (random.nextInt(3)) {
      case 0 -> ByteVector.empty;
      case 1 -> new ByteVector("0014" + bytes(20).toHex());
      default -> bytes(random.nextInt(60));
    };
  }

  private ByteVector32 bytes32() {
    return switch (random.nextInt(4)) {
      case 0 -> ByteVector32.Zeroes;
      case 1 -> new ByteVector32("ff".repeat(32));
      default -> new ByteVector32(bytes(32));
    };
  }

  private ByteVector bytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return new ByteVector(bytes);
  }
}

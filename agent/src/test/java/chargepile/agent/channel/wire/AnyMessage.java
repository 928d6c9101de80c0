package chargepile.agent.channel.wire;

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
import fr.acinq.bitcoin.PublicKey;
import fr.acinq.bitcoin.TxId;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** Messages with random fields that the wire can carry. */
final class AnyMessage {
  private final Random random;

  AnyMessage(long seed) {
    this.random = new Random(seed);
  }

  ChannelMessage next(MessageType type) {
    return switch (type) {
      case WARNING -> new Warning(channelId(), text());
      case ERROR -> new ErrorMessage(channelId(), text());
      case OPEN_CHANNEL -> openChannel();
      case ACCEPT_CHANNEL -> acceptChannel();
      case FUNDING_CREATED ->
          new FundingCreated(channelId(), new TxId(bytes32()), u16(), signature());
      case FUNDING_SIGNED -> new FundingSigned(channelId(), signature());
      case CHANNEL_READY -> new ChannelReady(channelId(), point());
      case SHUTDOWN -> new Shutdown(channelId(), bytes(random.nextInt(40)));
      case CLOSING_SIGNED ->
          new ClosingSigned(channelId(), satoshi(), signature(), satoshi(), satoshi());
      case UPDATE_ADD_HTLC ->
          new UpdateAddHtlc(channelId(), u63(), msat(), bytes32(), u32(), bytes(1366));
      case UPDATE_FULFILL_HTLC -> new UpdateFulfillHtlc(channelId(), u63(), bytes32());
      case UPDATE_FAIL_HTLC -> new UpdateFailHtlc(channelId(), u63(), bytes(random.nextInt(300)));
      case COMMITMENT_SIGNED ->
          new CommitmentSigned(
              channelId(),
              signature(),
              IntStream.range(0, random.nextInt(4)).mapToObj(i -> signature()).toList());
      case REVOKE_AND_ACK -> new RevokeAndAck(channelId(), bytes32(), point());
      case UPDATE_FEE -> new UpdateFee(channelId(), new Feerate(u32()));
      case CHANNEL_REESTABLISH ->
          new ChannelReestablish(
              channelId(),
              random.nextLong((1L << 48) + 1),
              random.nextLong((1L << 48) + 1),
              bytes32(),
              point());
      case ENERGY_UPDATE -> energyUpdate();
    };
  }

  private OpenChannel openChannel() {
    return new OpenChannel(
        bytes32(),
        channelId(),
        satoshi(),
        msat(),
        satoshi(),
        new Amount(u63()),
        satoshi(),
        new Amount(u63()),
        new Feerate(u32()),
        u16(),
        u16(),
        point(),
        point(),
        point(),
        point(),
        point(),
        point(),
        (byte) random.nextInt(),
        bytes(random.nextBoolean() ? 0 : 22),
        bytes(random.nextInt(4)));
  }

  private AcceptChannel acceptChannel() {
    return new AcceptChannel(
        channelId(),
        satoshi(),
        new Amount(u63()),
        satoshi(),
        new Amount(u63()),
        random.nextInt(Integer.MAX_VALUE),
        u16(),
        u16(),
        point(),
        point(),
        point(),
        point(),
        point(),
        point(),
        bytes(random.nextBoolean() ? 0 : 22),
        bytes(random.nextInt(4)));
  }

  private EnergyUpdate energyUpdate() {
    return new EnergyUpdate(
        channelId(),
        new SessionId(bytes(16)),
        random.nextBoolean() ? Direction.IMPORT : Direction.EXPORT,
        new MilliWattHours(u63()),
        u63(),
        msat(),
        u63(),
        bytes(List.of(0, 1, 252, 253, 700).get(random.nextInt(5))));
  }

  private String text() {
    return random
        .ints(random.nextInt(80), ' ', '~' + 1)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  private ChannelId channelId() {
    return new ChannelId(bytes32());
  }

  private ByteVector bytes(int count) {
    byte[] bytes = new byte[count];
    random.nextBytes(bytes);
    return new ByteVector(bytes);
  }

  private ByteVector32 bytes32() {
    return new ByteVector32(bytes(32));
  }

  private ByteVector64 signature() {
    return new ByteVector64(bytes(64));
  }

  private PublicKey point() {
    return new PublicKey(bytes(33).update(0, (byte) (2 + random.nextInt(2))));
  }

  private Satoshi satoshi() {
    return new Satoshi(random.nextLong(WireLimits.SATOSHI + 1));
  }

  private Amount msat() {
    return new Amount(random.nextLong(WireLimits.MILLISATOSHI + 1));
  }

  private long u63() {
    return random.nextLong() & Long.MAX_VALUE;
  }

  private long u32() {
    return random.nextLong(1L << 32);
  }

  private int u16() {
    return random.nextInt(1 << 16);
  }
}

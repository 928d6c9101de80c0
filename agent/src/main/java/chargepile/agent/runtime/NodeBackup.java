package chargepile.agent.runtime;

import chargepile.agent.channel.codec.ChannelBackup;
import chargepile.agent.codec.MalformedStateException;
import chargepile.agent.units.ChannelId;
import chargepile.agent.voucher.codec.VoucherBackup;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.PublicKey;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The backup of a node's channels, on either ledger. */
public sealed interface NodeBackup {
  /** Of penalty channels on Bitcoin: nothing that could be published. */
  record OfPenalties(ChannelBackup channels) implements NodeBackup {
    @Override
    public boolean metering() {
      return channels.metering();
    }

    @Override
    public PublicKey node() {
      return channels.node();
    }

    @Override
    public ByteVector32 ledger() {
      return channels.chainHash();
    }

    @Override
    public Instant madeAt() {
      return channels.madeAt();
    }

    @Override
    public Optional<String> address() {
      return channels.address();
    }

    @Override
    public List<ChannelId> ids() {
      return channels.channels().stream().map(entry -> entry.channel().id()).toList();
    }

    @Override
    public boolean covers(NodeBackup other) {
      return other instanceof OfPenalties(ChannelBackup theirs)
          && channels.channels().containsAll(theirs.channels());
    }

    @Override
    public boolean isBehind(NodeBackup other) {
      return other.madeAt().isAfter(madeAt()) && !covers(other);
    }

    @Override
    public byte[] encode() {
      return channels.encode();
    }
  }

  /** Of voucher channels on an EVM chain, with the vouchers. */
  record OfVouchers(VoucherBackup channels) implements NodeBackup {
    @Override
    public boolean metering() {
      return channels.metering();
    }

    @Override
    public PublicKey node() {
      return channels.node();
    }

    @Override
    public ByteVector32 ledger() {
      return channels.ledger();
    }

    @Override
    public Instant madeAt() {
      return channels.madeAt();
    }

    @Override
    public Optional<String> address() {
      return channels.address();
    }

    @Override
    public List<ChannelId> ids() {
      return channels.channels().stream().map(entry -> new ChannelId(entry.id().value())).toList();
    }

    @Override
    public boolean covers(NodeBackup other) {
      return other instanceof OfVouchers(VoucherBackup theirs) && channels.covers(theirs);
    }

    @Override
    public boolean isBehind(NodeBackup other) {
      return other instanceof OfVouchers(VoucherBackup theirs)
          ? channels.isBehind(theirs)
          : other.madeAt().isAfter(madeAt());
    }

    @Override
    public byte[] encode() {
      return channels.encode();
    }
  }

  /** Whether the node is a pile; a driver otherwise. */
  boolean metering();

  /** Whose channels these are. */
  PublicKey node();

  /** What they stand on, as {@link NodeLedger#id} says it. */
  ByteVector32 ledger();

  Instant madeAt();

  /** Of the pile, at which the peers meet; empty when it was not known. */
  Optional<String> address();

  List<ChannelId> ids();

  /** Whether nothing that {@code other} knows of lacks here. */
  boolean covers(NodeBackup other);

  /** Whether {@code other} knows of something that came after this, so that it must be used. */
  boolean isBehind(NodeBackup other);

  byte[] encode();

  /**
   * Reads what {@link #encode} wrote.
   *
   * @throws MalformedStateException when the bytes are anything else
   */
  static NodeBackup decode(byte[] bytes) {
    return VoucherBackup.isKind(bytes)
        ? new OfVouchers(VoucherBackup.decode(bytes))
        : new OfPenalties(ChannelBackup.decode(bytes));
  }
}

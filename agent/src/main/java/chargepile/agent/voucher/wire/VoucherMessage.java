package chargepile.agent.voucher.wire;

import chargepile.agent.crypto.EvmSignature;
import chargepile.agent.energy.EnergyClaim;
import chargepile.agent.units.Amount;
import chargepile.agent.units.EvmAddress;
import chargepile.agent.units.VoucherChannelId;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import java.time.Duration;
import java.util.Optional;

/** What the peers of a voucher channel say to each other. */
public sealed interface VoucherMessage {
  /**
   * {@code open_voucher_channel}: the terms on which one side would open a channel.
   *
   * @param opener its account, side A of the channel
   * @param openNonce chosen by the opener, new for this peer and token
   * @param deposit what it puts into it at once
   */
  record OpenVoucherChannel(
      long chainId,
      EvmAddress contract,
      EvmAddress token,
      EvmAddress opener,
      long openNonce,
      Amount deposit,
      Duration challengePeriod)
      implements VoucherMessage {}

  /**
   * {@code accept_voucher_channel}.
   *
   * @param acceptor the account of the side that says so, side B of the channel
   */
  record AcceptVoucherChannel(long openNonce, EvmAddress acceptor) implements VoucherMessage {}

  /** {@code voucher_channel_ready}: the chain finally holds these deposits. */
  record VoucherChannelReady(VoucherChannelId channelId, Amount depositA, Amount depositB)
      implements VoucherMessage {}

  /**
   * {@code voucher_reestablish}: what this side has, on every new link. A side that has lost its
   * store learns all that it needs from it.
   *
   * @param a the opener's account
   * @param b the other's
   * @param sent the latest voucher that the sender signed
   * @param received the latest that it holds of the other's
   * @param sentLock the lock that it pays under
   * @param receivedLock the latest lock of the other's that it holds
   */
  record VoucherReestablish(
      VoucherChannelId channelId,
      EvmAddress a,
      EvmAddress b,
      long openNonce,
      Duration challengePeriod,
      Optional<Proof> sent,
      Optional<Proof> received,
      Optional<LockProof> sentLock,
      Optional<LockProof> receivedLock)
      implements VoucherMessage {
    /** Without locks. */
    public VoucherReestablish(
        VoucherChannelId channelId,
        EvmAddress a,
        EvmAddress b,
        long openNonce,
        Duration challengePeriod,
        Optional<Proof> sent,
        Optional<Proof> received) {
      this(
          channelId,
          a,
          b,
          openNonce,
          challengePeriod,
          sent,
          received,
          Optional.empty(),
          Optional.empty());
    }
  }

  /**
   * {@code voucher_request}: the metering side's claim, which the other answers with its next
   * voucher. Where the metering side pays, its own voucher comes with it.
   *
   * @param lock on top of that voucher, the conditional one over the lock that is pending
   */
  record VoucherRequest(
      VoucherChannelId channelId, EnergyClaim claim, Optional<Proof> paid, Optional<Proof> lock)
      implements VoucherMessage {
    /** Without a lock. */
    public VoucherRequest(VoucherChannelId channelId, EnergyClaim claim, Optional<Proof> paid) {
      this(channelId, claim, paid, Optional.empty());
    }
  }

  /**
   * {@code voucher}: the payer's answer to a claim; it may pay nothing and agree to it alone.
   *
   * @param lock on top of it, the conditional voucher over the lock that is pending
   */
  record VoucherGiven(VoucherChannelId channelId, Proof proof, Optional<Proof> lock)
      implements VoucherMessage {
    /** Without a lock. */
    public VoucherGiven(VoucherChannelId channelId, Proof proof) {
      this(channelId, proof, Optional.empty());
    }
  }

  /**
   * {@code voucher_lock}: a payment under a hash-time lock (P2-17).
   *
   * @param onion for the payee, opaque to the channel
   */
  record LockOffer(VoucherChannelId channelId, LockProof lock, ByteVector onion)
      implements VoucherMessage {}

  /** {@code voucher_lock_preimage}: the payee of a lock asks to be paid. */
  record LockPreimage(VoucherChannelId channelId, long lockId, ByteVector32 preimage)
      implements VoucherMessage {}

  /** {@code voucher_lock_paid}: the payer's voucher for a lock that is open. */
  record LockPaid(VoucherChannelId channelId, long lockId, Proof proof) implements VoucherMessage {}

  /**
   * {@code voucher_lock_failed}: the payee does not want a lock. It stays reserved until it
   * expires.
   */
  record LockFailed(VoucherChannelId channelId, long lockId, ByteVector reason)
      implements VoucherMessage {}

  /** {@code voucher_lock_done}: the payee has the voucher for a lock. */
  record LockDone(VoucherChannelId channelId, long lockId) implements VoucherMessage {}

  /**
   * {@code voucher_shutdown}: this side claims nothing more.
   *
   * @param refusal why it does not answer what is pending; empty when it does
   */
  record VoucherShutdown(VoucherChannelId channelId, String refusal) implements VoucherMessage {}

  /** {@code voucher_closing_signed}: the last payments, which this side signed. */
  record VoucherClosingSigned(
      VoucherChannelId channelId,
      Amount paidByA,
      Amount paidByB,
      long deadline,
      EvmSignature signature)
      implements VoucherMessage {}

  /**
   * {@code voucher_error}: a channel can't go on.
   *
   * @param channelId empty for one that is being opened
   */
  record VoucherError(Optional<VoucherChannelId> channelId, String text)
      implements VoucherMessage {}

  /** A voucher without what the channel and its sender say anyway. */
  record Proof(Amount cumulative, long seq, ByteVector32 evidence, EvmSignature signature) {}

  /**
   * A conditional voucher without what the channel and its sender say anyway.
   *
   * @param id number of the first conditional voucher over the lock, from 1
   * @param amount what comes on top of the payer's latest voucher
   * @param hashlock SHA-256 of a 32-byte preimage
   * @param expiry Unix time in seconds of the chain
   */
  record LockProof(long id, Amount amount, ByteVector32 hashlock, long expiry, Proof proof) {}
}

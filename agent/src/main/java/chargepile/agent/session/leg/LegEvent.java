package chargepile.agent.session.leg;

import chargepile.agent.channel.ChannelEvent;
import chargepile.agent.energy.EnergyClaim;
import chargepile.agent.units.Amount;
import chargepile.agent.units.ChannelId;
import chargepile.agent.units.Feerate;
import chargepile.agent.units.Satoshi;
import chargepile.agent.voucher.VoucherEvent;

/** All that can happen to a payment leg. */
public sealed interface LegEvent {
  /** The first event after every start, for a channel out of the store: no link is up. */
  record Restarted() implements LegEvent {}

  /** An encrypted link to the peer is up; nothing has been said on it yet. */
  record Connected() implements LegEvent {}

  /** The link is gone; what was sent on it may or may not have arrived. */
  record Disconnected() implements LegEvent {}

  /**
   * The peer is about to open another channel. One that it was to fund and that is worth nothing to
   * this side makes room.
   */
  record Superseded() implements LegEvent {}

  /** The peer said something. */
  record Heard(LegMessage message) implements LegEvent {}

  /** What came of an errand, or what the ledger has to say by itself. */
  record Reported(LegReport report) implements LegEvent {}

  /** Metering side only: ask to be paid for the energy of a session so far. */
  record Claim(EnergyClaim claim) implements LegEvent {}

  /**
   * Do not accept what the peer claims; close at the last state that both signed.
   *
   * @param reason told to the peer
   */
  record Refuse(String reason) implements LegEvent {}

  /** Close together with the peer, as soon as nothing is pending. */
  record CloseCooperatively() implements LegEvent {}

  /** Close alone, at the best state that this side can prove. */
  record CloseUnilaterally(String reason) implements LegEvent {}

  /** Give back a payment that was offered and that nobody here awaits. */
  record GiveBack(long id) implements LegEvent {}

  /** A command that only the penalty channel has. */
  record OnBitcoin(ChannelEvent.Command command) implements LegEvent {}

  /** A command that only the voucher channel has. */
  record OnEvm(VoucherEvent.Command command) implements LegEvent {}

  /**
   * Open a penalty channel and fund it.
   *
   * @param temporaryId a random id until there is a funding transaction
   * @param push what the peer gets at once
   */
  static LegEvent open(ChannelId temporaryId, Satoshi capacity, Amount push, Feerate feerate) {
    return new OnBitcoin(new ChannelEvent.Open(temporaryId, capacity, push, feerate));
  }

  /** Funder of a penalty channel only: sign its commitments at another feerate from now on. */
  static LegEvent feerate(Feerate feerate) {
    return new OnBitcoin(new ChannelEvent.SetFeerate(feerate));
  }

  /**
   * Open a voucher channel and deposit in it.
   *
   * @param openNonce a random number of 0 or more, which no other channel with the peer had
   */
  static LegEvent open(long openNonce, Amount deposit) {
    return new OnEvm(new VoucherEvent.Open(openNonce, deposit));
  }

  /** Raise the own deposit in a voucher channel to a total (P2-16). */
  static LegEvent deposit(Amount total) {
    return new OnEvm(new VoucherEvent.Deposit(total));
  }
}

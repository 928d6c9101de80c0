package chargepile.agent.voucher;

import chargepile.agent.units.Amount;
import chargepile.agent.voucher.wire.VoucherMessage;
import fr.acinq.bitcoin.ByteVector32;
import java.util.List;
import java.util.Optional;

/** What a voucher channel asks to be done, in the order of the list. */
public sealed interface VoucherAction {
  /**
   * Make the new state durable before any action that follows in the list.
   *
   * @param event the transition's name in the journal
   */
  record Store(String event) implements VoucherAction {}

  /** Say something to the peer, in one frame; lost when there is no link. */
  record Send(List<VoucherMessage> messages) implements VoucherAction {
    public Send {
      messages = List.copyOf(messages);
    }
  }

  /**
   * Something to be done on the chain. It may be given again, after a restart and with every {@link
   * ChainView}, until the view shows its effect: the ledger sends no second transaction for one
   * that is equal to one under way, and raises fees by itself. What the contract refuses because it
   * is done already is no error.
   */
  sealed interface Errand extends VoucherAction {}

  /**
   * From now on watch this channel; empty for none.
   *
   * @param isHearsay whether that it exists is the peer's word alone, which costs nothing: it need
   *     not be looked for at once, nor every time
   */
  record Watch(Optional<VoucherSetup> channel, boolean isHearsay) implements Errand {
    /** Of one that the chain has, as far as this side knows. */
    public Watch(Optional<VoucherSetup> channel) {
      this(channel, false);
    }
  }

  /** Open the channel, of which this side is A, and deposit in it. */
  record OpenOnChain(VoucherSetup channel, Amount deposit) implements Errand {}

  /**
   * Give {@link OpenOnChain} up. Once it is certain that its transaction will not be mined this
   * comes back as {@link VoucherEvent.OpenFailed}; else the view shows the channel.
   */
  record AbandonOpening(VoucherSetup channel) implements Errand {}

  /** Raise the own deposit to a total, by what it lacks now. */
  record RaiseDeposit(VoucherSetup channel, Amount total) implements Errand {}

  /** Have the contract pay out what both signed. */
  record CloseTogether(VoucherSetup channel, SignedClose close) implements Errand {}

  /**
   * Ask the contract to close.
   *
   * @param best the peer's best voucher, to be presented with it
   */
  record RequestClose(VoucherSetup channel, Optional<SignedVoucher> best) implements Errand {}

  /**
   * Present a better voucher than the one that the close was asked with (P1-34): the peer's, or the
   * own where the contract would not know without it what a {@link Hold} is covered by.
   */
  record Challenge(VoucherSetup channel, SignedVoucher best) implements Errand {}

  /** Have a channel whose challenge period is over paid out. */
  record Settle(VoucherSetup channel) implements Errand {}

  /** Fetch what the contract owes this side, because the token did not let it pay (P2-14). */
  record Claim(VoucherSetup channel) implements Errand {}

  /**
   * Payee of a lock (P2-17): let a channel that closes wait for the lock's preimage, until a
   * challenge period after its expiry. To be mined before the lock expires and before the channel
   * can be settled, and after a {@link Challenge} that was asked for with it.
   */
  record Hold(VoucherSetup channel, SignedLock lock) implements Errand {}

  /**
   * Make a preimage public, whatever the state of the channel: with that every lock under its hash
   * that has not expired yet is open for good.
   *
   * @param before Unix time in seconds of the chain: of use only in a block before it
   */
  record RegisterPreimage(VoucherSetup channel, ByteVector32 preimage, long before)
      implements Errand {}

  /**
   * Payee of a lock: present it to a channel that closes, with its preimage, which this makes
   * public where nobody has. To be mined before the channel can be settled, and unless the preimage
   * is public already, before the lock expires.
   */
  record Redeem(VoucherSetup channel, SignedLock lock, ByteVector32 preimage) implements Errand {}

  /**
   * Look whether a preimage is public. It is a question and no transaction; the answer comes back
   * as {@link VoucherEvent.PreimageSaid}. Asked with every view while a lock is pending.
   */
  record AskPreimage(VoucherSetup channel, ByteVector32 hashlock) implements Errand {}

  /** Tell the floors above. */
  record Notify(VoucherNotice notice) implements VoucherAction {}

  /** Tell the operator: something needs a person, or a peer broke a rule. */
  record Alert(String text) implements VoucherAction {}
}

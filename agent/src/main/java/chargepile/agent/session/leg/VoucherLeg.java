package chargepile.agent.session.leg;

import chargepile.agent.channel.Channel;
import chargepile.agent.energy.EnergyClaim;
import chargepile.agent.energy.SessionTotals;
import chargepile.agent.units.Amount;
import chargepile.agent.units.ChannelId;
import chargepile.agent.units.Direction;
import chargepile.agent.units.EvmAddress;
import chargepile.agent.units.SessionId;
import chargepile.agent.voucher.Party;
import chargepile.agent.voucher.VoucherAction;
import chargepile.agent.voucher.VoucherBook;
import chargepile.agent.voucher.VoucherChannel;
import chargepile.agent.voucher.VoucherSetup;
import chargepile.agent.voucher.VoucherStage;
import chargepile.agent.voucher.VoucherStanding;
import chargepile.agent.voucher.Watching;
import java.util.List;
import java.util.Optional;

/** The voucher channel on an EVM chain as a session sees it (P2-15). */
public record VoucherLeg(VoucherChannel channel) implements PaymentLeg {
  /** Before anything was said. */
  public static final VoucherLeg NEW = new VoucherLeg(VoucherChannel.NEW);

  @Override
  public Optional<ChannelId> id() {
    return channel.book().map(book -> id(book.setup()));
  }

  /** The contract's id is as long as Bitcoin's, and names the same thing. */
  private static ChannelId id(VoucherSetup setup) {
    return new ChannelId(setup.id().value());
  }

  @Override
  public Optional<EvmAddress> peerAccount() {
    return channel.book().map(book -> book.setup().peerAddress());
  }

  @Override
  public Life life() {
    return switch (channel.stage()) {
      case VoucherStage.Absent _ -> Life.ABSENT;
      case VoucherStage.AwaitingAccept _, VoucherStage.AwaitingReady _ -> Life.OPENING;
      case VoucherStage.Normal normal ->
          normal.closing().isEmpty() ? Life.IN_USE : Life.CLOSING_TOGETHER;
      case VoucherStage.Closing _, VoucherStage.DataLost _ -> Life.SETTLING;
      case VoucherStage.Closed _ -> Life.CLOSED;
    };
  }

  @Override
  public String title() {
    return channel.stage().title();
  }

  @Override
  public Optional<LegOutcome> outcome() {
    return channel.stage() instanceof VoucherStage.Closed closed
        ? Optional.of(LegOutcome.of(closed.outcome()))
        : Optional.empty();
  }

  @Override
  public boolean isUnfinished() {
    return channel.stage() instanceof VoucherStage.Established && !isHearsay();
  }

  @Override
  public boolean isHearsay() {
    return channel.stage().isHearsay();
  }

  @Override
  public boolean isUnopened() {
    return channel.stage() instanceof VoucherStage.AwaitingReady stage && stage.isUnopened();
  }

  @Override
  public boolean isUsable() {
    return new VoucherStanding(channel).isUsable();
  }

  @Override
  public boolean isOpen() {
    return new VoucherStanding(channel).isOpen();
  }

  @Override
  public boolean isPending() {
    return new VoucherStanding(channel).isPending();
  }

  @Override
  public boolean answersClaims() {
    return life() == Life.IN_USE;
  }

  /**
   * Never: whoever has a voucher can have all of it paid out, so what was signed is what counts.
   */
  @Override
  public boolean isUndecided() {
    return false;
  }

  @Override
  public SessionTotals paid(SessionId session) {
    return new VoucherStanding(channel).paid(session);
  }

  @Override
  public Amount spendable(Direction direction) {
    return new VoucherStanding(channel).spendable(direction);
  }

  /**
   * States are numbered by the vouchers of the side that does not meter: it answers every claim
   * with one, also where it is paid.
   */
  @Override
  public Optional<SignedState> signed() {
    return channel
        .book()
        .map(
            book -> {
              Party own = book.setup().own();
              long number = book.seqOf(book.setup().metering() ? own.other() : own);
              return new SignedState(
                  id(book.setup()),
                  number,
                  number,
                  book.spendable(own),
                  book.spendable(own.other()));
            });
  }

  /** None: a claim is answered when it is heard. */
  @Override
  public List<EnergyClaim> proposed(SessionId session) {
    return List.of();
  }

  @Override
  public Optional<Channel> penalty() {
    return Optional.empty();
  }

  @Override
  public boolean isUnproved() {
    boolean lost =
        switch (channel.stage()) {
          case VoucherStage.DataLost stage -> stage.shown();
          case VoucherStage.Closing stage -> stage.lost();
          case VoucherStage.Absent _,
              VoucherStage.AwaitingAccept _,
              VoucherStage.AwaitingReady _,
              VoucherStage.Normal _,
              VoucherStage.Closed _ ->
              false;
        };
    return lost && channel.book().filter(VoucherLeg::isEmpty).isPresent();
  }

  private static boolean isEmpty(VoucherBook book) {
    return book.received().isEmpty()
        && book.sent().isEmpty()
        && book.own().lock().isEmpty()
        && book.peer().lock().isEmpty();
  }

  /** What is watched on the chain: nothing before there are terms and once all is settled. */
  VoucherAction.Watch watch() {
    return Watching.errand(channel.stage());
  }
}

package chargepile.agent.cli.market.chain;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.codec.MalformedStateException;
import chargepile.agent.evm.BlockRef;
import chargepile.agent.evm.EvmBlock;
import chargepile.agent.evm.EvmReceipt;
import chargepile.agent.evm.ObligingChannels;
import chargepile.agent.evm.ObligingChannels.Obliging;
import chargepile.agent.evm.TransactionIntent;
import chargepile.agent.evm.VoucherChannelContract;
import chargepile.agent.evm.market.RegistryContract;
import chargepile.agent.session.PeerChannelCodec;
import chargepile.agent.session.leg.VoucherLeg;
import chargepile.agent.store.ChannelRow;
import chargepile.agent.store.Store;
import chargepile.agent.units.Amount;
import chargepile.agent.units.EvmAddress;
import chargepile.agent.units.VoucherChannelId;
import chargepile.agent.voucher.SignedVoucher;
import chargepile.agent.voucher.VoucherBook;
import chargepile.agent.voucher.VoucherChannel;
import fr.acinq.bitcoin.ByteVector32;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Ends the voucher channels that keep a pile's bond, also those that others opened with it and that
 * its program never knew (P1-11).
 */
final class ChannelEnds {
  private final ObligingChannels channels;
  private final VoucherChannelContract contract;
  private final RegistryContract registry;
  private final long since;
  private final EvmAddress account;
  private final Carrying carrying;
  private final Map<VoucherChannelId, VoucherChannel> known = new HashMap<>();
  private final List<TransactionIntent> sent = new ArrayList<>();

  /**
   * @param address of the channels' contract
   * @param since there is no log of the contracts in an earlier block
   * @param account the pile's, or its bond's owner's
   * @param store of the account's device: the pile's own has the vouchers that it was given
   * @throws CommandFailedException when a channel in the store can't be read
   */
  ChannelEnds(
      EvmAddress address,
      long since,
      RegistryContract registry,
      EvmAddress account,
      Carrying carrying,
      Store store)
      throws CommandFailedException {
    this.channels = new ObligingChannels(carrying.node(), address, since);
    this.contract = new VoucherChannelContract(carrying.node(), address, since);
    this.registry = registry;
    this.since = since;
    this.account = account;
    this.carrying = carrying;
    for (ChannelRow row : store.load().channels()) {
      keep(row);
    }
  }

  private void keep(ChannelRow row) throws CommandFailedException {
    try {
      if (PeerChannelCodec.decode(row.state()).leg() instanceof VoucherLeg(var channel)) {
        channel.book().map(VoucherBook::id).ifPresent(id -> known.put(id, channel));
      }
    } catch (MalformedStateException e) {
      throw new CommandFailedException(
          "the store's channel %s can't be read, so nothing is ended: %s"
              .formatted(row.id(), e.getMessage()),
          e);
    }
  }

  /** Whether channels of this contract oblige the piles of the registry. */
  boolean oblige() {
    return channels.registry().equals(registry.address());
  }

  /** A channel and what is next for it. */
  record Found(Obliging channel, ChannelEnd end) {
    /** When the chain lets it be settled, counted from a time for one that is still open. */
    Instant settleable(Instant now) {
      return channel.settleAfter().orElseGet(() -> now.plus(channel.challengePeriod()));
    }

    @Override
    public String toString() {
      String state =
          channel.settleAfter().map(after -> "closing, to settle from " + after).orElse("open");
      return "channel %s with %s: %s, deposits of this side %s, of the other %s, paid here by presented vouchers %s"
          .formatted(
              channel.id(),
              channel.peer(),
              state,
              channel.deposit(),
              channel.peerDeposit(),
              channel.presented());
    }
  }

  /** What obliges a party now. */
  List<Found> found(ByteVector32 party) {
    EvmBlock head = carrying.node().block(BlockRef.LATEST).orElseThrow();
    return channels.of(registry.accounts(party, head, since), party, head).stream()
        .map(
            channel ->
                new Found(
                    channel,
                    ChannelEnd.of(
                        channel,
                        Optional.ofNullable(known.get(channel.id())),
                        channel.account().equals(account),
                        head.time())))
        .toList();
  }

  /** Has nobody open a channel any more, or lets them again; nothing where that is so. */
  void refuse(boolean refuses) throws CommandFailedException, InterruptedException {
    if (channels.isRefusing(account) != refuses) {
      send(channels.refuse(refuses));
    }
  }

  /** Does what can be done with each channel now, and says so. */
  void end(ByteVector32 party, Consumer<String> says)
      throws CommandFailedException, InterruptedException {
    for (Found each : found(party)) {
      says.accept(each + "; " + words(each));
      Optional<TransactionIntent> step = step(each);
      if (step.isPresent()) {
        send(step.get());
      }
    }
  }

  /** What is done with a channel, for people. */
  static String words(Found found) {
    return switch (found.end()) {
      case RENOUNCE -> "nothing in it is this side's: it is left to the other side at once";
      case CLOSE ->
          "it is closed with the best voucher, and can be settled %d hours later"
              .formatted(found.channel().challengePeriod().toHours());
      case CHALLENGE -> "a better voucher is presented";
      case WAIT -> "to be waited for";
      case SETTLE -> "it is settled";
    };
  }

  private Optional<TransactionIntent> step(Found found) {
    Obliging channel = found.channel();
    Optional<VoucherChannel> own = Optional.ofNullable(known.get(channel.id()));
    return switch (found.end()) {
      case RENOUNCE -> Optional.of(channels.renounce(channel));
      case SETTLE -> Optional.of(channels.settle(channel));
      case WAIT -> Optional.empty();
      case CLOSE ->
          Optional.of(
              own.flatMap(VoucherChannel::book)
                  .map(
                      book ->
                          contract.requestClose(
                              ObligingChannels.requestKey(channel),
                              book.setup(),
                              better(own, channel)))
                  .orElseGet(() -> channels.requestClose(channel)));
      case CHALLENGE ->
          better(own, channel)
              .map(
                  best ->
                      contract
                          .challenge(
                              ObligingChannels.challengeKey(channel, best.voucher().seq()),
                              own.orElseThrow().book().orElseThrow().setup(),
                              best)
                          .withDeadline(channel.settleAfter().orElseThrow()));
    };
  }

  private static Optional<SignedVoucher> better(Optional<VoucherChannel> own, Obliging channel) {
    return ChannelEnd.best(own).filter(best -> whole(best).compareTo(channel.presented()) > 0);
  }

  private static BigInteger whole(SignedVoucher signed) {
    Amount cumulative = signed.voucher().cumulative();
    return BigInteger.valueOf(cumulative.value());
  }

  private void send(TransactionIntent step) throws CommandFailedException, InterruptedException {
    EvmReceipt unused = carrying.mined(step);
    sent.add(step);
  }

  /** Waits until all that was sent is final. */
  void finish() throws CommandFailedException, InterruptedException {
    for (TransactionIntent step : sent) {
      EvmReceipt unused = carrying.done(step);
    }
    sent.clear();
  }
}

package chargepile.agent.cli.backup;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.node.Configured;
import chargepile.agent.config.EvmSettings;
import chargepile.agent.crypto.Eip55;
import chargepile.agent.evm.BlockRef;
import chargepile.agent.evm.EvmBlock;
import chargepile.agent.evm.EvmException;
import chargepile.agent.evm.EvmKey;
import chargepile.agent.evm.EvmNode;
import chargepile.agent.evm.ObligingChannels;
import chargepile.agent.evm.ObligingChannels.Obliging;
import chargepile.agent.runtime.NodeKeys;
import chargepile.agent.session.PeerChannel;
import chargepile.agent.units.Amount;
import chargepile.agent.units.EvmAddress;
import chargepile.agent.units.VoucherChannelId;
import chargepile.agent.voucher.Deposits;
import chargepile.agent.voucher.Party;
import chargepile.agent.voucher.VoucherChannel;
import chargepile.agent.voucher.VoucherSetup;
import chargepile.agent.voucher.codec.VoucherBackup;
import chargepile.agent.voucher.eip712.Domain;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.PrivateKey;
import fr.acinq.bitcoin.PublicKey;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The account's channels that the chain shows and a backup lacks: opened after it was made, or not
 * in it for any other reason. Nothing is known of what was paid in them, so they are recovered, and
 * never taken for new ones.
 *
 * @param channels the backup with them
 * @param found those that it lacked
 * @param left what stands in the chain and was left out, in words
 */
record FurtherChannels(VoucherBackup channels, List<VoucherBackup.Entry> found, List<String> left) {
  private static final BigInteger LARGEST_NONCE = BigInteger.valueOf(Long.MAX_VALUE);

  /**
   * Asks the chain.
   *
   * @throws CommandFailedException when it does not answer
   */
  static FurtherChannels look(EvmSettings settings, NodeKeys keys, VoucherBackup backup)
      throws CommandFailedException {
    EvmAddress account = new EvmKey(keys.accountKey(), keys.signer()).address();
    try (EvmNode node = Configured.evmNode(settings)) {
      long unused = node.chainId();
      EvmBlock head =
          node.block(BlockRef.LATEST)
              .orElseThrow(() -> new EvmException(node + " has no block at all"));
      List<Obliging> unsettled =
          new ObligingChannels(node, settings.voucherChannel(), settings.firstBlock())
              .of(account, head);
      return new Search(settings, keys, backup, unsettled).found();
    } catch (EvmException e) {
      throw new CommandFailedException(
          "whether %s has more channels than the backup can't be asked: %s. Nothing was changed; try again, or restore what the backup has with --without-chain"
              .formatted(Eip55.write(account), e.getMessage()),
          e);
    }
  }

  private record Search(
      EvmSettings settings, NodeKeys keys, VoucherBackup backup, List<Obliging> unsettled) {
    FurtherChannels found() {
      Set<VoucherChannelId> known =
          backup.channels().stream()
              .map(VoucherBackup.Entry::id)
              .collect(Collectors.toUnmodifiableSet());
      List<VoucherBackup.Entry> found = new ArrayList<>();
      List<String> left = new ArrayList<>();
      for (Obliging channel : unsettled) {
        if (known.contains(channel.id())) {
          continue;
        }
        Optional<VoucherSetup> setup = setup(channel);
        if (setup.isPresent() && isOfInterest(channel)) {
          found.add(entry(channel, setup.get()));
        } else {
          left.add(
              "channel %s with the account %s is on the chain too; nothing of this side's is in it"
                  .formatted(channel.id(), Eip55.write(channel.peer())));
        }
      }
      return backup.metering() ? pile(found, left) : driver(found, left);
    }

    /** All of them: who their drivers are is known when they say so. */
    private FurtherChannels pile(List<VoucherBackup.Entry> found, List<String> left) {
      List<VoucherBackup.Entry> all = new ArrayList<>(backup.channels());
      all.addAll(found);
      return new FurtherChannels(with(all), found, left);
    }

    /** A wallet has one: that of the backup, unless it is settled, else the one with most in it. */
    private FurtherChannels driver(List<VoucherBackup.Entry> found, List<String> left) {
      boolean lives =
          backup.channels().stream()
              .anyMatch(entry -> unsettled.stream().anyMatch(each -> each.id().equals(entry.id())));
      if (found.isEmpty()) {
        return new FurtherChannels(backup, List.of(), left);
      }
      List<VoucherBackup.Entry> byDeposit = new ArrayList<>(found);
      byDeposit.sort(Comparator.comparing(Search::own).reversed());
      Optional<PublicKey> pile = pile();
      boolean takes = !lives && pile.isPresent();
      List<VoucherBackup.Entry> taken =
          takes ? List.of(at(pile.get(), byDeposit.getFirst())) : List.of();
      byDeposit.stream()
          .skip(taken.size())
          .forEach(
              entry ->
                  left.add(
                      "channel %s with the account %s holds %,d base units of this wallet's too: restore once more, into another folder with the same seed, when this one is settled"
                          .formatted(
                              entry.id(),
                              Eip55.write(entry.book().setup().peerAddress()),
                              own(entry).value())));
      return new FurtherChannels(takes ? with(taken) : backup, taken, left);
    }

    private Optional<PublicKey> pile() {
      return backup
          .address()
          .map(RestoreCommand::nodeOf)
          .or(() -> backup.channels().stream().findFirst().map(VoucherBackup.Entry::peer));
    }

    private static VoucherBackup.Entry at(PublicKey peer, VoucherBackup.Entry entry) {
      return new VoucherBackup.Entry(peer, entry.keyIndex(), entry.channel());
    }

    private static Amount own(VoucherBackup.Entry entry) {
      return entry.book().deposits().of(entry.book().setup().own());
    }

    private VoucherBackup with(List<VoucherBackup.Entry> all) {
      return new VoucherBackup(
          backup.metering(),
          backup.node(),
          backup.ledger(),
          backup.madeAt(),
          backup.address(),
          all);
    }

    /** Own money is in it, or so much of the peer's that it may have been in use. */
    private boolean isOfInterest(Obliging channel) {
      return channel.own() == Party.A
          || channel.deposit().signum() > 0
          || channel.peerDeposit().compareTo(BigInteger.valueOf(settings.leastDeposit().value()))
              >= 0;
    }

    /** Empty for what this program can never have agreed to. */
    private Optional<VoucherSetup> setup(Obliging channel) {
      if (!channel.token().equals(settings.token())
          || channel.openNonce().compareTo(LARGEST_NONCE) > 0) {
        return Optional.empty();
      }
      return Optional.of(
              new VoucherSetup(
                  new Domain(settings.chainId(), settings.voucherChannel()),
                  channel.token(),
                  channel.a(),
                  channel.b(),
                  channel.openNonce().longValueExact(),
                  channel.challengePeriod(),
                  channel.own(),
                  backup.metering()))
          .filter(setup -> setup.id().equals(channel.id()));
    }

    /** Under a node id that nobody has. */
    private VoucherBackup.Entry entry(Obliging channel, VoucherSetup setup) {
      boolean isA = channel.own() == Party.A;
      Deposits deposits =
          Deposits.told(
              isA ? channel.deposit() : channel.peerDeposit(),
              isA ? channel.peerDeposit() : channel.deposit());
      return new VoucherBackup.Entry(
          keys.signer().publicKey(new PrivateKey(entropy())),
          PeerChannel.unusedKeyIndex(entropy()),
          VoucherChannel.found(setup, deposits));
    }

    private static ByteVector32 entropy() {
      byte[] bytes = new byte[32];
      new SecureRandom().nextBytes(bytes);
      return new ByteVector32(bytes);
    }
  }
}

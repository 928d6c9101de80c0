package chargepile.agent.cli.market.chain;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.identity.IdentityFile;
import chargepile.agent.cli.identity.IdentityFiles;
import chargepile.agent.cli.register.Device;
import chargepile.agent.config.Config;
import chargepile.agent.config.ConfigException;
import chargepile.agent.config.EvmSettings;
import chargepile.agent.config.LedgerSettings;
import chargepile.agent.crypto.pairing.Pairing;
import chargepile.agent.evm.EvmKey;
import chargepile.agent.evm.EvmOutbox;
import chargepile.agent.evm.TokenContract;
import chargepile.agent.evm.TransactionSender;
import chargepile.agent.evm.market.RegistryContract;
import chargepile.agent.identity.EvmAccount;
import chargepile.agent.identity.RegistrationReply;
import chargepile.agent.identity.SignedChainCertificate;
import chargepile.agent.runtime.StoredOutbox;
import chargepile.agent.store.SqliteStore;
import chargepile.agent.store.Store;
import chargepile.agent.units.EvmAddress;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import picocli.CommandLine.Mixin;

/** A device that is certified for a registry, and how it reaches the chain of that. */
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class Member {
  @Mixin private Device device;
  @Mixin private NodeOptions node;

  /**
   * The chain, as this device sees it.
   *
   * @param reply the device's identity
   * @param account where it is certified
   */
  record Opened(
      Device.Opened device,
      RegistrationReply reply,
      EvmAccount account,
      NodeOptions.Reached chain,
      RegistryContract registry,
      TokenContract token)
      implements AutoCloseable {
    EvmAddress address() {
      return new EvmAddress(account.address());
    }

    /** The certificate for the registry. */
    SignedChainCertificate certificate() throws CommandFailedException {
      return reply
          .chain()
          .orElseThrow(
              () ->
                  new CommandFailedException(
                      "%s has no certificate for the registry: ask the centre's operator for a new one (kgc issue --reissue=%d)"
                          .formatted(
                              IdentityFiles.IDENTITY,
                              reply.certificate().registration().serial())));
    }

    @Override
    public void close() {
      chain.close();
    }
  }

  /** What a device needs to act on the chain. */
  record Desk(Registering registering, Carrying carrying, Store store) {}

  /** What a device does in the registry. */
  interface Work {
    void with(Desk desk) throws CommandFailedException, InterruptedException;
  }

  /** Reads the identity and reaches the chain. */
  Opened open() throws CommandFailedException, ConfigException, IOException {
    Device.Opened opened = device.open();
    RegistrationReply reply =
        IdentityFile.reply(IdentityFiles.in(opened.folder()).identity(), Pairing.best());
    EvmAccount account =
        reply
            .certificate()
            .registration()
            .evmAccount()
            .orElseThrow(
                () ->
                    new CommandFailedException(
                        "%s is registered without an account on an EVM chain: register it again with --registry CHAIN:ADDRESS, and have it issued with --reissue=%d"
                            .formatted(
                                reply.certificate().party(),
                                reply.certificate().registration().serial())));
    NodeOptions.Reached chain = node.open(account.chainId(), settings(opened));
    RegistryContract registry =
        new RegistryContract(chain.node(), new EvmAddress(account.registry()));
    try {
      return new Opened(
          opened,
          reply,
          account,
          chain,
          registry,
          new TokenContract(chain.node(), registry.token()));
    } catch (RuntimeException e) {
      chain.close();
      throw e;
    }
  }

  private static Optional<EvmSettings> settings(Device.Opened opened) {
    return opened
        .pile()
        .map(Config::ledger)
        .flatMap(
            ledger ->
                switch (ledger) {
                  case LedgerSettings.Bitcoin _ -> Optional.empty();
                  case LedgerSettings.Evm evm -> Optional.of(evm.evm());
                });
  }

  /**
   * Does something in the registry, from the device's account. What is sent is in the device's
   * store before, so its program must not run meanwhile.
   *
   * @param waits is told why a transaction waits
   */
  static void work(Opened opened, Consumer<String> waits, Work work)
      throws CommandFailedException, InterruptedException {
    EvmKey key = new EvmKey(opened.device().keys().accountKey(), opened.device().keys().signer());
    if (!key.address().equals(opened.address())) {
      throw new CommandFailedException(
          "the certificate names the account %s, and this device has %s: its seed was replaced; register it again"
              .formatted(opened.address(), key.address()));
    }
    try (SqliteStore store = SqliteStore.open(opened.device().store())) {
      EvmOutbox outbox = new StoredOutbox(store, opened.account().chainId(), key.address());
      TransactionSender sender =
          opened
              .chain()
              .sender(
                  key,
                  outbox,
                  List.of(
                      Part.REGISTRY.contract(), Part.CHANNELS.contract(), Part.TOKEN.contract()));
      Carrying carrying = new Carrying(opened.chain().node(), sender, Carrying.PAUSE, waits);
      work.with(
          new Desk(
              new Registering(opened.registry(), opened.token(), key.address(), carrying),
              carrying,
              store));
    }
  }

  /**
   * The channels that oblige the device; empty where no configuration says which contract has them,
   * or it obliges nobody in the registry.
   */
  static Optional<ChannelEnds> channels(Opened opened, Desk desk) throws CommandFailedException {
    Optional<EvmSettings> settings = settings(opened.device());
    if (settings.isEmpty()) {
      return Optional.empty();
    }
    return channels(opened, desk, settings.get().voucherChannel(), settings.get().firstBlock());
  }

  /**
   * Likewise, of a contract.
   *
   * @param since no log of it is in an earlier block
   */
  static Optional<ChannelEnds> channels(Opened opened, Desk desk, EvmAddress contract, long since)
      throws CommandFailedException {
    ChannelEnds ends =
        new ChannelEnds(
            contract, since, opened.registry(), opened.address(), desk.carrying(), desk.store());
    return Optional.of(ends).filter(ChannelEnds::oblige);
  }
}

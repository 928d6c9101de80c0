package chargepile.agent.cli.market.chain;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.Figures;
import chargepile.agent.crypto.EvmSignature;
import chargepile.agent.crypto.Signer;
import chargepile.agent.evm.BlockRef;
import chargepile.agent.evm.EvmReceipt;
import chargepile.agent.evm.TokenContract;
import chargepile.agent.evm.TransactionIntent;
import chargepile.agent.evm.market.RegisteredParty;
import chargepile.agent.evm.market.RegistryContract;
import chargepile.agent.identity.PartyId;
import chargepile.agent.identity.Registration;
import chargepile.agent.identity.Role;
import chargepile.agent.identity.SignedChainCertificate;
import chargepile.agent.units.Amount;
import chargepile.agent.units.EvmAddress;
import fr.acinq.bitcoin.ByteVector32;
import java.time.Instant;
import java.util.Optional;

/**
 * How a party comes into the registry with its bond, stays there, and leaves (P1-10, P1-11). Each
 * step looks at the chain first, so that what is done already is not done again.
 */
public final class Registering {
  private final RegistryContract registry;
  private final TokenContract token;
  private final EvmAddress sender;
  private final Carrying carrying;

  /**
   * @param sender pays the gas and the bond
   */
  public Registering(
      RegistryContract registry, TokenContract token, EvmAddress sender, Carrying carrying) {
    this.registry = registry;
    this.token = token;
    this.sender = sender;
    this.carrying = carrying;
  }

  /**
   * What a registration came to.
   *
   * @param party as the registry has it now
   * @param locked what was added to its bond
   * @param fresh whether the certificate was registered just now
   */
  public record Registered(RegisteredParty party, Amount locked, boolean fresh) {}

  /** What a step of leaving came to. */
  public sealed interface Departure {
    /** It is out of business; its bond is still locked. */
    record Leaving(Instant unlockAt, Amount bond, boolean fresh) implements Departure {}

    /** It is gone, and its bond was paid to its owner. */
    record Gone(Amount bond, EvmAddress owner) implements Departure {}
  }

  /**
   * Registers a party, or its newer certificate, and locks what its bond lacks.
   *
   * @param possession that the certificate's account is the party's; empty where it sends itself
   * @throws CommandFailedException when that can't be, with what to do
   */
  public Registered register(
      SignedChainCertificate certificate, Optional<EvmSignature> possession, Signer signer)
      throws CommandFailedException, InterruptedException {
    Registration wanted = certificate.certificate().registration();
    requireCentre(certificate, signer);
    Optional<RegisteredParty> known = party(wanted.party());
    if (known.isPresent()) {
      requireNewerOrSame(known.get(), wanted);
      if (known.get().keyVersion() == wanted.keyVersion()) {
        return toppedUp(wanted.party(), known.get());
      }
    }
    Amount lacking = bond(wanted).minusOrZero(known.map(RegisteredParty::bond).orElse(Amount.ZERO));
    carryOut(
        registry.register(certificate.certificate(), certificate.signature(), possession),
        allow(wanted.party(), wanted.keyVersion(), lacking));
    RegisteredParty now =
        party(wanted.party())
            .orElseThrow(
                () -> new CommandFailedException(wanted.party() + " left again meanwhile"));
    return new Registered(now, lacking, true);
  }

  /** A bond of which something was lost, or whose pile has more power now. */
  private Registered toppedUp(PartyId name, RegisteredParty party)
      throws CommandFailedException, InterruptedException {
    Amount lacking = required(party).minusOrZero(party.bond());
    if (lacking.value() == 0) {
      return new Registered(party, lacking, false);
    }
    String occasion = "%d-%d".formatted(party.keyVersion(), party.bond().value());
    carryOut(
        registry.topUp(occasion, party.id(), lacking), allow(name, party.keyVersion(), lacking));
    return new Registered(party(name).orElse(party), lacking, false);
  }

  /**
   * Leaves, or once the bond is free has it paid out.
   *
   * @throws CommandFailedException when it is not registered, or owes something yet
   */
  public Departure leave(PartyId name) throws CommandFailedException, InterruptedException {
    RegisteredParty party =
        party(name)
            .orElseThrow(
                () ->
                    new CommandFailedException(
                        "%s is not in the registry %s: there is nothing to leave"
                            .formatted(name, registry.address())));
    if (!party.isLeaving()) {
      if (party.obligations() > 0) {
        throw new CommandFailedException(
            "%s can't leave: %d orders or channels of it are open. Settle the orders first (chargepile market orders); a pile's channels are ended by this command with the pile's own --config, or with --pile and --channels should its account be lost"
                .formatted(name, party.obligations()));
      }
      EvmReceipt unused = carrying.done(registry.deregister(party.id(), party.keyVersion()));
      RegisteredParty now = party(name).orElse(party);
      return new Departure.Leaving(now.unlockAt().orElse(Instant.EPOCH), now.bond(), true);
    }
    Instant unlockAt = party.unlockAt().orElseThrow();
    if (now().isBefore(unlockAt)) {
      return new Departure.Leaving(unlockAt, party.bond(), false);
    }
    EvmReceipt unused = carrying.done(registry.release(party.id(), party.keyVersion()));
    return new Departure.Gone(party.bond(), party.owner());
  }

  /** The chain's clock. */
  Instant now() {
    return carrying.node().block(BlockRef.LATEST).orElseThrow().time();
  }

  public Optional<RegisteredParty> party(PartyId name) {
    return registry.party(RegistryContract.id(name), BlockRef.LATEST);
  }

  /** What is to be locked for a party; nothing but for piles. */
  Amount required(RegisteredParty party) {
    return party.role() == Role.PILE ? registry.bondFor(party.ratedPowerWatts()) : Amount.ZERO;
  }

  private Amount bond(Registration wanted) {
    return wanted.ratedPowerWatts().map(registry::bondFor).orElse(Amount.ZERO);
  }

  private void requireCentre(SignedChainCertificate certificate, Signer signer)
      throws CommandFailedException {
    if (carrying.node().code(registry.address(), BlockRef.LATEST).isEmpty()) {
      throw new CommandFailedException(
          "there is no contract at %s on the chain %d, which the certificate names as the registry: register the device again with the right --registry"
              .formatted(registry.address(), carrying.node().chainId()));
    }
    EvmAddress centre = registry.kgc();
    Optional<EvmAddress> by = certificate.signedBy(signer);
    if (!by.equals(Optional.of(centre))) {
      throw new CommandFailedException(
          "the registry %s takes certificates of the centre %s, and this one is signed by %s: it is another centre's, or another market's"
              .formatted(
                  registry.address(), centre, by.map(EvmAddress::toString).orElse("nobody")));
    }
  }

  private void requireNewerOrSame(RegisteredParty known, Registration wanted)
      throws CommandFailedException {
    if (known.isLeaving()) {
      throw new CommandFailedException(
          "%s has left; its bond is free at %s. After that chargepile market leave has it paid out, and with a newer certificate it can come again"
              .formatted(wanted.party(), known.unlockAt().orElseThrow()));
    }
    if (known.keyVersion() > wanted.keyVersion()) {
      throw new CommandFailedException(
          "%s is registered with version %d of its key, and this certificate is of version %d: take the newer one from the centre"
              .formatted(wanted.party(), known.keyVersion(), wanted.keyVersion()));
    }
  }

  /** What was approved for it has become final with it. */
  private void carryOut(TransactionIntent step, Optional<TransactionIntent> approval)
      throws CommandFailedException, InterruptedException {
    EvmReceipt unused = carrying.done(step);
    if (approval.isPresent()) {
      unused = carrying.done(approval.get());
    }
  }

  /**
   * Lets the registry take an amount from the sender.
   *
   * @return the approval, where there was none
   */
  private Optional<TransactionIntent> allow(PartyId name, int version, Amount amount)
      throws CommandFailedException, InterruptedException {
    if (amount.value() == 0) {
      return Optional.empty();
    }
    Amount there = token.balance(sender, BlockRef.LATEST);
    if (there.compareTo(amount) < 0) {
      throw new CommandFailedException(
          "the bond of %s takes %s of the token %s, and the account %s has %s: put the rest into it first"
              .formatted(
                  name,
                  Figures.grouped(amount.value()),
                  token.address(),
                  sender,
                  Figures.grouped(there.value())));
    }
    if (token.allowance(sender, registry.address(), BlockRef.LATEST).compareTo(amount) >= 0) {
      return Optional.empty();
    }
    ByteVector32 id = RegistryContract.id(name);
    TransactionIntent approval =
        token.approve(
            "bond/approve/%s/0x%s/%d-%d"
                .formatted(registry.address(), id.toHex(), version, amount.value()),
            registry.address(),
            amount);
    EvmReceipt unused = carrying.mined(approval);
    return Optional.of(approval);
  }
}

package chargepile.agent.cli.market.chain;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.evm.BlockRef;
import chargepile.agent.evm.CreatedAddress;
import chargepile.agent.evm.EvmNode;
import chargepile.agent.evm.EvmOutbox;
import chargepile.agent.evm.EvmReceipt;
import chargepile.agent.evm.OutboxEntry;
import chargepile.agent.evm.TransactionIntent;
import chargepile.agent.evm.Wei;
import chargepile.agent.units.EvmAddress;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Puts a market's contracts on a chain, each once. The outbox of the account says how far it is; it
 * belongs to one deployment, so that nonces follow each other and contracts are where the earlier
 * ones say.
 */
public final class Deployment {
  private final Blueprint blueprint;
  private final EvmAddress account;
  private final EvmOutbox outbox;
  private final Carrying carrying;
  private final Progress progress;

  /** Who is told how it goes. */
  public interface Progress {
    /** A contract is in a block; {@code before}: it was there already. */
    void deployed(Part part, EvmAddress at, EvmReceipt receipt, boolean before);
  }

  /**
   * A market that is there.
   *
   * @param since the block of its first contract
   * @param gas that all contracts took together
   */
  public record Market(Map<Part, EvmAddress> at, long since, long gas, Wei cost) {
    /** Where a part is that this market has. */
    public EvmAddress of(Part part) {
      EvmAddress address = at.get(part);
      if (address == null) {
        throw new IllegalStateException("this market has no " + part.contract());
      }
      return address;
    }
  }

  /**
   * @param account that deploys; it has no say in the market afterwards
   * @param outbox of that account, in which there is nothing but this deployment
   */
  public Deployment(
      Blueprint blueprint,
      EvmAddress account,
      EvmOutbox outbox,
      Carrying carrying,
      Progress progress) {
    this.blueprint = blueprint;
    this.account = account;
    this.outbox = outbox;
    this.carrying = carrying;
    this.progress = progress;
  }

  /** About what is still to be paid for, in gas: by the size of the contracts. */
  public long gasNeeded() {
    Map<Part, EvmAddress> at = addresses(firstNonce());
    return blueprint.parts().stream()
        .filter(part -> known(part).isEmpty())
        .mapToLong(part -> 300_000 + 220L * creation(part, at).data().size())
        .sum();
  }

  /**
   * Deploys what is missing and waits until all of it is final.
   *
   * @throws CommandFailedException when that can't be, with what to do; what is there stays
   */
  public Market run() throws CommandFailedException, InterruptedException {
    Map<Part, EvmAddress> at = addresses(firstNonce());
    requireTokenIsThere();
    long since = Long.MAX_VALUE;
    long gas = 0;
    Wei cost = Wei.ZERO;
    for (Part part : blueprint.parts()) {
      boolean before = known(part).isPresent();
      EvmReceipt receipt = deployed(part, at);
      since = Math.min(since, receipt.block());
      gas += receipt.gasUsed();
      cost = cost.plus(receipt.price().times(receipt.gasUsed()));
      progress.deployed(part, at(at, part), receipt, before);
    }
    for (Part part : blueprint.parts()) {
      carrying.settled(creation(part, at));
    }
    return new Market(at, since, gas, cost);
  }

  private EvmReceipt deployed(Part part, Map<Part, EvmAddress> at)
      throws CommandFailedException, InterruptedException {
    EvmReceipt receipt;
    try {
      receipt = carrying.mined(creation(part, at));
    } catch (IllegalArgumentException e) {
      throw new CommandFailedException(
          "%s was begun with other rules or offices than are given now: give the first ones again, or deploy into a new folder"
              .formatted(part.contract()),
          e);
    }
    if (!receipt.contract().equals(Optional.of(at(at, part)))) {
      throw new CommandFailedException(
          "%s is not where the other contracts look for it: the account %s was used for something else meanwhile. Deploy anew into a new folder"
              .formatted(part.contract(), account));
    }
    return receipt;
  }

  private TransactionIntent creation(Part part, Map<Part, EvmAddress> at) {
    return blueprint.creation(part, other -> at(at, other));
  }

  private static EvmAddress at(Map<Part, EvmAddress> at, Part part) {
    EvmAddress address = at.get(part);
    if (address == null) {
      throw new IllegalStateException(part.contract() + " is no part of this market");
    }
    return address;
  }

  private Map<Part, EvmAddress> addresses(long first) {
    Map<Part, EvmAddress> at = new EnumMap<>(Part.class);
    if (blueprint.token() instanceof Blueprint.Source.Existing existing) {
      at.put(Part.TOKEN, existing.address());
    }
    List<Part> parts = blueprint.parts();
    for (int i = 0; i < parts.size(); i++) {
      at.put(parts.get(i), CreatedAddress.of(account, first + i));
    }
    return at;
  }

  /** Of the first part, begun or not. */
  private long firstNonce() {
    EvmNode node = carrying.node();
    return known(blueprint.parts().getFirst())
        .map(OutboxEntry::nonce)
        .orElseGet(() -> node.nonce(account, BlockRef.LATEST));
  }

  private Optional<OutboxEntry> known(Part part) {
    return outbox.entries().stream()
        .filter(entry -> entry.intent().key().equals(part.key()))
        .findFirst();
  }

  private void requireTokenIsThere() throws CommandFailedException {
    EvmAddress token = blueprint.token().address();
    if (carrying.node().code(token, BlockRef.LATEST).isEmpty()) {
      throw new CommandFailedException(
          "there is no contract at %s on the chain %d: give the address of a token there"
              .formatted(token, carrying.node().chainId()));
    }
  }
}

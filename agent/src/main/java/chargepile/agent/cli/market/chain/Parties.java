package chargepile.agent.cli.market.chain;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.identity.PartyId;

/** Names of parties that people type. */
public final class Parties {
  private Parties() {}

  public static PartyId named(String text) throws CommandFailedException {
    try {
      return new PartyId(text);
    } catch (IllegalArgumentException e) {
      throw new CommandFailedException("\"%s\": %s".formatted(text, e.getMessage()), e);
    }
  }
}

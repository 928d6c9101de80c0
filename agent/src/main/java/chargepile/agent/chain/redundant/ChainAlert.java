package chargepile.agent.chain.redundant;

import static chargepile.agent.chain.ChainTip.display;

import chargepile.agent.chain.ChainTip;
import chargepile.agent.units.BlockHeight;
import fr.acinq.bitcoin.BlockHash;

/** What an operator should know of the chains; each is told once when it begins. */
public sealed interface ChainAlert {
  /** In the operator's words. */
  String message();

  /**
   * Two chains have different blocks at a height, for longer or deeper than a race of miners
   * explains. The higher one serves.
   */
  record Disagreement(
      String first,
      ChainTip firstTip,
      BlockHash firstBlock,
      String second,
      ChainTip secondTip,
      BlockHash secondBlock,
      BlockHeight height)
      implements ChainAlert {
    @Override
    public String message() {
      return ("two chains disagree at height %d: %s has %s there and ends in %s, %s has %s there"
              + " and ends in %s; the higher one is believed: find out which is right before any"
              + " money rests on it, and take the other out of the configuration")
          .formatted(
              height.value(),
              first,
              display(firstBlock),
              firstTip,
              second,
              display(secondBlock),
              secondTip);
    }
  }

  /** The disagreement is over. */
  record Agreement(String first, String second) implements ChainAlert {
    @Override
    public String message() {
      return "%s and %s agree again".formatted(first, second);
    }
  }

  /** A chain can't be asked any more. */
  record Lost(String chain, String reason) implements ChainAlert {
    @Override
    public String message() {
      return "without %s until this ends: %s".formatted(chain, reason);
    }
  }

  /** A chain can be asked again. */
  record Back(String chain) implements ChainAlert {
    @Override
    public String message() {
      return chain + " is back";
    }
  }

  /** A chain of another network; it isn't asked again before the next start. */
  record Refused(String chain, String reason) implements ChainAlert {
    @Override
    public String message() {
      return "%s is not asked again until the next start: %s".formatted(chain, reason);
    }
  }
}

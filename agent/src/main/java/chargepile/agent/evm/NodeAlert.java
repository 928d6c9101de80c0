package chargepile.agent.evm;

/** What an operator should know of the nodes. */
public sealed interface NodeAlert {
  /** A node gives no answer that can be used; the other serves alone until it is back. */
  record Lost(String node, String reason) implements NodeAlert {
    @Override
    public String toString() {
      return "%s is away: %s".formatted(node, reason);
    }
  }

  record Back(String node) implements NodeAlert {
    @Override
    public String toString() {
      return node + " is back";
    }
  }

  /** The nodes contradict each other: one of them lies, or is on a fork that has died. */
  record Disagreement(String about) implements NodeAlert {
    @Override
    public String toString() {
      return about;
    }
  }

  record Agreement(String first, String second) implements NodeAlert {
    @Override
    public String toString() {
      return "%s and %s agree again".formatted(first, second);
    }
  }
}

package chargepile.agent.evm;

import fr.acinq.bitcoin.ByteVector;

/** A node understood the question and answers with a JSON-RPC error. */
public final class RefusedByNodeException extends EvmException {
  private static final long serialVersionUID = 1;

  /** What EIP-1474 nodes give a call that the contract reverted, with the revert data. */
  private static final int EXECUTION_REVERTED = 3;

  private static final int METHOD_NOT_FOUND = -32601;

  private final int code;
  private final String reason;
  private final transient ByteVector data;

  RefusedByNodeException(String message, int code, String reason, ByteVector data) {
    super(message);
    this.code = code;
    this.reason = reason;
    this.data = data;
  }

  public int code() {
    return code;
  }

  /** The node's own words. */
  public String reason() {
    return reason;
  }

  /** What the contract said when it reverted; empty where it said nothing. */
  public ByteVector revertData() {
    return data;
  }

  /** Whether the EVM ran the call and the contract refused it. */
  public boolean isRevert() {
    return code == EXECUTION_REVERTED || says("revert");
  }

  boolean isMethodUnknown() {
    return code == METHOD_NOT_FOUND;
  }

  /** Whether the node's own words contain one of these, in whatever case. */
  boolean says(String... words) {
    String said = reason.toLowerCase(java.util.Locale.ROOT);
    for (String word : words) {
      if (said.contains(word)) {
        return true;
      }
    }
    return false;
  }
}

package chargepile.agent.chain.bitcoind;

import chargepile.agent.chain.ChainException;

/** The node understood the question and answers with an error. */
final class NodeError extends ChainException {
  private static final long serialVersionUID = 1;

  // The codes of Bitcoin Core's rpc/protocol.h.
  static final int MISC = -1;
  static final int NOT_FOUND = -5;
  static final int WALLET = -4;
  static final int INSUFFICIENT_FUNDS = -6;
  static final int INVALID_PARAMETER = -8;
  static final int WALLET_UNLOCK_NEEDED = -13;
  static final int WALLET_NOT_FOUND = -18;
  static final int WALLET_NOT_SPECIFIED = -19;
  static final int DESERIALIZATION = -22;
  static final int VERIFY_ERROR = -25;
  static final int VERIFY_REJECTED = -26;
  static final int ALREADY_IN_UTXO_SET = -27;
  static final int WARMING_UP = -28;
  static final int METHOD_NOT_FOUND = -32601;

  private final int code;
  private final String reason;

  NodeError(String message, int code, String reason) {
    super(message);
    this.code = code;
    this.reason = reason;
  }

  int code() {
    return code;
  }

  /** The node's own words. */
  String reason() {
    return reason;
  }
}

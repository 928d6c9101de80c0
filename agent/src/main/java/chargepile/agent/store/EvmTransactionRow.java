package chargepile.agent.store;

/**
 * A transaction for an EVM chain that was decided on, as its sender wants it back after a restart.
 *
 * @param key by which it is known: a row takes the place of the one with its key
 * @param nonce of the account, 0 or more; no two rows have the same one
 * @param bytes what it is to do and all that was signed for it
 */
public record EvmTransactionRow(String key, long nonce, byte[] bytes) {}

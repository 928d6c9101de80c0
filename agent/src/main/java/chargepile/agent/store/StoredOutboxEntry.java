package chargepile.agent.store;

/**
 * An outbox entry that was committed.
 *
 * @param sequence the journal sequence of its commit; entries of one commit share it and keep their
 *     order
 */
public record StoredOutboxEntry(long sequence, String destination, byte[] payload) {}

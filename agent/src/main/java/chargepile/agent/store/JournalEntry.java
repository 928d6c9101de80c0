package chargepile.agent.store;

/**
 * A journal note that was committed.
 *
 * @param sequence the number of its commit, from 1, without gaps
 */
public record JournalEntry(long sequence, JournalNote note) {}

/**
 * What must outlive a power cut: SQLite, one transaction a transition.
 *
 * <p>Imports units; stores bytes and the few columns that a person asks for, and knows nothing of
 * what the bytes mean.
 */
@NullMarked
package chargepile.agent.store;

import org.jspecify.annotations.NullMarked;

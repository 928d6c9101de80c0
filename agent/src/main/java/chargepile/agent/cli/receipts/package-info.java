/**
 * The receipts of a driver's or a pile's finished sessions, for people, programs and the
 * transparency software. Opens stores for reading only.
 */
@NullMarked
package chargepile.agent.cli.receipts;

import org.jspecify.annotations.NullMarked;

/**
 * What the service manager is told of a daemon (sd_notify), and the log as its journal reads it.
 * Knows nothing of piles; without a service manager it does nothing.
 */
@NullMarked
package chargepile.agent.cli.systemd;

import org.jspecify.annotations.NullMarked;

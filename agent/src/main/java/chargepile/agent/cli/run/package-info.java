/** {@code chargepile run}: the pile's daemon, put together from its configuration. */
@NullMarked
package chargepile.agent.cli.run;

import org.jspecify.annotations.NullMarked;

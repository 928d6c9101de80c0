/**
 * From meter pulses to energy and money: debounce and plausibility, lifetime registers, tariff and
 * amount due.
 *
 * <p>Imports units only. Pure: edges come with their own time stamps; knows nothing of GPIO,
 * sessions or channels.
 */
@NullMarked
package chargepile.agent.energy;

import org.jspecify.annotations.NullMarked;

/**
 * From meter pulses to energy and money: debounce and plausibility, lifetime registers, tariff and
 * amount due, and what is claimed and paid for it.
 *
 * <p>Imports units only. Pure: edges come with their own time stamps; knows nothing of GPIO,
 * channels or how a session goes.
 */
@NullMarked
package chargepile.agent.energy;

import org.jspecify.annotations.NullMarked;

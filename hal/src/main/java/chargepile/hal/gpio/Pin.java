package chargepile.hal.gpio;

/**
 * A pin of the header.
 *
 * @param bcm BCM number, which is the line number on the header's chip, from 0
 * @param activeLow whether low means on; an input that is active low gets a pull-up, else a
 *     pull-down
 */
public record Pin(int bcm, boolean activeLow) {

  /** Refuses a negative number. */
  public Pin {
    if (bcm < 0) {
      throw new IllegalArgumentException("a BCM pin number is 0 or more, not " + bcm);
    }
  }

  /** A pin on which high means on. */
  public static Pin activeHigh(int bcm) {
    return new Pin(bcm, false);
  }

  /** A pin on which low means on, as with an open collector or a contact to ground. */
  public static Pin activeLow(int bcm) {
    return new Pin(bcm, true);
  }
}

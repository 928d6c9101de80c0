package chargepile.agent.ocmf;

import java.util.Optional;

/** How far the clock of a reading can be trusted (OCMF, "Time Status"). */
public enum ClockStatus {
  /** Nobody knows; a Pi after a start without a network. */
  UNKNOWN('U'),
  /** Good enough for information. */
  INFORMATIVE('I'),
  /** Set by a time server. */
  SYNCHRONISED('S'),
  /** The duration is exact, the beginning informative. */
  RELATIVE('R');

  private final char letter;

  ClockStatus(char letter) {
    this.letter = letter;
  }

  public char letter() {
    return letter;
  }

  static Optional<ClockStatus> of(String letter) {
    return Codes.find(values(), status -> String.valueOf(status.letter), letter);
  }
}

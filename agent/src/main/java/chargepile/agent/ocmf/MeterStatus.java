package chargepile.agent.ocmf;

import java.util.Optional;

/** The meter's state at a reading (OCMF, field {@code ST}). */
public enum MeterStatus {
  NOT_PRESENT('N'),
  /** Good. */
  OK('G'),
  TIMEOUT('T'),
  DISCONNECTED('D'),
  NOT_FOUND('R'),
  MANIPULATED('M'),
  EXCHANGED('X'),
  INCOMPATIBLE('I'),
  OUT_OF_RANGE('O'),
  SUBSTITUTE('S'),
  OTHER_ERROR('E'),
  READ_ERROR('F');

  private final char letter;

  MeterStatus(char letter) {
    this.letter = letter;
  }

  public char letter() {
    return letter;
  }

  static Optional<MeterStatus> of(String letter) {
    return Codes.find(values(), status -> String.valueOf(status.letter), letter);
  }
}

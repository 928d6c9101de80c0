package chargepile.agent.ocmf;

import java.util.Optional;

/** Why the meter was read (OCMF, field {@code TX}). */
public enum ReadingReason {
  BEGIN('B'),
  /** While it charges. */
  CHARGING('C'),
  /** An error; energy or time can't be used from here on. */
  EXCEPTION('X'),
  END('E'),
  ENDED_LOCALLY('L'),
  ENDED_REMOTELY('R'),
  ABORTED('A'),
  POWER_FAILED('P'),
  SUSPENDED('S'),
  TARIFF_CHANGED('T');

  private final char letter;

  ReadingReason(char letter) {
    this.letter = letter;
  }

  public char letter() {
    return letter;
  }

  /** Whether the transaction is over with this reading. */
  public boolean isEnd() {
    return switch (this) {
      case END, ENDED_LOCALLY, ENDED_REMOTELY, ABORTED, POWER_FAILED -> true;
      case BEGIN, CHARGING, EXCEPTION, SUSPENDED, TARIFF_CHANGED -> false;
    };
  }

  static Optional<ReadingReason> of(String letter) {
    return Codes.find(values(), reason -> String.valueOf(reason.letter), letter);
  }
}

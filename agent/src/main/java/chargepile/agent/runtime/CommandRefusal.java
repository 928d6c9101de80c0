package chargepile.agent.runtime;

import java.util.Locale;

/** Why a command that came over MQTT is not carried out; nothing was changed. */
final class CommandRefusal extends Exception {
  private static final long serialVersionUID = 1;

  /** What a program can tell refusals apart by; a part of the contract of topics. */
  enum Code {
    /** There is no such verb. */
    UNKNOWN_VERB,
    /** The payload is longer than a command can be. */
    TOO_LONG,
    /** The payload is not what this verb takes. */
    MALFORMED,
    /** It was published to be retained. */
    RETAINED,
    /** It is from another time than this. */
    STALE,
    /** The answer is wanted where the pile does not answer. */
    RESPONSE_TOPIC,
    /** Its correlation data are those of another command. */
    CORRELATION_USED,
    /** Too many commands came at once. */
    TOO_MANY,
    /** The pile is not in a state to do that. */
    REFUSED,
    /** The pile stops, or has stopped; whether the command was carried out is not known. */
    STOPPED;

    /** As it stands in answers. */
    String written() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  private final Code code;

  CommandRefusal(Code code, String reason) {
    super(reason);
    this.code = code;
  }

  Code code() {
    return code;
  }

  String reason() {
    return String.valueOf(getMessage());
  }
}

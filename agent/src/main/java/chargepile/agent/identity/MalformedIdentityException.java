package chargepile.agent.identity;

/**
 * Bytes are not what they should be (key, certificate, list, signature, settlement); the message
 * says which part and why. The only refusal of this package's decoders.
 */
public final class MalformedIdentityException extends IllegalArgumentException {
  private static final long serialVersionUID = 1;

  MalformedIdentityException(String message) {
    super(message);
  }

  MalformedIdentityException(String message, Throwable cause) {
    super(message, cause);
  }
}

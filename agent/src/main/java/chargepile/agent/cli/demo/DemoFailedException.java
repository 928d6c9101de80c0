package chargepile.agent.cli.demo;

/** A demo can't be run, or did not end as it must; the message says why and what to do. */
public final class DemoFailedException extends Exception {
  private static final long serialVersionUID = 1;

  public DemoFailedException(String message) {
    super(message);
  }

  public DemoFailedException(String message, Throwable cause) {
    super(message, cause);
  }
}

package chargepile.agent.cli.demo;

import java.io.IOException;

/** Runs a demo. */
@FunctionalInterface
public interface DemoRunner {
  /**
   * Runs from the opening of the channel to its settlement. Closes all that it opened before it
   * returns or throws.
   *
   * @throws DemoFailedException when the demo can't be run or did not end as it must; the message
   *     says what to do
   * @throws InterruptedException when the calling thread is interrupted
   */
  DemoResult run(DemoOptions options, DemoProgress progress)
      throws DemoFailedException, IOException, InterruptedException;
}

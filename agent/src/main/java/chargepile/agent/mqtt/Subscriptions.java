package chargepile.agent.mqtt;

import org.tinylog.Logger;

/** Ends subscriptions where nothing can be done about a failure. */
final class Subscriptions {
  private Subscriptions() {}

  static void close(AutoCloseable subscription) {
    try {
      subscription.close();
    } catch (Exception e) {
      Logger.warn(e, "could not end a subscription; the broker may go on delivering to it");
    }
  }
}

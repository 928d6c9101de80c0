package chargepile.agent.mqtt;

import org.eclipse.paho.mqttv5.client.IMqttToken;
import org.eclipse.paho.mqttv5.client.MqttActionListener;
import org.tinylog.Logger;

/** What the broker answers to a request of {@link PahoBus}. */
sealed interface BrokerAnswer extends MqttActionListener {
  /** Reason codes from here on are refusals. */
  int REFUSED = 128;

  /** Says when the broker refuses a subscription, which would otherwise just stay silent. */
  record Subscribed(String filter) implements BrokerAnswer {
    @Override
    public void onSuccess(IMqttToken token) {
      for (int code : token.getReasonCodes()) {
        if (code >= REFUSED) {
          Logger.warn(
              "the broker refuses the subscription to {} (MQTT reason {}); check its ACL",
              filter,
              code);
        }
      }
    }

    @Override
    public void onFailure(IMqttToken token, Throwable problem) {
      Logger.warn("no subscription to {}: {}", filter, BrokerProblem.of(problem));
    }
  }

  /** Frees the message's place in flight. */
  record Published(String topic, Outflow.Flight flight) implements BrokerAnswer {
    @Override
    public void onSuccess(IMqttToken token) {
      int[] codes = token.getReasonCodes();
      for (int code : codes == null ? new int[0] : codes) {
        if (code >= REFUSED) {
          Logger.warn(
              "the broker refuses what this client publishes on {} (MQTT reason {}); check its ACL,"
                  + " and the user name or certificate used here",
              topic,
              code);
        }
      }
      flight.done();
    }

    @Override
    public void onFailure(IMqttToken token, Throwable problem) {
      Logger.warn("not published on {}: {}", topic, BrokerProblem.of(problem));
      flight.done();
    }
  }
}

package chargepile.agent.mqtt;

import fr.acinq.bitcoin.ByteVector;
import java.util.Optional;
import java.util.function.Consumer;
import org.eclipse.paho.mqttv5.client.IMqttToken;
import org.eclipse.paho.mqttv5.client.MqttCallback;
import org.eclipse.paho.mqttv5.client.MqttDisconnectResponse;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;
import org.tinylog.Logger;

/** What Paho calls back during one connection. */
final class BrokerCallback implements MqttCallback {
  private final Subscribers subscribers;
  private final Consumer<String> onLost;

  /**
   * @param onLost told once why the connection ended
   */
  BrokerCallback(Subscribers subscribers, Consumer<String> onLost) {
    this.subscribers = subscribers;
    this.onLost = onLost;
  }

  @Override
  public void messageArrived(String topic, MqttMessage message) {
    subscribers.deliver(
        new Bus.Delivery(topic, message.getPayload(), message.isRetained(), properties(message)));
  }

  private static Bus.Properties properties(MqttMessage message) {
    MqttProperties said = message.getProperties();
    if (said == null) {
      return Bus.Properties.NONE;
    }
    byte[] correlation = said.getCorrelationData();
    return new Bus.Properties(
        Optional.ofNullable(said.getResponseTopic()),
        correlation == null ? ByteVector.empty : new ByteVector(correlation));
  }

  @Override
  public void disconnected(MqttDisconnectResponse response) {
    MqttException problem = response.getException();
    onLost.accept(
        problem == null
            ? BrokerProblem.of(new MqttException(response.getReturnCode()))
            : BrokerProblem.of(problem));
  }

  @Override
  public void mqttErrorOccurred(MqttException exception) {
    Logger.warn("MQTT: the broker broke the protocol: {}", BrokerProblem.of(exception));
  }

  @Override
  public void deliveryComplete(IMqttToken token) {}

  @Override
  public void connectComplete(boolean reconnect, String serverUri) {}

  @Override
  public void authPacketArrived(int reasonCode, MqttProperties properties) {}
}

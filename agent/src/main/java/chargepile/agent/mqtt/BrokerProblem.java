package chargepile.agent.mqtt;

import java.io.EOFException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import javax.net.ssl.SSLException;
import org.eclipse.paho.mqttv5.client.MqttClientException;
import org.eclipse.paho.mqttv5.common.MqttException;

/** Says what keeps the connection from a broker, for the person who can change it. */
final class BrokerProblem {
  private static final int BAD_USER_NAME_OR_PASSWORD = 134;
  private static final int NOT_AUTHORIZED = 135;
  private static final int SESSION_TAKEN_OVER = 142;

  private BrokerProblem() {}

  static String of(Throwable problem) {
    Throwable cause = cause(problem);
    return switch (cause) {
      case UnknownHostException _ -> "its host is not known";
      case ConnectException e -> "nothing listens there (%s)".formatted(e.getMessage());
      case SocketTimeoutException _ -> "it does not answer";
      case EOFException _ -> "it closed the connection";
      case SocketException e -> "the connection broke (%s)".formatted(e.getMessage());
      case SSLException e -> TlsProblem.of(e);
      case MqttException e -> of(e.getReasonCode(), e);
      default -> cause.toString();
    };
  }

  /** Whether the connection just ended, with no reason given. */
  static boolean isCutOff(Throwable problem) {
    Throwable cause = cause(problem);
    return cause instanceof EOFException
        || (cause instanceof SocketException && !(cause instanceof ConnectException));
  }

  private static Throwable cause(Throwable problem) {
    Throwable cause = problem;
    while (cause.getCause() != null && cause instanceof MqttException) {
      cause = cause.getCause();
    }
    return cause;
  }

  private static String of(int reason, MqttException e) {
    return switch (reason) {
      case BAD_USER_NAME_OR_PASSWORD -> "it refuses the user name or password";
      case NOT_AUTHORIZED -> "it does not let this client in (not authorized)";
      case SESSION_TAKEN_OVER -> "another client took over with the same client id";
      case MqttClientException.REASON_CODE_CLIENT_TIMEOUT -> "it does not answer";
      case MqttClientException.REASON_CODE_CONNECTION_LOST -> "the connection was lost";
      default -> "MQTT reason %d, %s".formatted(reason, e.getMessage());
    };
  }
}

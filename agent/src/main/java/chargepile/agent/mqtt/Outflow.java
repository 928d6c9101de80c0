package chargepile.agent.mqtt;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What waits to be published. At most {@link #IN_FLIGHT} messages are unacknowledged, because Paho
 * 1.2.5 throws past the broker's receive maximum (mosquitto grants 20); more wait in order up to
 * {@link #WAITING}, past which the oldest is dropped: whoever reads status wants the newest, and a
 * link notices the gap. Thread-safe; hands messages on in the order they came, and never while it
 * holds its lock.
 */
final class Outflow {
  static final int IN_FLIGHT = 15;
  static final int WAITING = 4096;

  /** A message to publish. */
  record Outgoing(String topic, byte[] payload, boolean retained, Bus.Properties properties) {
    Outgoing(String topic, byte[] payload, boolean retained) {
      this(topic, payload, retained, Bus.Properties.NONE);
    }
  }

  /** Hands a message to the connection; calls {@link Flight#done} once, now or later. */
  interface Carrier {
    void carry(Outgoing message, Flight flight);
  }

  /** One connection's messages in flight. */
  final class Flight {
    private int unacknowledged;

    /** A message was acknowledged or has failed. */
    void done() {
      synchronized (Outflow.this) {
        unacknowledged--;
      }
      drain();
    }
  }

  private final Carrier carrier;
  private final Deque<Outgoing> waiting = new ArrayDeque<>();
  private Flight flight = new Flight();
  private int limit = IN_FLIGHT;
  private boolean connected;
  private boolean draining;
  private long dropped;

  Outflow(Carrier carrier) {
    this.carrier = carrier;
  }

  void add(Outgoing message) {
    synchronized (this) {
      if (!connected) {
        dropped++;
        return;
      }
      if (waiting.size() >= WAITING) {
        waiting.removeFirst();
        dropped++;
      }
      waiting.addLast(message);
    }
    drain();
  }

  /** A new connection, on which {@code most} messages may be in flight. */
  synchronized void connected(int most) {
    flight = new Flight();
    limit = most;
    connected = true;
  }

  /** Drops what waits: after a loss it would be out of date. */
  synchronized void disconnected() {
    connected = false;
    dropped += waiting.size();
    waiting.clear();
  }

  /** Messages that were never handed to a broker. */
  synchronized long dropped() {
    return dropped;
  }

  synchronized boolean isIdle() {
    return waiting.isEmpty() && flight.unacknowledged == 0;
  }

  private void drain() {
    while (true) {
      Outgoing next;
      Flight in;
      synchronized (this) {
        if (draining || waiting.isEmpty() || flight.unacknowledged >= limit) {
          return;
        }
        draining = true;
        next = waiting.removeFirst();
        in = flight;
        in.unacknowledged++;
      }
      try {
        carrier.carry(next, in);
      } finally {
        synchronized (this) {
          draining = false;
        }
      }
    }
  }
}

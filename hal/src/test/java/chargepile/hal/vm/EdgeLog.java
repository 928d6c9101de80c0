package chargepile.hal.vm;

import chargepile.hal.Edge;
import java.util.List;

/** Edges as they came, for those outside the machine who count pulses by them. */
final class EdgeLog {
  /**
   * Begins a recording: name, pulses that were made, spikes that were made, edges that were lost.
   */
  static final String HEAD = "recording ";

  /** An edge: register, 1 for on, time stamp, number. */
  static final String EDGE = "edge ";

  private EdgeLog() {}

  static void write(String name, int pulses, int spikes, long lost, List<Edge> edges) {
    System.out.println(HEAD + name + " " + pulses + " " + spikes + " " + lost);
    for (Edge edge : edges) {
      System.out.println(
          EDGE
              + edge.register()
              + " "
              + (edge.active() ? 1 : 0)
              + " "
              + edge.timestampNanos()
              + " "
              + edge.sequence());
    }
  }
}

package chargepile.hal.gpio;

import chargepile.hal.HardwareException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** A requested line: ours until closed. */
final class Line implements AutoCloseable {
  private static final int EVENTS_PER_READ = 64;

  private final Kernel kernel;
  private final int fd;
  private final String what;
  private boolean closed;

  Line(Kernel kernel, int fd, String what) {
    this.kernel = kernel;
    this.fd = fd;
    this.what = what;
  }

  int fd() {
    return fd;
  }

  /** Whether the voltage is high now. */
  synchronized boolean high() {
    requireOpen();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment struct = Uapi.values(arena, false);
      kernel.ioctl(fd, Uapi.GET_VALUES, struct);
      return Uapi.high(struct);
    } catch (KernelException e) {
      throw failed("cannot be read", e);
    }
  }

  /** Drives an output. */
  synchronized void drive(boolean high) {
    requireOpen();
    try (Arena arena = Arena.ofConfined()) {
      kernel.ioctl(fd, Uapi.SET_VALUES, Uapi.values(arena, high));
    } catch (KernelException e) {
      throw failed("cannot be driven " + (high ? "high" : "low"), e);
    }
  }

  /** Takes the waiting events of an input, in order; blocks if there is none. */
  List<LineEvent> events() throws KernelException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment buffer = arena.allocate((long) EVENTS_PER_READ * Uapi.EVENT_BYTES, 8);
      int count = kernel.read(fd, buffer) / Uapi.EVENT_BYTES;
      List<LineEvent> events = new ArrayList<>(count);
      for (int i = 0; i < count; i++) {
        events.add(Uapi.event(buffer, i));
      }
      return events;
    }
  }

  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      kernel.close(fd);
    } catch (KernelException e) {
      throw failed("cannot be closed", e);
    }
  }

  @Override
  public String toString() {
    return what;
  }

  /** A closed descriptor's number may already be somebody else's. */
  private void requireOpen() {
    if (closed) {
      throw new HardwareException(what + ": closed already");
    }
  }

  private HardwareException failed(String how, KernelException e) {
    return new HardwareException(what + ": " + how + ": " + e.reason(), e);
  }
}

package chargepile.hal.gpio;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The GPIO chip of a Raspberry Pi as a folder, for programs in processes of their own: a file for
 * each line holds all its levels so far, {@code 0} or {@code 1}, the last one last, and a file
 * {@code N.user} who else holds line N. A level outlives the process, as a real chip's may. A meter
 * on line 17 counts while line 22 is high.
 */
public class ChipInFolder implements Kernel {
  /** The variable of the environment that names the folder. */
  public static final String VARIABLE = "CHIP_IN_FOLDER";

  private static final String DEVICE = "/dev/gpiochip0";
  private static final int LINES = 54;
  private static final int METER = 17;
  private static final int CONTACTOR = 22;
  private static final long PULSE_MILLIS = 40;
  private static final long PAUSE_MILLIS = 80;

  private static final int OUTPUT_VALUES = 2;
  private static final int EVENT_BYTES = 48;

  private record Chip() {}

  private static final class Line {
    final int offset;
    final Deque<byte[]> events = new ArrayDeque<>();
    int sequence;

    Line(int offset) {
      this.offset = offset;
    }
  }

  private static final class Wake {
    boolean signalled;
  }

  private final Path folder = Path.of(System.getenv(VARIABLE));
  private final Map<Integer, Object> descriptors = new HashMap<>();
  private int nextFd = 3;

  protected ChipInFolder() {
    Thread.ofPlatform().daemon().name("meter").start(this::meter);
  }

  /**
   * The levels that a line of the chip in {@code folder} had so far; empty when it was left alone.
   */
  public static String levels(Path folder, int line) throws IOException {
    Path file = folder.resolve(Integer.toString(line));
    return Files.exists(file) ? Files.readString(file) : "";
  }

  private void meter() {
    try {
      while (true) {
        Thread.sleep(PAUSE_MILLIS);
        if (isHigh(CONTACTOR)) {
          move(METER, false);
          Thread.sleep(PULSE_MILLIS);
          move(METER, true);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void move(int offset, boolean high) {
    for (Object target : descriptors.values()) {
      if (target instanceof Line line && line.offset == offset) {
        line.sequence++;
        byte[] event = new byte[EVENT_BYTES];
        MemorySegment struct = MemorySegment.ofArray(new long[EVENT_BYTES / Long.BYTES]);
        struct.set(JAVA_LONG, 0, System.nanoTime());
        struct.set(JAVA_INT, 8, high ? 1 : 2);
        struct.set(JAVA_INT, 12, offset);
        struct.set(JAVA_INT, 20, line.sequence);
        MemorySegment.copy(struct, JAVA_BYTE, 0, event, 0, EVENT_BYTES);
        line.events.add(event);
      }
    }
    notifyAll();
  }

  /** A line that nobody drives is pulled up. */
  private synchronized boolean isHigh(int offset) {
    try {
      return !levels(folder, offset).endsWith("0") && (offset != CONTACTOR || wasDriven(offset));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean wasDriven(int offset) throws IOException {
    return !levels(folder, offset).isEmpty();
  }

  private void drive(int offset, boolean high) {
    try {
      Files.writeString(
          folder.resolve(Integer.toString(offset)),
          high ? "1" : "0",
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public List<String> chips() {
    return List.of(DEVICE);
  }

  @Override
  public synchronized int open(String path) throws KernelException {
    if (!path.equals(DEVICE)) {
      throw new KernelException("open " + path, KernelException.ENOENT);
    }
    return descriptor(new Chip());
  }

  @Override
  public synchronized void ioctl(int fd, long request, MemorySegment struct)
      throws KernelException {
    Object target = target(fd);
    if (target instanceof Chip && request == 0x8044B401L) {
      write(struct, 32, "pinctrl-rp1");
      struct.set(JAVA_INT, 64, LINES);
    } else if (target instanceof Chip && request == 0xC100B405L) {
      write(struct, 32, user(struct.get(JAVA_INT, 64)));
    } else if (target instanceof Chip && request == 0xC250B407L) {
      request(struct);
    } else if (target instanceof Line line && request == 0xC010B40EL) {
      struct.set(JAVA_LONG, 0, isHigh(line.offset) ? 1 : 0);
    } else if (target instanceof Line line && request == 0xC010B40FL) {
      drive(line.offset, (struct.get(JAVA_LONG, 0) & struct.get(JAVA_LONG, 8)) == 1);
    } else {
      throw new KernelException("ioctl", KernelException.ENOTTY);
    }
  }

  private void request(MemorySegment struct) throws KernelException {
    int offset = struct.get(JAVA_INT, 0);
    if (!user(offset).isEmpty()) {
      throw new KernelException("ioctl", KernelException.EBUSY);
    }
    if (struct.get(JAVA_INT, 296) == 1 && struct.get(JAVA_INT, 320) == OUTPUT_VALUES) {
      drive(offset, struct.get(JAVA_LONG, 328) == 1);
    }
    struct.set(JAVA_INT, 588, descriptor(new Line(offset)));
  }

  private String user(int offset) {
    try {
      Path file = folder.resolve(offset + ".user");
      return Files.exists(file) ? Files.readString(file) : "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public synchronized int read(int fd, MemorySegment buffer) throws KernelException {
    Object target = target(fd);
    if (target instanceof Line line) {
      int taken = 0;
      while (!line.events.isEmpty() && taken + EVENT_BYTES <= buffer.byteSize()) {
        MemorySegment.copy(line.events.remove(), 0, buffer, JAVA_BYTE, taken, EVENT_BYTES);
        taken += EVENT_BYTES;
      }
      return taken;
    }
    ((Wake) target).signalled = false;
    return Long.BYTES;
  }

  @Override
  public synchronized boolean[] poll(int[] fds) throws KernelException {
    while (true) {
      boolean[] ready = new boolean[fds.length];
      boolean any = false;
      for (int i = 0; i < fds.length; i++) {
        ready[i] = isReadable(descriptors.get(fds[i]));
        any |= ready[i];
      }
      if (any) {
        return ready;
      }
      try {
        wait();
      } catch (InterruptedException e) {
        throw new KernelException("poll", KernelException.EINTR);
      }
    }
  }

  private static boolean isReadable(@Nullable Object target) {
    return switch (target) {
      case Line line -> !line.events.isEmpty();
      case Wake wake -> wake.signalled;
      case null, default -> false;
    };
  }

  @Override
  public synchronized int eventfd() {
    return descriptor(new Wake());
  }

  @Override
  public synchronized void signal(int eventfd) throws KernelException {
    ((Wake) target(eventfd)).signalled = true;
    notifyAll();
  }

  @Override
  public synchronized void close(int fd) throws KernelException {
    descriptors.remove(fd, target(fd));
    notifyAll();
  }

  private int descriptor(Object target) {
    descriptors.put(nextFd, target);
    return nextFd++;
  }

  private Object target(int fd) throws KernelException {
    Object target = descriptors.get(fd);
    if (target == null) {
      throw new KernelException("descriptor " + fd, KernelException.EBADF);
    }
    return target;
  }

  private static void write(MemorySegment struct, int at, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    MemorySegment.copy(bytes, 0, struct, JAVA_BYTE, at, bytes.length);
  }
}

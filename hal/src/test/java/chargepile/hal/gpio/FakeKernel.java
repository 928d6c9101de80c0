package chargepile.hal.gpio;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A kernel with GPIO chips in memory. It reads and writes the structures at offsets counted from
 * {@code linux/gpio.h}, independently of the code under test.
 */
final class FakeKernel implements Kernel {
  /** A chip, with the names of those who hold its lines. */
  static final class FakeChip {
    final String label;
    final int lines;
    final Map<Integer, String> consumers = new TreeMap<>();
    final Map<Integer, FakeLine> requested = new TreeMap<>();

    FakeChip(String label, int lines) {
      this.label = label;
      this.lines = lines;
    }
  }

  /** A requested line. */
  static final class FakeLine {
    String consumer = "";
    long flags;
    int eventBuffer;
    int attributeId;
    long attributeValue;
    boolean high;
    boolean broken;
    int sequence;
    final ByteArrayOutputStream pending = new ByteArrayOutputStream();
  }

  final Map<String, FakeChip> chips = new TreeMap<>();
  final Map<String, Integer> openFailures = new HashMap<>();
  final List<String> calls = new ArrayList<>();
  final Map<Integer, Object> descriptors = new TreeMap<>();
  private int nextFd = 3;
  private boolean pollFails;

  static FakeKernel raspberryPi() {
    FakeKernel kernel = new FakeKernel();
    kernel.chips.put("/dev/gpiochip0", new FakeChip("brcmvirt-gpio", 8));
    kernel.chips.put("/dev/gpiochip1", new FakeChip("pinctrl-rp1", 54));
    return kernel;
  }

  FakeChip header() {
    return found(chips.get("/dev/gpiochip1"));
  }

  synchronized FakeLine line(int offset) {
    return found(header().requested.get(offset));
  }

  /** Moves a line as a meter, plug or contact would, and queues the event. */
  synchronized void move(int offset, boolean high, long timestampNanos) {
    FakeLine line = line(offset);
    line.high = high;
    line.sequence++;
    ByteBuffer event = ByteBuffer.allocate(48).order(ByteOrder.nativeOrder());
    event.putLong(0, timestampNanos);
    event.putInt(8, high ? 1 : 2);
    event.putInt(12, offset);
    event.putInt(16, 999);
    event.putInt(20, line.sequence);
    line.pending.writeBytes(event.array());
    notifyAll();
  }

  /** From now on the line can be neither read nor driven. */
  synchronized void lose(int offset) {
    line(offset).broken = true;
    notifyAll();
  }

  /** Nothing can be waited for any more. */
  synchronized void failPoll() {
    pollFails = true;
    notifyAll();
  }

  /** The kernel's buffer ran over. */
  synchronized void overflow(int offset, int edges) {
    line(offset).sequence += edges;
  }

  @Override
  public synchronized List<String> chips() {
    return List.copyOf(chips.keySet());
  }

  @Override
  public synchronized int open(String path) throws KernelException {
    Integer failure = openFailures.get(path);
    if (failure != null) {
      throw new KernelException("open " + path, failure);
    }
    FakeChip chip = chips.get(path);
    if (chip == null) {
      throw new KernelException("open " + path, KernelException.ENOENT);
    }
    return descriptor(chip);
  }

  @Override
  public synchronized void ioctl(int fd, long request, MemorySegment struct)
      throws KernelException {
    Object target = target(fd);
    requireSound(target);
    if (target instanceof FakeChip chip && request == 0x8044B401L) {
      write(struct, 32, chip.label);
      struct.set(JAVA_INT, 64, chip.lines);
    } else if (target instanceof FakeChip chip && request == 0xC100B405L) {
      write(struct, 32, chip.consumers.getOrDefault(struct.get(JAVA_INT, 64), ""));
    } else if (target instanceof FakeChip chip && request == 0xC250B407L) {
      requestLine(chip, struct);
    } else if (target instanceof FakeLine line && request == 0xC010B40EL) {
      struct.set(JAVA_LONG, 0, line.high ? 1 : 0);
    } else if (target instanceof FakeLine line && request == 0xC010B40FL) {
      line.high = (struct.get(JAVA_LONG, 0) & struct.get(JAVA_LONG, 8)) == 1;
      calls.add(line.consumer + (line.high ? " high" : " low"));
    } else {
      throw new KernelException("ioctl", KernelException.ENOTTY);
    }
  }

  @Override
  public synchronized int read(int fd, MemorySegment buffer) throws KernelException {
    Object target = target(fd);
    requireSound(target);
    if (target instanceof FakeLine line) {
      byte[] events = line.pending.toByteArray();
      int taken = (int) Math.min(events.length, buffer.byteSize());
      MemorySegment.copy(events, 0, buffer, JAVA_BYTE, 0, taken);
      line.pending.reset();
      line.pending.write(events, taken, events.length - taken);
      return taken;
    }
    ((long[]) target)[0] = 0;
    return 8;
  }

  @Override
  public synchronized boolean[] poll(int[] fds) throws KernelException {
    while (true) {
      if (pollFails) {
        throw new KernelException("poll", KernelException.EINVAL);
      }
      boolean[] ready = new boolean[fds.length];
      boolean any = false;
      for (int i = 0; i < fds.length; i++) {
        ready[i] = readable(descriptors.get(fds[i]));
        any |= ready[i];
      }
      if (any) {
        return ready;
      }
      try {
        wait();
      } catch (InterruptedException e) {
        throw new AssertionError("nobody interrupts the GPIO thread", e);
      }
    }
  }

  @Override
  public synchronized int eventfd() {
    return descriptor(new long[1]);
  }

  @Override
  public synchronized void signal(int eventfd) throws KernelException {
    ((long[]) target(eventfd))[0]++;
    notifyAll();
  }

  @Override
  public synchronized void close(int fd) throws KernelException {
    Object target = target(fd);
    descriptors.remove(fd);
    if (target instanceof FakeLine line) {
      calls.add("close " + line.consumer);
      header().requested.values().remove(line);
      header().consumers.values().remove(line.consumer);
    }
    notifyAll();
  }

  private void requestLine(FakeChip chip, MemorySegment struct) throws KernelException {
    int offset = struct.get(JAVA_INT, 0);
    if (chip.consumers.containsKey(offset)) {
      throw new KernelException("ioctl", KernelException.EBUSY);
    }
    FakeLine line = new FakeLine();
    line.consumer = read(struct, 256);
    line.flags = struct.get(JAVA_LONG, 288);
    line.eventBuffer = struct.get(JAVA_INT, 564);
    if (struct.get(JAVA_INT, 296) == 1) {
      line.attributeId = struct.get(JAVA_INT, 320);
      line.attributeValue = struct.get(JAVA_LONG, 328);
    }
    line.high = line.attributeId == 2 && line.attributeValue == 1;
    chip.consumers.put(offset, line.consumer);
    chip.requested.put(offset, line);
    struct.set(JAVA_INT, 588, descriptor(line));
    calls.add("request " + line.consumer);
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

  private static void requireSound(Object target) throws KernelException {
    if (target instanceof FakeLine line && line.broken) {
      throw new KernelException("line", KernelException.ENODEV);
    }
  }

  private static boolean readable(@Nullable Object target) {
    return switch (target) {
      case FakeLine line -> line.pending.size() > 0 || line.broken;
      case long[] counter -> counter[0] > 0;
      case null, default -> false;
    };
  }

  private static void write(MemorySegment struct, int at, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    MemorySegment.copy(bytes, 0, struct, JAVA_BYTE, at, bytes.length);
  }

  private static String read(MemorySegment struct, int at) {
    return struct.getString(at, StandardCharsets.UTF_8);
  }

  private static <T> T found(@Nullable T value) {
    if (value == null) {
      throw new AssertionError("no such chip or line");
    }
    return value;
  }
}

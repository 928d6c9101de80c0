package chargepile.agent.cli.systemd;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** A service manager's datagram socket, bound to a path or an abstract {@code @name}. */
public final class Receiver implements AutoCloseable {
  private static final int MSG_DONTWAIT = 0x40;
  private static final long PATIENCE_SECONDS = 60;

  private final Arena arena = Arena.ofShared();
  private final MemorySegment buffer = arena.allocate(4096);
  private final int fd;

  public Receiver(String address) throws Throwable {
    fd =
        (int)
            function("socket", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT))
                .invokeExact(1, 2, 0);
    byte[] path = address.getBytes(StandardCharsets.UTF_8);
    boolean hidden = path[0] == '@';
    path[0] = hidden ? 0 : path[0];
    MemorySegment to = arena.allocate(110, 2);
    to.set(JAVA_SHORT, 0, (short) 1);
    MemorySegment.copy(path, 0, to, JAVA_BYTE, 2, path.length);
    int size = 2 + path.length + (hidden ? 0 : 1);
    int bound =
        (int)
            function("bind", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT))
                .invokeExact(fd, to, size);
    if (fd < 0 || bound != 0) {
      throw new AssertionError("can't bind " + address);
    }
  }

  /** What waits; empty when nothing does. */
  public String next() throws Throwable {
    long got =
        (long)
            function(
                    "recv",
                    FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT))
                .invokeExact(fd, buffer, 4096L, MSG_DONTWAIT);
    return got < 0
        ? ""
        : new String(buffer.asSlice(0, got).toArray(JAVA_BYTE), StandardCharsets.UTF_8);
  }

  /** Waits for a message with that line. */
  public void await(String line) throws Throwable {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (System.nanoTime() < end) {
      String said = next();
      if (said.lines().anyMatch(line::equals)) {
        return;
      }
      if (said.isEmpty()) {
        Thread.sleep(20);
      }
    }
    throw new AssertionError("not told: " + line);
  }

  @Override
  public void close() {
    try {
      int unused =
          (int) function("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT)).invokeExact(fd);
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
    arena.close();
  }

  private static MethodHandle function(String name, FunctionDescriptor type) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), type);
  }
}

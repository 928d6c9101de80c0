package chargepile.agent.cli.systemd;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;

/**
 * A datagram socket of AF_UNIX that only sends, which Java's channels do not offer. Thread-safe.
 */
final class NotifySocket implements AutoCloseable {
  private static final int AF_UNIX = 1;
  private static final int SOCK_DGRAM = 2;
  private static final int SOCK_CLOEXEC = 0x80000;
  private static final int MSG_NOSIGNAL = 0x4000;
  private static final int MSG_DONTWAIT = 0x40;
  private static final int LONGEST_PATH = 107;

  private static final MethodHandle SOCKET =
      function("socket", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
  private static final MethodHandle SENDTO =
      function(
          "sendto",
          FunctionDescriptor.of(
              JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT));
  private static final MethodHandle CLOSE =
      function("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));

  private final String address;
  private final byte[] path;
  private final int fd;

  /**
   * @param address a path, or a name in the abstract namespace after {@code @}
   */
  NotifySocket(String address) throws IOException {
    this.address = address;
    this.path = address.getBytes(StandardCharsets.UTF_8);
    if (path.length < 2 || path.length > LONGEST_PATH || (path[0] != '/' && path[0] != '@')) {
      throw new IOException("NOTIFY_SOCKET %s is no path and no @name".formatted(address));
    }
    if (path[0] == '@') {
      path[0] = 0;
    }
    fd = call(() -> (int) SOCKET.invokeExact(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    if (fd < 0) {
      throw new IOException("no socket for " + address);
    }
  }

  /** Never waits: a service manager that does not read loses what is said. */
  void send(String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment message = arena.allocateFrom(JAVA_BYTE, bytes);
      // struct sockaddr_un: family u16 at 0, path from 2, with its NUL unless it is abstract
      MemorySegment to = arena.allocate(2L + LONGEST_PATH + 1, 2);
      to.set(JAVA_SHORT, 0, (short) AF_UNIX);
      MemorySegment.copy(path, 0, to, JAVA_BYTE, 2, path.length);
      int size = 2 + path.length + (path[0] == 0 ? 0 : 1);
      long sent =
          call(
              () ->
                  (long)
                      SENDTO.invokeExact(
                          fd, message, (long) bytes.length, MSG_NOSIGNAL | MSG_DONTWAIT, to, size));
      if (sent != bytes.length) {
        throw new IOException("%s does not take \"%s\"".formatted(address, text));
      }
    }
  }

  @Override
  public void close() {
    int unused = call(() -> (int) CLOSE.invokeExact(fd));
  }

  @FunctionalInterface
  private interface Native<T> {
    @SuppressWarnings("IllegalThrows") // MethodHandle.invokeExact declares Throwable
    T call() throws Throwable;
  }

  private static <T> T call(Native<T> function) {
    try {
      return function.call();
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("a C function threw", e);
    }
  }

  private static MethodHandle function(String name, FunctionDescriptor type) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), type);
  }
}

package chargepile.hal.gpio;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The real kernel, through the C library and java.lang.foreign. */
final class LinuxKernel implements Kernel {
  private static final int O_RDWR = 2;
  private static final int O_CLOEXEC = 0x80000;
  private static final int EFD_CLOEXEC = 0x80000;
  private static final short POLLIN = 1;
  private static final long POLLFD_BYTES = 8;

  private static final Linker LINKER = Linker.nativeLinker();
  private static final StructLayout CALL_STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO =
      CALL_STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

  // open and ioctl are variadic: the calling convention needs to know from which argument on.
  private static final MethodHandle OPEN =
      function("open", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT), variadicFrom(2));
  private static final MethodHandle IOCTL =
      function(
          "ioctl", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS), variadicFrom(2));
  private static final MethodHandle READ =
      function("read", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));
  private static final MethodHandle WRITE =
      function("write", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));
  private static final MethodHandle POLL =
      function("poll", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
  private static final MethodHandle EVENTFD =
      function("eventfd", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
  private static final MethodHandle CLOSE =
      function("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));

  @Override
  public List<String> chips() {
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> devices =
        Files.newDirectoryStream(Path.of("/dev"), "gpiochip[0-9]*")) {
      devices.forEach(found::add);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException("cannot list /dev for GPIO chips", e);
    }
    return found.stream()
        .map(Path::toString)
        .sorted(Comparator.comparingInt(String::length).thenComparing(Comparator.naturalOrder()))
        .toList();
  }

  @Override
  public int open(String path) throws KernelException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment name = arena.allocateFrom(path);
      return (int)
          call("open " + path, state -> (int) OPEN.invokeExact(state, name, O_RDWR | O_CLOEXEC));
    }
  }

  @Override
  public void ioctl(int fd, long request, MemorySegment struct) throws KernelException {
    call("ioctl", state -> (int) IOCTL.invokeExact(state, fd, request, struct));
  }

  @Override
  public int read(int fd, MemorySegment buffer) throws KernelException {
    return (int)
        call("read", state -> (long) READ.invokeExact(state, fd, buffer, buffer.byteSize()));
  }

  @Override
  public boolean[] poll(int[] fds) throws KernelException {
    try (Arena arena = Arena.ofConfined()) {
      // struct pollfd: fd s32 at 0, events s16 at 4, revents s16 at 6
      MemorySegment wanted = arena.allocate(POLLFD_BYTES * fds.length, 4);
      for (int i = 0; i < fds.length; i++) {
        wanted.set(JAVA_INT, POLLFD_BYTES * i, fds[i]);
        wanted.set(JAVA_SHORT, POLLFD_BYTES * i + 4, POLLIN);
      }
      call("poll", state -> (int) POLL.invokeExact(state, wanted, (long) fds.length, -1));
      boolean[] ready = new boolean[fds.length];
      for (int i = 0; i < fds.length; i++) {
        ready[i] = wanted.get(JAVA_SHORT, POLLFD_BYTES * i + 6) != 0;
      }
      return ready;
    }
  }

  @Override
  public int eventfd() throws KernelException {
    return (int) call("eventfd", state -> (int) EVENTFD.invokeExact(state, 0, EFD_CLOEXEC));
  }

  @Override
  public void signal(int eventfd) throws KernelException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment one = arena.allocateFrom(JAVA_LONG, 1L);
      call("write", state -> (long) WRITE.invokeExact(state, eventfd, one, one.byteSize()));
    }
  }

  @Override
  public void close(int fd) throws KernelException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(CALL_STATE);
      // Never again after EINTR: Linux has closed the descriptor even then.
      if (invoke(s -> (int) CLOSE.invokeExact(s, fd), state) < 0
          && errno(state) != KernelException.EINTR) {
        throw new KernelException("close", errno(state));
      }
    }
  }

  @FunctionalInterface
  private interface NativeCall {
    @SuppressWarnings("IllegalThrows") // MethodHandle.invokeExact declares Throwable
    long apply(MemorySegment callState) throws Throwable;
  }

  /** Calls, again while interrupted by a signal, and turns -1 into an exception. */
  private static long call(String what, NativeCall function) throws KernelException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(CALL_STATE);
      while (true) {
        long result = invoke(function, state);
        if (result >= 0) {
          return result;
        }
        if (errno(state) != KernelException.EINTR) {
          throw new KernelException(what, errno(state));
        }
      }
    }
  }

  private static long invoke(NativeCall function, MemorySegment state) {
    try {
      return function.apply(state);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("a C function threw", e);
    }
  }

  private static int errno(MemorySegment state) {
    return (int) ERRNO.get(state, 0L);
  }

  private static Linker.Option variadicFrom(int argument) {
    return Linker.Option.firstVariadicArg(argument);
  }

  private static MethodHandle function(
      String name, FunctionDescriptor type, Linker.Option... more) {
    List<Linker.Option> options = new ArrayList<>(List.of(more));
    options.add(Linker.Option.captureCallState("errno"));
    return LINKER.downcallHandle(
        LINKER.defaultLookup().findOrThrow(name), type, options.toArray(Linker.Option[]::new));
  }
}

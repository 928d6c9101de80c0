package chargepile.hal.gpio;

import chargepile.hal.HardwareException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** An open GPIO chip, from which lines are requested. */
final class Chip implements AutoCloseable {
  private final Kernel kernel;
  private final String path;
  private final int fd;
  private final Uapi.ChipDescription description;

  private Chip(Kernel kernel, String path, int fd, Uapi.ChipDescription description) {
    this.kernel = kernel;
    this.path = path;
    this.fd = fd;
    this.description = description;
  }

  static Chip open(Kernel kernel, String path) throws KernelException {
    int fd = kernel.open(path);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment struct = arena.allocate(Uapi.CHIPINFO_BYTES, 8);
      kernel.ioctl(fd, Uapi.GET_CHIPINFO, struct);
      return new Chip(kernel, path, fd, Uapi.ChipDescription.decode(struct));
    } catch (KernelException e) {
      kernel.close(fd);
      throw e;
    }
  }

  String label() {
    return description.label();
  }

  String path() {
    return path;
  }

  boolean has(int offset) {
    return offset >= 0 && offset < description.lines();
  }

  /** Who uses a line; takes nothing and changes nothing. */
  Uapi.LineDescription look(int offset) throws KernelException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment struct = Uapi.LineDescription.question(arena, offset);
      kernel.ioctl(fd, Uapi.GET_LINEINFO, struct);
      return Uapi.LineDescription.decode(struct);
    }
  }

  /** For messages: path, label, number of lines. */
  @Override
  public String toString() {
    return path + " (" + description.label() + ", " + description.lines() + " lines)";
  }

  /**
   * Takes a line for this process.
   *
   * @throws HardwareException when the chip has no such line, or it is in use (and by whom)
   */
  Line request(LineRequest request) {
    String what = "GPIO " + request.offset() + " (" + request.consumer() + ")";
    if (!has(request.offset())) {
      throw new HardwareException(
          what
              + ": the chip "
              + this
              + " has lines 0 to "
              + (description.lines() - 1)
              + "; correct the pin in the configuration");
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment struct = Uapi.encode(arena, request);
      kernel.ioctl(fd, Uapi.GET_LINE, struct);
      return new Line(kernel, Uapi.lineFd(struct), what);
    } catch (KernelException e) {
      throw new HardwareException(what + " on " + this + ": " + refusal(request.offset(), e), e);
    }
  }

  @Override
  public void close() {
    try {
      kernel.close(fd);
    } catch (KernelException e) {
      throw new HardwareException(this + ": " + e.reason(), e);
    }
  }

  private String refusal(int offset, KernelException e) {
    return switch (e.errno()) {
      case KernelException.EBUSY ->
          "in use by "
              + consumer(offset)
              + "; stop that program, remove the overlay that claims the pin, or choose another";
      case KernelException.EINVAL ->
          e.reason() + "; the pin does not support this use, or the kernel is older than 5.10";
      default -> e.reason();
    };
  }

  private String consumer(int offset) {
    try {
      String consumer = look(offset).consumer();
      return consumer.isEmpty() ? "a user that gave no name" : "\"" + consumer + "\"";
    } catch (KernelException e) {
      return "an unknown user (" + e.reason() + ")";
    }
  }
}

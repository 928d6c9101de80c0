package chargepile.hal.gpio;

import java.io.Serial;

/** A system call failed; whoever knows what it was for turns this into words for a person. */
final class KernelException extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  static final int EPERM = 1;
  static final int ENOENT = 2;
  static final int EINTR = 4;
  static final int EBADF = 9;
  static final int EACCES = 13;
  static final int EBUSY = 16;
  static final int ENODEV = 19;
  static final int EINVAL = 22;
  static final int ENOTTY = 25;

  private final int errno;
  private final String reason;

  KernelException(String call, int errno) {
    super(call + ": " + describe(errno));
    this.errno = errno;
    this.reason = describe(errno);
  }

  /** What the kernel's number means, without the name of the call. */
  String reason() {
    return reason;
  }

  int errno() {
    return errno;
  }

  /** Whether it is a matter of permission. */
  boolean denied() {
    return errno == EACCES || errno == EPERM;
  }

  private static String describe(int errno) {
    return switch (errno) {
      case EPERM -> "operation not permitted (EPERM)";
      case ENOENT -> "no such device (ENOENT)";
      case EBADF -> "bad file descriptor (EBADF)";
      case EACCES -> "permission denied (EACCES)";
      case EBUSY -> "in use (EBUSY)";
      case ENODEV -> "device gone (ENODEV)";
      case EINVAL -> "refused by the driver (EINVAL)";
      case ENOTTY -> "not a GPIO device, or a kernel before 5.10 (ENOTTY)";
      default -> "error " + errno + " of the kernel";
    };
  }
}

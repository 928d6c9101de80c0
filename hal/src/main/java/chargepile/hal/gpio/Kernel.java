package chargepile.hal.gpio;

import java.lang.foreign.MemorySegment;
import java.util.List;

/** The system calls that the GPIO character device needs, and no more. Safe from any thread. */
interface Kernel {

  /** Paths of the GPIO chips of this machine, in order; empty when there is none. */
  List<String> chips();

  /** Opens for reading and writing, closed on exec. */
  int open(String path) throws KernelException;

  /** Calls the driver with a structure that it reads and writes. */
  void ioctl(int fd, long request, MemorySegment struct) throws KernelException;

  /** Reads what is there, at most the buffer; returns the number of bytes. */
  int read(int fd, MemorySegment buffer) throws KernelException;

  /** Waits without limit until one of them can be read (or failed); tells which. */
  boolean[] poll(int[] fds) throws KernelException;

  /** Opens a file descriptor that {@link #signal} makes readable. */
  int eventfd() throws KernelException;

  /** Wakes whoever polls the eventfd. */
  void signal(int eventfd) throws KernelException;

  /** Closes; the descriptor is gone even when this fails. */
  void close(int fd) throws KernelException;
}

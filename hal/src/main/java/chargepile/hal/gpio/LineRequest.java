package chargepile.hal.gpio;

/** What to ask the kernel for, one line at a time; levels are electrical, never inverted. */
sealed interface LineRequest {

  /** Line number on the chip (BCM number on a Raspberry Pi). */
  int offset();

  /** Who uses the line, for other programs to see; cut to 31 bytes. */
  String consumer();

  /** {@code GPIO_V2_LINE_FLAG_*}. */
  long flags();

  /** What holds an input while nothing drives it. */
  enum Bias {
    PULL_UP(Uapi.FLAG_PULL_UP),
    PULL_DOWN(Uapi.FLAG_PULL_DOWN),
    NONE(Uapi.FLAG_BIAS_DISABLED);

    private final long flag;

    Bias(long flag) {
      this.flag = flag;
    }
  }

  /**
   * An input with both edges.
   *
   * @param debounceMicros kernel debounce, 0 for none
   * @param eventBuffer edges the kernel keeps for us, at most 1024 for one line
   */
  record Input(int offset, String consumer, Bias bias, int debounceMicros, int eventBuffer)
      implements LineRequest {
    @Override
    public long flags() {
      return Uapi.FLAG_INPUT | Uapi.FLAG_EDGE_RISING | Uapi.FLAG_EDGE_FALLING | bias.flag;
    }
  }

  /** An output that starts at this level, without a glitch. */
  record Output(int offset, String consumer, boolean high) implements LineRequest {
    @Override
    public long flags() {
      return Uapi.FLAG_OUTPUT;
    }
  }
}

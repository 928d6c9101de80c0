package chargepile.hal.vm;

/** What runs inside the virtual machine: every scenario, one line of report for each. */
final class Guest {
  static final String HELD = "held: ";
  static final String BROKEN = "broken: ";

  /** Between the scenario's name and what was seen. */
  static final String SEEN = " -> ";

  private Guest() {}

  /** Without arguments all scenarios; with one, a {@link Child}. */
  public static void main(String[] arguments) throws InterruptedException {
    if (arguments.length > 0) {
      Child.main(arguments[0]);
      return;
    }
    GpioSim sim = GpioSim.raspberryPi(Pile.HOGGED, "onewire");
    for (Scenario scenario : Scenario.ALL) {
      try {
        System.out.println(HELD + scenario.name() + SEEN + scenario.body().apply(sim));
      } catch (RuntimeException | Error e) {
        System.out.println(BROKEN + scenario.name() + SEEN + e);
        e.printStackTrace(System.out);
      }
    }
  }
}

package chargepile.agent.cli.doctor;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** What a lost disk would cost where the store alone holds what was paid. */
final class VouchersCheck implements Check {
  private final Subject subject;

  VouchersCheck(Subject subject) {
    this.subject = subject;
  }

  @Override
  public String name() {
    return "vouchers";
  }

  @Override
  public List<Finding> look() throws IOException {
    subject.requireVisible();
    return List.of(judge(Stored.channels(subject)));
  }

  /**
   * @param channels that are not finished; empty when the store can't be read
   */
  static Finding judge(Optional<Integer> channels) {
    if (channels.isEmpty()) {
      return Finding.skipped("without the store nothing can be told of them");
    }
    int open = channels.get();
    return open == 0
        ? Finding.ok("there is no channel, and so nothing that a lost disk would take")
        : Finding.warn(
            "the store alone holds what was paid in %s"
                .formatted(open == 1 ? "1 channel" : open + " channels"),
            "no backup can stand in for it: close channels in which much has gathered"
                + " (cmd/close-channel), or set session.close_after_session");
  }
}

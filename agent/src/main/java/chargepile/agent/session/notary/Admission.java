package chargepile.agent.session.notary;

/** Whether terms may be agreed to with a peer. */
public sealed interface Admission {
  record Granted() implements Admission {}

  /** It is not known yet; an event comes when it is. */
  record Awaited() implements Admission {}

  /**
   * They may not.
   *
   * @param reason for people
   */
  record Denied(String reason) implements Admission {}
}

package chargepile.agent.sim;

/** What is counted in runs. */
enum Figure {
  SEEDS,
  STEPS,
  EVENTS,
  CRASHES,
  BREACHES,
  PENALTIES,
  REORGANISATIONS,
  MESSAGES,
  DROPPED,
  DUPLICATED,
  DELAYED,
  CORRUPTED,
  HOSTILE,
  HTLCS_OFFERED,
  HTLCS_FULFILLED,
  HTLCS_FAILED,
  HTLCS_TIMED_OUT,
  HTLCS_ON_CHAIN,
  MWH_DELIVERED,
  MWH_PAID,
  CHANNELS_SETTLED,
  SATOSHI_CONSERVED,
  SETTLEMENTS;

  String title() {
    return name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
  }
}

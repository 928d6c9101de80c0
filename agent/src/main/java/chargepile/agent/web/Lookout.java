package chargepile.agent.web;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.tinylog.Logger;

/**
 * Looks at the pile every second, on a thread of its own, and keeps the latest picture for as many
 * readers as there are. {@link #picture} never waits.
 */
public final class Lookout implements AutoCloseable {
  static final Duration EVERY = Duration.ofSeconds(1);

  /** A picture older than this is no news any more: whoever is asked is not answering. */
  static final Duration STALE = Duration.ofSeconds(10);

  private final Nameplate plate;
  private final Supplier<Snapshot> pile;
  private final ScheduledExecutorService thread;
  private volatile @Nullable Picture picture;
  private volatile long lookedNanos;
  private boolean troubled;

  /**
   * Begins to look.
   *
   * @param pile asked on the lookout's thread; must not wait for the pile
   */
  public Lookout(Nameplate plate, Supplier<Snapshot> pile) {
    this.plate = plate;
    this.pile = pile;
    this.thread =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("web-lookout").daemon().factory());
    look();
    var unused =
        thread.scheduleAtFixedRate(
            this::look, EVERY.toMillis(), EVERY.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** On the lookout's thread, and once before that begins. */
  void look() {
    try {
      Snapshot now = pile.get();
      picture = after(picture, plate, now);
      lookedNanos = System.nanoTime();
      troubled = false;
    } catch (RuntimeException e) {
      if (!troubled) {
        troubled = true;
        Logger.warn(e, "the page shows nothing new: {}", e.toString());
      }
    }
  }

  /** What follows a picture; {@code before} is null at the first look. */
  static Picture after(@Nullable Picture before, Nameplate plate, Snapshot now) {
    Tally tally = before == null ? Tally.since(now) : before.tally();
    PowerCurve curve = before == null ? PowerCurve.EMPTY : before.curve();
    Optional<String> last = tally.last().map(Snapshot.Session::id);
    return new Picture(plate, now, curve(curve, last, now), tally.plus(now));
  }

  /** Grows while a session is under way, and begins anew with another one. */
  private static PowerCurve curve(PowerCurve curve, Optional<String> last, Snapshot now) {
    if (now.session().isEmpty()) {
      return curve;
    }
    Snapshot.Session session = now.session().get();
    PowerCurve own = last.equals(Optional.of(session.id())) ? curve : PowerCurve.EMPTY;
    return session.over() ? own : own.plus(now.powerWatts().orElse(0));
  }

  /** The latest; empty when there is none that is worth anything. */
  Optional<Picture> picture() {
    Picture latest = picture;
    boolean fresh = System.nanoTime() - lookedNanos < STALE.toNanos();
    return latest == null || !fresh ? Optional.empty() : Optional.of(latest);
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}

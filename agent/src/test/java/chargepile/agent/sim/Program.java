package chargepile.agent.sim;

import java.util.function.Supplier;

/**
 * One run of a party's program, which can be killed at any boundary: before and after everything it
 * does to the world outside. Once it is dead it does nothing any more, whoever still calls.
 */
final class Program {
  private final Runnable onDeath;
  private long left = Long.MAX_VALUE;
  private boolean dead;

  Program(Runnable onDeath) {
    this.onDeath = onDeath;
  }

  /** Lets it come to so many boundaries more, and not further. */
  void dieAfter(long boundaries) {
    left = Math.min(left, boundaries);
  }

  /** Takes back {@link #dieAfter}. */
  void live() {
    left = Long.MAX_VALUE;
  }

  boolean isDead() {
    return dead;
  }

  /** Does something to the world outside; the program may die before and after it. */
  <T> T act(Supplier<T> action) {
    boundary();
    T result = action.get();
    boundary();
    return result;
  }

  void act(Runnable action) {
    boundary();
    action.run();
    boundary();
  }

  /** Only asks; a dead program gets no answer. */
  <T> T ask(Supplier<T> question) {
    if (dead) {
      throw new Crash();
    }
    return question.get();
  }

  private void boundary() {
    if (!dead && left-- > 0) {
      return;
    }
    die();
    throw new Crash();
  }

  /** Dies now, as at a power cut. */
  void die() {
    if (!dead) {
      dead = true;
      onDeath.run();
    }
  }
}

package chargepile.agent.evm;

import java.util.Optional;
import java.util.function.BinaryOperator;

/** What two nodes say to one question. At least one of them says something. */
record BothAnswers<T>(Answer<T> first, Answer<T> second) {
  sealed interface Answer<T> {
    record Said<T>(T value) implements Answer<T> {}

    record Refused<T>(RefusedByNodeException error) implements Answer<T> {}

    record Away<T>(EvmException cause) implements Answer<T> {}
  }

  BothAnswers {
    if (first instanceof Answer.Away<T>(EvmException one)
        && second instanceof Answer.Away<T>(EvmException other)) {
      throw new UnreachableNodeException(
          "no node serves: %s; %s".formatted(one.getMessage(), other.getMessage()), one);
    }
  }

  /**
   * What counts: one value of two, or the only one.
   *
   * @throws RefusedByNodeException when one refuses and the other says nothing else
   */
  T merged(BinaryOperator<T> merge) {
    Optional<T> one = said(first);
    Optional<T> other = said(second);
    if (one.isPresent() && other.isPresent()) {
      return merge.apply(one.get(), other.get());
    }
    throwIfRefused(first);
    throwIfRefused(second);
    return one.or(() -> other).orElseThrow();
  }

  /** Like {@link #merged}, but what one says counts more than that the other refuses. */
  T believed(BinaryOperator<T> merge) {
    Optional<T> one = said(first);
    Optional<T> other = said(second);
    return one.isPresent() != other.isPresent() ? one.or(() -> other).get() : merged(merge);
  }

  /** Whether one refuses what the other answers. */
  boolean isTorn() {
    return (first instanceof Answer.Said && second instanceof Answer.Refused)
        || (first instanceof Answer.Refused && second instanceof Answer.Said);
  }

  private static <T> Optional<T> said(Answer<T> answer) {
    return answer instanceof Answer.Said<T>(T value) ? Optional.of(value) : Optional.empty();
  }

  private static <T> void throwIfRefused(Answer<T> answer) {
    if (answer instanceof Answer.Refused<T>(RefusedByNodeException error)) {
      throw error;
    }
  }
}

package chargepile.agent.market;

import chargepile.agent.market.CommandStream.Command;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What a command costs in a book of about 1000 quotes, on average. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("NullAway.Init") // JMH fills the fields
public class OrderBookBenchmark {
  @Param({"CHARGEPILE", "PRIORITY_QUEUE", "EXCHANGE_CORE"})
  String book;

  private Contender contender;
  private int length;
  private int next;

  @Setup
  public void fill() {
    List<Command> commands = CommandStream.commands();
    contender = Contender.Name.valueOf(book).with(commands);
    length = commands.size();
  }

  @Benchmark
  public long command() {
    contender.run(next);
    next = next + 1 == length ? 0 : next + 1;
    return contender.traded;
  }
}

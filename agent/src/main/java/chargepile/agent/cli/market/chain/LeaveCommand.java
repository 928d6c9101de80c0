package chargepile.agent.cli.market.chain;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.CommonOptions;
import chargepile.agent.cli.Figures;
import chargepile.agent.config.ConfigException;
import chargepile.agent.config.LogLevel;
import chargepile.agent.identity.PartyId;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code chargepile market leave}. */
@Command(
    name = "leave",
    sortOptions = false,
    description = {
      "Take this device out of the registry, when nothing is owed; it can't trade any more then."
          + " Its",
      "bond stays locked until the last dispute of its time would be over. Given again after that,",
      "the same command has the bond paid to its owner."
    })
@SuppressWarnings("NullAway.Init") // picocli fills the fields
public final class LeaveCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private Member member;

  @Option(
      names = "--pile",
      paramLabel = "ID",
      description = "A pile whose bond is this company's, instead of the device itself.")
  private @Nullable String pile;

  @Mixin private CommonOptions common;

  @Override
  public Integer call()
      throws CommandFailedException, ConfigException, IOException, InterruptedException {
    common.applyTo(LogLevel.WARN);
    PrintWriter out = spec.commandLine().getOut();
    try (Member.Opened opened = member.open()) {
      PartyId name = pile == null ? opened.reply().certificate().party() : Parties.named(pile);
      Member.work(
          opened,
          why -> out.println("  " + why),
          registering -> print(out, name, registering.leave(name)));
    }
    out.flush();
    return 0;
  }

  private static void print(PrintWriter out, PartyId name, Registering.Departure departure) {
    out.println(
        switch (departure) {
          case Registering.Departure.Leaving(var unlockAt, var bond, boolean fresh) ->
              bond.value() == 0
                  ? "%s %s; from %s on the same command forgets it"
                      .formatted(name, fresh ? "has left" : "has left before", unlockAt)
                  : "%s %s; its bond of %s is free at %s. Give the same command then"
                      .formatted(
                          name,
                          fresh ? "has left" : "has left before",
                          Figures.grouped(bond.value()),
                          unlockAt);
          case Registering.Departure.Gone(var bond, var owner) ->
              bond.value() == 0
                  ? "%s is no longer in the registry".formatted(name)
                  : "%s is no longer in the registry; its bond of %s was paid to %s"
                      .formatted(name, Figures.grouped(bond.value()), owner);
        });
  }
}

package chargepile.agent.cli;

import chargepile.agent.chain.ChainException;
import chargepile.agent.cli.demo.DemoFailedException;
import chargepile.agent.config.ConfigException;
import chargepile.agent.evm.EvmException;
import chargepile.agent.store.DamagedStoreException;
import chargepile.agent.store.StoreException;
import chargepile.hal.HardwareException;
import chargepile.hal.sim.BadTraceException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileSystemException;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** How a command's failure is told: one clear message on stderr, and an exit code. */
final class Failures {
  /** 128 and SIGINT's number, as shells count. */
  static final int STOPPED = 130;

  /** The store, or a KGC's audit log, is damaged: starting again is no use. */
  static final int DAMAGED = 3;

  private static final int HELP_WIDTH = 100;

  private Failures() {}

  /** Makes {@code root} and its commands tell failures this way. */
  static CommandLine told(CommandLine root) {
    return root.setParameterExceptionHandler(Failures::wrongUsage)
        .setExecutionExceptionHandler(Failures::failed)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setUsageHelpWidth(HELP_WIDTH);
  }

  private static int wrongUsage(ParameterException mistake, String[] args) {
    CommandLine command = mistake.getCommandLine();
    PrintWriter err = command.getErr();
    err.println("chargepile: " + message(mistake));
    UnmatchedArgumentException.printSuggestions(mistake, err);
    err.printf("See %s --help.%n", command.getCommandSpec().qualifiedName());
    err.flush();
    return CommandLine.ExitCode.USAGE;
  }

  private static String message(ParameterException mistake) {
    return mistake instanceof UnmatchedArgumentException unmatched
            && !unmatched.isUnknownOption()
            && mistake.getCommandLine().getParent() == null
        ? "there is no command \"%s\"".formatted(unmatched.getUnmatched().getFirst())
        : String.valueOf(mistake.getMessage());
  }

  private static int failed(Exception failure, CommandLine command, ParseResult arguments) {
    boolean debug = CommonOptions.debug(command.getParseResult());
    PrintWriter err = command.getErr();
    boolean stopped = stopped(failure);
    if (stopped) {
      err.println("chargepile: stopped");
    } else {
      err.println("chargepile: " + message(failure, debug));
    }
    if (debug) {
      failure.printStackTrace(err);
    }
    err.flush();
    if (stopped) {
      return STOPPED;
    }
    return failure instanceof DamagedStoreException || failure instanceof DamagedLogException
        ? DAMAGED
        : CommandLine.ExitCode.SOFTWARE;
  }

  /** Whether it is the interruption that failed: files say so in exceptions of their own. */
  private static boolean stopped(Exception failure) {
    return failure instanceof InterruptedException || Thread.currentThread().isInterrupted();
  }

  private static String message(Exception failure, boolean debug) {
    return switch (failure) {
      case CommandFailedException _,
          DamagedLogException _,
          DemoFailedException _,
          ConfigException _,
          StoreException _,
          ChainException _,
          EvmException _,
          BadTraceException _,
          HardwareException _ ->
          String.valueOf(failure.getMessage());
      case FileSystemException file when isFull(file) ->
          "%s can't be written: the disk is full. Free some space (df shows where); what was stored is intact"
              .formatted(file.getFile());
      case IOException io -> "input or output failed: " + io;
      case Exception unexpected ->
          "this is an error of the program: "
              + unexpected
              + (debug ? "" : "; --debug shows where it happened");
    };
  }

  /** By the C library's words, which Java passes on. */
  private static boolean isFull(FileSystemException failure) {
    String reason = String.valueOf(failure.getReason());
    return reason.contains("No space left on device") || reason.contains("quota exceeded");
  }
}

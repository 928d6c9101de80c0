package chargepile.agent.cli.run;

import static java.lang.classfile.ClassFile.ACC_FINAL;
import static java.lang.classfile.ClassFile.ACC_SUPER;

import chargepile.hal.gpio.ChipInFolder;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

/**
 * A Raspberry Pi on the bench, for the program in a process of its own: a {@link ChipInFolder}
 * stands in for the kernel's GPIO calls and nothing else, a car is plugged in, and the contactor's
 * line keeps its level when the process is killed.
 */
final class Bench {
  static final int CONTACTOR = 22;
  static final int PLUG = 23;

  private static final ClassDesc CHIP = ClassDesc.of(ChipInFolder.class.getName());
  private static final ClassDesc KERNEL = ClassDesc.of("chargepile.hal.gpio.LinuxKernel");
  private static final Path CLASSES = classes();

  private final Path folder;

  /** With a car plugged in. */
  Bench(Path folder) throws IOException {
    this.folder = Files.createDirectories(folder);
    Files.writeString(folder.resolve(Integer.toString(PLUG)), "0"); // a contact to ground
  }

  /** Another program takes a line. */
  void take(int line, String user) throws IOException {
    Files.writeString(folder.resolve(line + ".user"), user);
  }

  /** The contactor's line as a killed program may leave it. */
  void leaveClosed() throws IOException {
    Files.writeString(folder.resolve(Integer.toString(CONTACTOR)), "1");
  }

  /** Whether the contactor's line is at the level that closes it. */
  boolean isClosed() throws IOException {
    return ChipInFolder.levels(folder, CONTACTOR).endsWith("1");
  }

  /** Whether the contactor's line was ever at that level. */
  boolean wasClosed() throws IOException {
    return ChipInFolder.levels(folder, CONTACTOR).contains("1");
  }

  /** Whether the contactor's line was ever driven. */
  boolean wasTouched() throws IOException {
    return !ChipInFolder.levels(folder, CONTACTOR).isEmpty();
  }

  /** The program on this bench. */
  Program program(Runnable meanwhile, String... args) throws IOException {
    return program(meanwhile, List.of(), args);
  }

  /** The same, as a process that {@code under} makes. */
  Program program(Runnable meanwhile, List<String> under, String... args) throws IOException {
    List<String> around =
        Stream.concat(under.stream(), Stream.of("env", ChipInFolder.VARIABLE + "=" + folder))
            .toList();
    return new Program(meanwhile, around, SharedClasses.after(CLASSES), args);
  }

  /** The command line of the program on this bench. */
  List<String> command(String... args) {
    List<String> command = new ArrayList<>();
    command.add("/usr/bin/env");
    command.add(ChipInFolder.VARIABLE + "=" + folder);
    command.addAll(Program.command(SharedClasses.after(CLASSES), args));
    return command;
  }

  /** A jar with the chip, and with a class in the name of the one that calls the real kernel. */
  private static Path classes() {
    try {
      Path folder = Files.createTempDirectory("chargepile-bench");
      Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder)));
      Path jar = folder.resolve("bench.jar");
      try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
        for (Map.Entry<String, byte[]> file : members().entrySet()) {
          out.putNextEntry(new JarEntry(file.getKey()));
          out.write(file.getValue());
        }
      }
      return jar;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Map<String, byte[]> members() throws IOException {
    Map<String, byte[]> members = new LinkedHashMap<>();
    members.put(path(KERNEL.packageName() + "." + KERNEL.displayName()), kernel());
    List<String> chip = List.of("", "$Chip", "$Line", "$Wake");
    for (String part : chip) {
      String path = path(ChipInFolder.class.getName() + part);
      try (InputStream in = ChipInFolder.class.getResourceAsStream("/" + path)) {
        if (in != null) {
          members.put(path, in.readAllBytes());
        }
      }
    }
    return members;
  }

  private static String path(String name) {
    return name.replace('.', '/') + ".class";
  }

  /** {@code final class LinuxKernel extends ChipInFolder {}}. */
  private static byte[] kernel() {
    return ClassFile.of()
        .build(
            KERNEL,
            type ->
                type.withFlags(ACC_FINAL | ACC_SUPER)
                    .withSuperclass(CHIP)
                    .withMethodBody(
                        ConstantDescs.INIT_NAME,
                        ConstantDescs.MTD_void,
                        0,
                        code ->
                            code.aload(0)
                                .invokespecial(
                                    CHIP, ConstantDescs.INIT_NAME, ConstantDescs.MTD_void)
                                .return_()));
  }

  private static void delete(Path folder) {
    try (Stream<Path> tree = Files.walk(folder)) {
      for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

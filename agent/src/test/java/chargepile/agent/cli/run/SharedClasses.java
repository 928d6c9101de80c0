package chargepile.agent.cli.run;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

/**
 * The program as jars, with an archive of loaded classes that the first process to end by itself
 * makes: the others start in half the time. (The virtual machine archives no classes of folders.)
 */
final class SharedClasses {
  private static final SharedClasses ONE = new SharedClasses();

  private final Path folder;
  private final String classPath;

  private SharedClasses() {
    try {
      folder = Files.createTempDirectory("chargepile-classes");
      Runtime.getRuntime().addShutdownHook(new Thread(this::delete));
      List<String> entries = new ArrayList<>();
      for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
        Path path = Path.of(entry);
        if (!Files.isDirectory(path)) {
          entries.add(entry);
        } else if (!path.endsWith("test-classes")) {
          entries.add(jar(path, folder.resolve(entries.size() + ".jar")).toString());
        }
      }
      classPath = String.join(File.pathSeparator, entries);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The virtual machine's options. */
  static List<String> options() {
    return options("classes", ONE.classPath);
  }

  /** The same with the classes of a jar before all others. */
  static List<String> after(Path jar) {
    return options(jar.getFileName().toString(), jar + File.pathSeparator + ONE.classPath);
  }

  private static List<String> options(String name, String classPath) {
    return List.of(
        "-XX:+AutoCreateSharedArchive",
        "-XX:SharedArchiveFile=" + ONE.folder.resolve(name + ".jsa"),
        "-Xlog:disable",
        "-cp",
        classPath);
  }

  private static Path jar(Path classes, Path file) throws IOException {
    try (OutputStream out = Files.newOutputStream(file);
        JarOutputStream jar = new JarOutputStream(out);
        Stream<Path> tree = Files.walk(classes)) {
      for (Path member : tree.filter(Files::isRegularFile).toList()) {
        jar.putNextEntry(new JarEntry(classes.relativize(member).toString()));
        Files.copy(member, jar);
      }
    }
    return file;
  }

  private void delete() {
    try (Stream<Path> tree = Files.walk(folder)) {
      for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

package chargepile.agent.store;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/**
 * Write transactions, one after the other: durable when {@link #run} returns, undone when it
 * throws, and none any more once the disk has shown that it can't be trusted.
 */
final class SqliteTransactions implements AutoCloseable {
  interface Work {
    void run(CommitStatements statements) throws SQLException;
  }

  /** Statements that live from one failure to the next: the driver drops one that failed. */
  private record Prepared(
      PreparedStatement begin, CommitStatements statements, PreparedStatement commit)
      implements AutoCloseable {
    static Prepared on(Connection connection) throws SQLException {
      return new Prepared(
          connection.prepareStatement("BEGIN IMMEDIATE"),
          new CommitStatements(connection),
          connection.prepareStatement("COMMIT"));
    }

    @Override
    public void close() throws SQLException {
      begin.close();
      statements.close();
      commit.close();
    }
  }

  private final Path file;
  private final Connection connection;
  private Prepared prepared;
  private @Nullable SQLException trustEndedBy;

  SqliteTransactions(Path file, Connection connection) throws SQLException {
    this.file = file;
    this.connection = connection;
    prepared = Prepared.on(connection);
  }

  /** Whether the disk has not failed so far. */
  boolean trusted() {
    return trustEndedBy == null;
  }

  /** Runs {@code work} in a transaction; {@code task} says in an error what could not be done. */
  void run(String task, Work work) {
    if (trustEndedBy != null) {
      throw new StoreException(
          file + " failed before and takes no more commits: stop, check the disk, start again",
          trustEndedBy);
    }
    try {
      try {
        prepared.begin.execute();
        work.run(prepared.statements);
        prepared.commit.execute();
      } catch (SQLException | RuntimeException e) {
        undo(e);
        throw e;
      }
    } catch (SQLException e) {
      if (SqliteFailure.endsTrust(e)) {
        trustEndedBy = e;
      }
      throw SqliteFailure.of(file, task, e);
    }
  }

  private void undo(Exception cause) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      rollback(statement, cause);
      prepared.close();
      prepared = Prepared.on(connection);
    } catch (SQLException e) {
      trustEndedBy = e;
      throw e;
    }
  }

  /** Undoes the open transaction, unless SQLite did so by itself, as it may after a disk error. */
  static void rollback(Statement statement, Exception cause) throws SQLException {
    try {
      statement.executeUpdate("ROLLBACK");
    } catch (SQLException e) {
      if (!String.valueOf(e.getMessage()).contains("no transaction is active")) {
        e.addSuppressed(cause);
        throw e;
      }
    }
  }

  @Override
  public void close() throws SQLException {
    prepared.close();
  }
}

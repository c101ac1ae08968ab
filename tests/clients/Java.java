/* Java's JDBC driver of Xerial: java -cp sqlite-jdbc.jar Java.java STATEMENTS */
import java.io.PrintStream;
import java.nio.file.*;
import java.sql.*;
import org.sqlite.SQLiteConfig;

public class Java {
    public static void main(String[] arguments) throws Exception {
        PrintStream out = new PrintStream(System.out, true, "UTF-8");
        // manual: Java, Xerial's sqlite-jdbc
        SQLiteConfig config = new SQLiteConfig();
        config.enableLoadExtension(true);
        Connection db = config.createConnection("jdbc:sqlite::memory:");
        db.createStatement().execute("SELECT load_extension('./array')");
        PreparedStatement statement = db.prepareStatement("SELECT array_sum(?)");
        statement.setString(1, "[1,2,3]");
        ResultSet row = statement.executeQuery();
        long answer = row.getLong(1);
        // end
        row.close();
        DatabaseMetaData about = db.getMetaData();
        out.println("# client: Java " + System.getProperty("java.version") + ", sqlite-jdbc " + about.getDriverVersion() + ", SQLite " +
                    about.getDatabaseProductVersion());
        out.println((answer == 6 ? "" : "not ") + "ok 1 - the snippet");
        int checks = 1;
        for (String line : Files.readAllLines(Paths.get(arguments[0]))) {
            if (line.startsWith("--"))
                continue;
            String[] parts = line.split(" --> ");
            try (Statement next = db.createStatement()) {
                if (parts.length == 1) {
                    next.execute(parts[0]);
                    continue;
                }
                ResultSet rows = next.executeQuery(parts[0]);
                boolean passed = rows.next() && (rows.getObject(1) instanceof Double ? String.format(java.util.Locale.ROOT, "%.1f", rows.getDouble(1))
                                                                                     : rows.getString(1)).equals(parts[1]);
                out.println((passed ? "" : "not ") + "ok " + ++checks + " - " + parts[0]);
            }
        }
        out.println("1.." + checks);
    }
}

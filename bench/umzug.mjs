// Migrates with umzug, its record in SQLite: node umzug.mjs up|status FOLDER DATABASE
import Database from "libsql";
import { Umzug } from "umzug";

const [verb, folder, file] = process.argv.slice(2);
const database = new Database(file);
database.exec("CREATE TABLE IF NOT EXISTS migrations (name TEXT PRIMARY KEY)");

const umzug = new Umzug({
  migrations: { glob: ["*.cjs", { cwd: folder }] },
  storage: {
    logMigration: async ({ name }) => {
      database.prepare("INSERT INTO migrations VALUES (?)").run(name);
    },
    unlogMigration: async ({ name }) => {
      database.prepare("DELETE FROM migrations WHERE name = ?").run(name);
    },
    executed: async () =>
      database.prepare("SELECT name FROM migrations ORDER BY name").all().map((row) => row.name),
  },
  logger: undefined,
});

if (verb === "up") {
  const done = await umzug.up();
  console.log(`${done.length} applied`);
} else {
  const [executed, pending] = [await umzug.executed(), await umzug.pending()];
  console.log(`${executed.length} applied, ${pending.length} pending`);
}

/*
** array_index with what applications and tools do with a database: DEFENSIVE, copies with .dump,
** VACUUM INTO and the backup API, a connection without the extension, PRAGMA legacy_alter_table,
** and rows that change while a statement reads them.
*/
#define _DEFAULT_SOURCE
#include "store/helpers.h"

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

/* A connection that has nothing but SQLite. */
static sqlite3 *open_bare(const char *file) {
    sqlite3 *db;
    if (sqlite3_open(unit_path(file), &db) != SQLITE_OK)
        unit_bail_out("cannot open %s", file);
    sqlite3_extended_result_codes(db, 1);
    return db;
}

static sqlite3 *new_database(const char *file) {
    unit_remove(file);
    return unit_open(unit_path(file));
}

/* A table with an index whose lists have several blocks, and what else an application has */
static sqlite3 *make_file(const char *file) {
    sqlite3 *db = new_database(file);
    unit_exec(
        db,
        "CREATE TABLE article(id INTEGER PRIMARY KEY, slug TEXT UNIQUE, score INTEGER, tags BLOB);"
        "INSERT INTO article SELECT value, 's' || value, value % 9, array_of(value % 3, value % 7,"
        " value * value % 1000) FROM array_each(array_series(1, 1000));"
        "CREATE VIRTUAL TABLE article_tags USING array_index(article, tags, block=64);"
        "DELETE FROM article WHERE id % 10 = 0;"
        "CREATE TABLE other(id INTEGER PRIMARY KEY, x);"
        "INSERT INTO other VALUES (1, 10), (2, 20);"
        "CREATE INDEX by_x ON other(x); CREATE INDEX by_score ON article(score);"
        "CREATE VIEW good AS SELECT id, slug FROM article WHERE score > 6;"
        "CREATE TRIGGER seen AFTER INSERT ON other BEGIN UPDATE article SET score = score + 1"
        " WHERE id = new.id; END;");
    return db;
}

/*
** The index answers as a scan does, its own check and SQLite's find nothing, and it follows
** changes.
*/
static void check_index(sqlite3 *db, const char *name) {
    eq_text(unit_answer(db, "SELECT count(*), total(id) FROM article_tags('1 & (3 | 5) & !16')"),
            unit_answer(db, "SELECT count(*), total(id) FROM article"
                            " WHERE array_match(tags, '1 & (3 | 5) & !16')"),
            "%s: a query", name);
    eq_text(unit_answer(db, "SELECT sum(value * count) FROM article_tags_counts"),
            unit_answer(db, "SELECT sum(value) FROM (SELECT DISTINCT id, value FROM article,"
                            " array_each(tags))"),
            "%s: all counts", name);
    ok(unit_sound(db, "article_tags"), "%s: sound", name);
    unit_exec(db,
              "BEGIN; INSERT INTO article(slug, tags) VALUES ('new', '[77777]');"
              "REPLACE INTO article(slug, tags) VALUES ('s1', '[77777]');"
              "UPDATE article SET tags = '[77777]' WHERE id = 2; DELETE FROM article WHERE id = 3");
    eq_int(unit_integer(db, "SELECT count(*) FROM article_tags('77777')"), 3, "%s: follows", name);
    ok(unit_sound(db, "article_tags"), "%s: sound after changes", name);
    unit_exec(db, "ROLLBACK");
}

static void test_defensive(void) {
    sqlite3 *db = make_file("defensive.db");
    sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    check_index(db, "DEFENSIVE");
    unit_exec(db, "CREATE TABLE b(id INTEGER PRIMARY KEY, tags);"
                  "INSERT INTO b(tags) VALUES ('[1,2]'), ('[2,3]');"
                  "CREATE VIRTUAL TABLE bt USING array_index(b, tags);"
                  "INSERT INTO bt(bt) VALUES ('optimize'); INSERT INTO bt(bt) VALUES ('merge=5');"
                  "INSERT INTO bt(bt) VALUES ('rebuild'); ALTER TABLE b RENAME TO c;"
                  "ALTER TABLE c RENAME COLUMN tags TO labels; ALTER TABLE bt RENAME TO ct;"
                  "INSERT INTO c(labels) VALUES ('[3]')");
    eq_text(unit_answer(db, "SELECT id FROM ct('3')"), "2 3", "made and renamed with DEFENSIVE");
    static const struct {
        const char *sql, *message; /* a part of it */
    } attacks[] = {{"UPDATE ct_values SET n = 1", "may not be modified"},
                   {"DELETE FROM ct_blocks", "may not be modified"},
                   {"INSERT INTO ct_rows(first) VALUES (99)", "may not be modified"},
                   {"DELETE FROM ct_config", "may not be modified"},
                   {"UPDATE ct_counts SET count = 1", "modif"},
                   {"DROP TABLE ct_values", "may not be dropped"},
                   {"DROP TABLE ct_config", "may not be dropped"},
                   {"ALTER TABLE ct_rows RENAME TO z", "may not be altered"},
                   {"CREATE TABLE dt_values(z)", "dt_values"}};
    unit_exec(db, "CREATE VIRTUAL TABLE dt USING array_index(c, labels)");
    for (size_t i = 0; i < COUNT_OF(attacks); i++)
        ok(unit_try(db, "%s", attacks[i].sql) == SQLITE_ERROR &&
               strstr(sqlite3_errmsg(db), attacks[i].message) != NULL,
           "DEFENSIVE refuses %s", attacks[i].sql);
    unit_exec(db, "DROP TABLE ct; DROP TABLE dt; DROP TABLE c; DROP TABLE article_tags");
    eq_text(unit_answer(db, "SELECT count(*) FROM sqlite_schema WHERE name GLOB 'ct*' OR name GLOB"
                            " 'dt*' OR name GLOB 'article_tags*'"),
            "0", "dropped with DEFENSIVE");
    sqlite3_close(db);
}

/* ---- Authorizers */

static int refuse_triggers(void *unused, int action, const char *a, const char *b, const char *c,
                           const char *d) {
    (void)unused, (void)a, (void)b, (void)c, (void)d;
    return action == SQLITE_DROP_TRIGGER || action == SQLITE_CREATE_TRIGGER ? SQLITE_DENY
                                                                            : SQLITE_OK;
}

/*
** A UNIQUE index that is newer than the array_index needs other triggers. Who may not make them
** goes on.
*/
static void test_authorizer(void) {
    static const char looks_at_score[] = "SELECT count(*) FROM sqlite_schema WHERE type = 'trigger'"
                                         " AND sql GLOB '*c.\"score\" = new.\"score\"*'";
    sqlite3 *db = make_file("authorizer.db");
    unit_exec(db, "UPDATE article SET score = id; CREATE UNIQUE INDEX late ON article(score)");
    sqlite3_set_authorizer(db, refuse_triggers, NULL);
    unit_exec(db,
              "UPDATE article SET tags = '[1,3]' WHERE id = 1; DELETE FROM article WHERE id = 9");
    eq_int(unit_try(db, "REPLACE INTO article(id, score) VALUES (7, 8)"), SQLITE_ERROR,
           "REPLACE is refused meanwhile");
    sqlite3_set_authorizer(db, NULL, NULL);
    eq_int(unit_integer(db, looks_at_score), 0, "an authorizer that refuses triggers");
    unit_exec(db, "UPDATE article SET tags = '[1,5]' WHERE id = 1");
    eq_int(unit_integer(db, looks_at_score), 2, "and none");
    unit_exec(db, "REPLACE INTO article(id, score, tags) VALUES (7, 8, '[1]')");
    check_index(db, "after an authorizer");
    sqlite3_close(db);
}

/* ---- Copies */

/* Through .dump of a shell, and read by one; `load` is what both are told first. */
static void test_dump(const char *load, const char *copy) {
    char command[4000];
    unit_remove(copy);
    snprintf(command, sizeof command,
             "sqlite3 -init /dev/null %s %s .dump | sqlite3 -bail -init /dev/null %s %s", load,
             unit_path("original.db"), load, unit_path(copy));
    if (system("sqlite3 -version >/dev/null 2>&1") != 0) {
        skip("a dump", "there is no sqlite3 shell");
        return;
    }
    ok(system(command) == 0, "dumped: %s", copy);
    sqlite3 *db = unit_open(unit_path(copy));
    check_index(db, copy);
    sqlite3_close(db);
}

static void test_copies(void) {
    sqlite3 *db = make_file("original.db"), *copy;
    unit_remove("vacuumed.db");
    unit_must(db, "VACUUM INTO %Q", unit_path("vacuumed.db"));
    copy = unit_open(unit_path("vacuumed.db"));
    check_index(copy, "VACUUM INTO");
    sqlite3_close(copy);
    copy = new_database("backup.db");
    sqlite3_backup *backup = sqlite3_backup_init(copy, "main", db, "main");
    ok(backup != NULL && sqlite3_backup_step(backup, -1) == SQLITE_DONE &&
           sqlite3_backup_finish(backup) == SQLITE_OK,
       "the backup API");
    check_index(copy, "the backup");
    sqlite3_close(copy);
    sqlite3_close(db);
    test_dump("", "bare-copy.db");
#ifndef SQLITE_CORE
    char library[1000], load[1100];
    unit_library_path(library, sizeof library, "array");
    snprintf(load, sizeof load, "-cmd '.load %s'", library);
    test_dump(load, "loaded-copy.db");
#endif
}

/* ---- Without the extension */

static void test_refused(sqlite3 *bare) {
    static const char *const refused[] = {
        "INSERT INTO article(tags) VALUES ('[1]')",
        "REPLACE INTO article(id, tags) VALUES (1, '[1]')",
        "UPDATE article SET tags = '[1]' WHERE id = 1",
        "UPDATE article SET id = 5000 WHERE id = 1",
        "UPDATE OR REPLACE article SET slug = 's2' WHERE id = 1",
        "DELETE FROM article WHERE id = 1",
        "DELETE FROM article",
        "SELECT * FROM article_tags('1')",
        "INSERT INTO article_tags(article_tags) VALUES ('rebuild')",
        "DROP TABLE article_tags"};
    for (size_t i = 0; i < COUNT_OF(refused); i++) {
        eq_int(unit_try(bare, "%s", refused[i]), SQLITE_ERROR, "without the extension: %s",
               refused[i]);
        eq_text(sqlite3_errmsg(bare), "no such module: array_index", "why");
    }
    eq_int(unit_try(bare, "SELECT * FROM article_tags_counts"), SQLITE_ERROR, "nor the counts");
    eq_text(sqlite3_errmsg(bare), "no such module: array_index_counts", "why");
}

/*
** SQLite looks at all triggers of a schema when something in it is renamed, unless it is told not
** to.
*/
static void test_alterations(sqlite3 *bare) {
    static const char *const alterations[] = {"ALTER TABLE other RENAME TO others",
                                              "ALTER TABLE others RENAME COLUMN x TO y",
                                              "ALTER TABLE others DROP COLUMN more"};
    unit_exec(bare, "ALTER TABLE other ADD COLUMN more");
    eq_int(unit_try(bare, "%s", alterations[0]), SQLITE_ERROR, "RENAME needs the extension");
    eq_text(sqlite3_errmsg(bare),
            "error in trigger article_tags_insert: no such module: array_index", "why");
    unit_exec(bare, "PRAGMA legacy_alter_table = ON");
    eq_int(unit_try(bare, "%s", alterations[0]), SQLITE_OK, "or PRAGMA legacy_alter_table: %s",
           alterations[0]);
    unit_exec(bare, "ALTER TABLE others RENAME TO other; PRAGMA legacy_alter_table = OFF");
}

static void test_without_extension(void) {
    static const char *const works[] = {
        "UPDATE article SET score = score + 1",
        "SELECT count(*) FROM article JOIN good USING (id)",
        "INSERT INTO other(id, x) VALUES (5, 50)", /* and its trigger, which changes article */
        "UPDATE other SET x = 1",
        "DELETE FROM other WHERE id = 5",
        "ALTER TABLE article ADD COLUMN more",
        "CREATE TABLE copy AS SELECT * FROM article",
        "DROP TABLE copy",
        "CREATE INDEX by_slug ON article(slug, score)",
        "DROP INDEX by_slug",
        "DROP INDEX by_score",
        "DROP VIEW good",
        "ANALYZE article",
        "REINDEX",
        "PRAGMA optimize",
        "BEGIN; SAVEPOINT s; DELETE FROM other; ROLLBACK TO s; COMMIT",
        "VACUUM",
        "DROP TRIGGER seen",
        "DROP TABLE other"};
    sqlite3_close(make_file("bare.db"));
    sqlite3 *bare = open_bare("bare.db");
    eq_text(unit_answer(bare, "SELECT count(*), typeof(tags) FROM article"), "900|blob", "read");
    test_refused(bare);
    test_alterations(bare);
    for (size_t i = 0; i < COUNT_OF(works); i++)
        eq_int(unit_try(bare, "%s", works[i]), SQLITE_OK, "without the extension: %s", works[i]);
    eq_text(unit_answer(bare, "PRAGMA integrity_check(1)"), "ok", "PRAGMA integrity_check");
    sqlite3 *db = unit_open(unit_path("bare.db"));
    check_index(db, "after a connection without the extension");
    unit_exec(bare, "DROP TRIGGER article_tags_insert; DROP TRIGGER article_tags_replace_insert;"
                    "INSERT INTO article(id, tags) VALUES (9999, '[1]')");
    ok(unit_try(db, "SELECT * FROM article_tags('1')") == SQLITE_ERROR &&
           strstr(sqlite3_errmsg(db), "its trigger article_tags_insert is missing") != NULL &&
           strstr(sqlite3_errmsg(db), "'rebuild'") != NULL,
       "who drops a trigger is found out");
    unit_exec(db, "INSERT INTO article_tags(article_tags) VALUES ('rebuild')");
    check_index(db, "built again");
    unit_exec(bare, "DROP TRIGGER article_tags_insert; DROP TRIGGER article_tags_delete;"
                    "DROP TRIGGER article_tags_update; DROP TRIGGER article_tags_replace_insert;"
                    "DROP TRIGGER article_tags_replace_update; DROP TABLE article");
    unit_exec(db, "DROP TABLE article_tags");
    eq_int(unit_integer(db, "SELECT count(*) FROM sqlite_schema WHERE name GLOB 'article*'"), 0,
           "all of it dropped");
    sqlite3_close(db);
    sqlite3_close(bare);
}

/* ---- PRAGMA legacy_alter_table: SQLite leaves the bodies of triggers as they were. */

static void test_legacy(void) {
    static const char *const refused[] = {"INSERT INTO b(tags) VALUES ('[1]')",
                                          "UPDATE b SET id = 9 WHERE id = 1",
                                          "REPLACE INTO b(id, tags) VALUES (1, '[1]')"};
    static const struct {
        const char *sql, *table;
    } mends[] = {{"ALTER TABLE b RENAME TO a", "a"},
                 {"INSERT INTO i(i) VALUES ('rebuild')", "b"},
                 {"UPDATE b SET tags = '[1,2,3]' WHERE id = 2", "b"},
                 {"DELETE FROM b WHERE id = 3", "b"}};
    for (size_t m = 0; m < COUNT_OF(mends); m++) {
        const char *table = mends[m].table;
        sqlite3 *db = new_database("legacy.db");
        unit_exec(db, "CREATE TABLE a(id INTEGER PRIMARY KEY, u UNIQUE, v, tags);"
                      "CREATE VIRTUAL TABLE i USING array_index(a, tags);"
                      "INSERT INTO a(tags) VALUES ('[1]'), ('[1,2]'), ('[2]');"
                      "PRAGMA legacy_alter_table = ON; ALTER TABLE a RENAME TO b");
        eq_text(unit_answer(db, "SELECT id FROM i('1')"), "1 2", "a legacy RENAME: read");
        unit_exec(db, "UPDATE b SET v = 1");
        for (size_t i = 0; i < COUNT_OF(refused); i++) {
            eq_int(unit_try(db, "%s", refused[i]), SQLITE_ERROR, "a legacy RENAME: %s", refused[i]);
            eq_text(sqlite3_errmsg(db), "no such table: main.a", "why");
        }
        ok(unit_sound(db, "i"), "nothing is lost");
        unit_exec(db, mends[m].sql);
        unit_must(db, "INSERT INTO %s(u, tags) VALUES (5, '[1]'), (6, '[1]')", table);
        unit_must(db, "REPLACE INTO %s(u, tags) VALUES (5, '[7]')", table);
        eq_text(unit_answer(db, "SELECT count(*) FROM i('1 | 7')"), "4", "mended by %s",
                mends[m].sql);
        unit_must(db, "PRAGMA legacy_alter_table = OFF; ALTER TABLE %s RENAME TO c", table);
        unit_exec(db, "INSERT INTO c(tags) VALUES ('[1]')");
        eq_text(unit_answer(db, "SELECT count(*) FROM i('1')"), "4", "and renamed as usual");
        ok(unit_sound(db, "i"), "sound");
        sqlite3_close(db);
    }
}

/* ---- Rows that change while a statement reads */

/*
** Reads a query in one direction while other statements change the table between its rows. Each key
** comes once, in order; those that answer from beginning to end are all there, and no key comes
** that never answered.
*/
static void read_while(sqlite3 *db, bool backwards, const char *change, const char *name) {
    char sql[200];
    int64_t last = backwards ? INT64_MAX : INT64_MIN;
    long read = 0, steps = 0;
    bool in_order = true;
    unit_exec(db, "SAVEPOINT before; CREATE TEMP TABLE was AS SELECT id FROM article"
                  " WHERE array_match(tags, '1 | 5'); CREATE TEMP TABLE came(id)");
    snprintf(sql, sizeof sql, "SELECT id FROM article_tags('1 | 5') ORDER BY id%s",
             backwards ? " DESC" : "");
    sqlite3_stmt *reading = unit_prepare(db, sql);
    while (sqlite3_step(reading) == SQLITE_ROW) {
        const int64_t id = sqlite3_column_int64(reading, 0);
        in_order &= backwards ? id < last : id > last;
        last = id;
        read++;
        unit_must(db, "INSERT INTO came VALUES (%lld)", (long long)id);
        if (read % 7 == 0)
            unit_must(db, change, (long long)(++steps * 131 % 1000));
    }
    eq_int(sqlite3_finalize(reading), SQLITE_OK, "%s: read to the end", name);
    ok(in_order && read > 100, "%s: each key once, in order", name);
    eq_text(unit_answer(db, "SELECT id FROM was WHERE id IN (SELECT id FROM article WHERE"
                            " array_match(tags, '1 | 5')) AND id NOT IN (SELECT id FROM came)"),
            "", "%s: none is missing that was there all the time", name);
    eq_text(unit_answer(db, "SELECT id FROM came WHERE id NOT IN (SELECT id FROM was) AND id NOT IN"
                            " (SELECT id FROM article WHERE array_match(tags, '1 | 5'))"),
            "", "%s: none came that never answered", name);
    ok(unit_sound(db, "article_tags"), "%s: sound", name);
    unit_exec(db, "DROP TABLE temp.was; DROP TABLE temp.came; ROLLBACK TO before; RELEASE before");
}

static void test_changes_while_reading(void) {
    static const char *const changes[] = {
        ("UPDATE article SET tags = array_append(tags, 5) WHERE id BETWEEN %lld AND 1999 AND id %% "
         "5 = 1"),
        "UPDATE article SET tags = '[1000]' WHERE id %% 100 = %lld %% 100",
        "DELETE FROM article WHERE id = %lld",
        "INSERT OR IGNORE INTO article(id, tags) VALUES (%lld * 1000, '[1]')",
        "UPDATE OR IGNORE article SET id = id + 1 WHERE id = %lld",
        "INSERT INTO article_tags(article_tags) SELECT 'optimize' WHERE %lld %% 3 = 0",
        "INSERT INTO article_tags(article_tags) SELECT 'merge=3' WHERE %lld > 0",
        "SAVEPOINT s; DELETE FROM article WHERE id >= %lld; ROLLBACK TO s; RELEASE s",
    };
    for (int small = 0; small < 2; small++) {
        sqlite3 *db = make_file("reading.db");
        if (small) /* each change is written at once */
            unit_exec(db, "DROP TABLE article_tags; CREATE VIRTUAL TABLE article_tags USING"
                          " array_index(article, tags, block=64, log=16)");
        for (size_t i = 0; i < COUNT_OF(changes); i++) {
            read_while(db, false, changes[i], changes[i]);
            read_while(db, true, changes[i], changes[i]);
        }
        sqlite3_close(db);
    }
}

/* Statements that read the index and change its table themselves; `plain` asks a scan instead. */
static void test_changes_by_what_is_read(void) {
    static const char *const statements[][2] = {
        {"DELETE FROM article WHERE id IN article_tags('1 & 3')",
         "DELETE FROM article WHERE array_match(tags, '1 & 3')"},
        {"UPDATE article SET tags = array_append(tags, 3) WHERE id IN article_tags('1 & !3')",
         "UPDATE article SET tags = array_append(tags, 3) WHERE array_match(tags, '1 & !3')"},
        {"UPDATE article SET tags = array_append(article.tags, 9) FROM article_tags('3') AS x"
         " WHERE x.id = article.id",
         "UPDATE article SET tags = array_append(tags, 9) WHERE array_contains(tags, 3)"},
        {"INSERT INTO article(tags) SELECT a.tags FROM article_tags('9') JOIN article AS a USING "
         "(id)"
         " ORDER BY id",
         "INSERT INTO article(tags) SELECT tags FROM article WHERE array_contains(tags, 9)"
         " ORDER BY id"},
        {"INSERT OR REPLACE INTO article(id, tags) SELECT id + 1, '[9,10]' FROM article_tags('9')",
         "INSERT OR REPLACE INTO article(id, tags) SELECT id + 1, '[9,10]' FROM article"
         " WHERE array_contains(tags, 9) ORDER BY id"},
    };
    static const char all[] = "SELECT count(*), array_hash(array_agg(id)),"
                              " array_hash(array_concat_agg(tags)) FROM (SELECT * FROM article"
                              " ORDER BY id)";
    sqlite3 *db = make_file("indexed.db"), *plain = make_file("plain.db");
    unit_exec(plain, "DROP TABLE article_tags");
    for (size_t i = 0; i < COUNT_OF(statements); i++) {
        unit_exec(db, statements[i][0]);
        unit_exec(plain, statements[i][1]);
        eq_text(unit_answer(db, all), unit_answer(plain, all), "%s", statements[i][0]);
        ok(unit_sound(db, "article_tags"), "sound");
    }
    sqlite3_close(db);
    sqlite3_close(plain);
}

/* A connection that cannot open the index says why, as it does of a table. */
static void test_locked(void) {
    sqlite3 *db = make_file("locked.db"), *other = unit_open(unit_path("locked.db"));
    static const char *const statements[] = {
        "SELECT count(*) FROM article", "SELECT count(*) FROM article_tags('1')",
        "INSERT INTO article(tags) VALUES ('[1]')", "DROP TABLE article_tags"};
    unit_integer(other, "SELECT count(*) FROM sqlite_schema");
    unit_exec(db, "BEGIN EXCLUSIVE");
    for (size_t i = 0; i < COUNT_OF(statements); i++) {
        eq_int(unit_try(other, "%s", statements[i]), SQLITE_BUSY, "locked: %s", statements[i]);
        eq_text(sqlite3_errmsg(other), "database is locked", "the message of %s", statements[i]);
    }
    unit_exec(db, "COMMIT");
    check_index(other, "no longer locked");
    sqlite3_close(other);
    sqlite3_close(db);
}

int main(void) {
    test_defensive();
    test_locked();
    test_authorizer();
    test_copies();
    test_without_extension();
    test_legacy();
    test_changes_while_reading();
    test_changes_by_what_is_read();
    unit_remove("");
    return done();
}

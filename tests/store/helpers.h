/*
** For the tests of array_store: files in a directory of the test's own, SQL in printf's manner,
** answers as text, and random numbers from $SEED.
*/
#ifndef SQA_STORE_HELPERS_H
#define SQA_STORE_HELPERS_H

#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../unit_sql.h"

/* A number from the environment, for runs longer than those of `make test`. */
SQA_UNIT_SHARED long unit_setting(const char *name, long otherwise) {
    const char *given = getenv(name);
    return given != NULL && *given != '\0' ? atol(given) : otherwise;
}

/* Random numbers: SplitMix64. */
static uint64_t unit_random_state;

SQA_UNIT_SHARED uint64_t unit_random(void) {
    uint64_t x = unit_random_state += 0x9E3779B97F4A7C15;
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
    return x ^ (x >> 31);
}

/* An integer from 0 to n - 1 */
SQA_UNIT_SHARED int64_t unit_below(int64_t n) {
    return (int64_t)(unit_random() % (uint64_t)n);
}

/*
** The directory, made when first asked for, and the path of a file in it: good until eight calls
** later.
*/
static char unit_directory[500];

SQA_UNIT_SHARED const char *unit_path(const char *name) {
    static char paths[8][600];
    static int turn;
    if (unit_directory[0] == '\0') {
        const char *build = getenv("BUILD");
        snprintf(unit_directory, sizeof unit_directory, "%s/tests/store-XXXXXX",
                 build != NULL ? build : "build");
        if (mkdtemp(unit_directory) == NULL)
            unit_bail_out("cannot make %s", unit_directory);
    }
    char *path = paths[turn++ % 8];
    snprintf(path, sizeof paths[0], "%s/%s", unit_directory, name);
    return path;
}

/*
** Removes the files in the directory whose names begin so: a database with its journals; "" all,
** and itself.
*/
SQA_UNIT_SHARED void unit_remove(const char *prefix) {
    DIR *directory = opendir(unit_path("."));
    for (struct dirent *entry; directory != NULL && (entry = readdir(directory)) != NULL;) {
        if (entry->d_name[0] != '.' && strncmp(entry->d_name, prefix, strlen(prefix)) == 0)
            unlink(unit_path(entry->d_name));
    }
    if (directory != NULL)
        closedir(directory);
    if (prefix[0] == '\0')
        rmdir(unit_directory);
}

/* Copies a file in the directory, as bytes. */
SQA_UNIT_SHARED void unit_copy(const char *from, const char *to) {
    static char buffer[1 << 16];
    FILE *in = fopen(unit_path(from), "rb"), *out = fopen(unit_path(to), "wb");
    size_t n;
    while (in != NULL && out != NULL && (n = fread(buffer, 1, sizeof buffer, in)) > 0)
        fwrite(buffer, 1, n, out);
    if (in == NULL || out == NULL || ferror(in) || fclose(out) != 0)
        unit_bail_out("cannot copy %s to %s", from, to);
    fclose(in);
}

/*
** Ends the test if SQLite could not parse a statement, which is a mistake of the test whatever
** error it expects. Otherwise returns the result code.
*/
SQA_UNIT_SHARED int unit_parsed(sqlite3 *db, int rc) {
    if (rc == SQLITE_ERROR && strstr(sqlite3_errmsg(db), "syntax error") != NULL)
        unit_bail_out("%s", sqlite3_errmsg(db));
    return rc;
}

/* Runs statements, in the manner of sqlite3_mprintf(), to their end; the extended result code. */
SQA_UNIT_SHARED int unit_try(sqlite3 *db, const char *sql, ...) {
    va_list args;
    va_start(args, sql);
    char *text = sqlite3_vmprintf(sql, args);
    va_end(args);
    sqlite3_extended_result_codes(db, 1);
    const int rc = text == NULL ? SQLITE_NOMEM : sqlite3_exec(db, text, NULL, NULL, NULL);
    sqlite3_free(text);
    return unit_parsed(db, rc);
}

/* The same for statements that must succeed. */
SQA_UNIT_SHARED void unit_must(sqlite3 *db, const char *sql, ...) {
    va_list args;
    va_start(args, sql);
    char *text = sqlite3_vmprintf(sql, args);
    va_end(args);
    unit_exec(db, text);
    sqlite3_free(text);
}

/*
** Adds the rows of a statement to text, columns apart by '|', rows by ' '; the extended result
** code, or SQLITE_OK.
*/
SQA_UNIT_SHARED int unit_rows(sqlite3_stmt *statement, sqlite3_str *text) {
    bool refused = false;
    int rc;
    while ((rc = sqlite3_step(statement)) == SQLITE_ROW) {
        for (int i = 0; i < sqlite3_column_count(statement); i++) {
            const int type = sqlite3_column_type(statement, i);
            const char *value = "NULL";
            if (type == SQLITE_BLOB)
                value = "a blob";
            else if (type != SQLITE_NULL)
                value = (const char *)sqlite3_column_text(statement, i);
            refused |= value == NULL;
            sqlite3_str_appendall(text, value != NULL ? value : "");
            sqlite3_str_append(text, i + 1 < sqlite3_column_count(statement) ? "|" : " ", 1);
        }
    }
    sqlite3_reset(statement);
    return rc != SQLITE_DONE ? rc : refused ? SQLITE_NOMEM : SQLITE_OK;
}

/*
** What a statement answers: its rows, or its error, which is never the text of another error, so
** that two answers that are compared are rows; cut to 4,000 bytes, and good until eight calls
** later.
*/
SQA_UNIT_SHARED const char *unit_answer(sqlite3 *db, const char *sql, ...) {
    static char answers[8][4000];
    static int turn, errors;
    char *answer = answers[turn++ % 8];
    sqlite3_stmt *statement = NULL;
    sqlite3_str *text = sqlite3_str_new(NULL);
    va_list args;
    va_start(args, sql);
    char *expanded = sqlite3_vmprintf(sql, args);
    va_end(args);
    if (unit_parsed(db, sqlite3_prepare_v2(db, expanded, -1, &statement, NULL)) != SQLITE_OK ||
        unit_rows(statement, text) != SQLITE_OK)
        sqlite3_str_appendf(text, "error %d, code %d: %s ", ++errors, sqlite3_extended_errcode(db),
                            sqlite3_errmsg(db));
    sqlite3_snprintf((int)sizeof answers[0], answer, "%s", sqlite3_str_value(text));
    if (answer[0] != '\0') /* without the last blank */
        answer[strlen(answer) - 1] = '\0';
    sqlite3_finalize(statement);
    sqlite3_free(expanded);
    sqlite3_free(sqlite3_str_finish(text));
    return answer;
}

/* A store's own check and SQLite's: whether both find nothing. */
SQA_UNIT_SHARED bool unit_sound(sqlite3 *db, const char *store) {
    const int rc = unit_try(db, "INSERT INTO %w(%w) VALUES ('integrity-check')", store, store);
    if (rc != SQLITE_OK)
        printf("# %s: integrity-check: %d %s\n", store, rc, sqlite3_errmsg(db));
    const char *said = unit_answer(db, "PRAGMA integrity_check");
    if (strcmp(said, "ok") != 0)
        printf("# PRAGMA integrity_check: %.300s\n", said);
    return rc == SQLITE_OK && strcmp(said, "ok") == 0;
}

#endif

/* C, and C++ as it stands: c STATEMENTS */
#include <stdio.h>
#include <string.h>

/* manual: C and C++ */
#include "sqlite_array.h"

int sum(sqlite3 *db, const int64_t *numbers, size_t n, int64_t *answer) {
    sqlite3_stmt *statement;
    int rc;
    sqlite3_enable_load_extension(db, 1);
    rc = sqlite3_load_extension(db, "./array", NULL, NULL);
    if (rc == SQLITE_OK)
        rc = sqlite3_prepare_v2(db, "SELECT array_sum(?)", -1, &statement, NULL);
    if (rc != SQLITE_OK)
        return rc;
    sqlite_array_bind(statement, 1, numbers, n); /* or sqlite3_bind_text(): "[1,2,3]" */
    if (sqlite3_step(statement) == SQLITE_ROW)
        *answer = sqlite3_column_int64(statement, 0);
    return sqlite3_finalize(statement);
}
/* end */

static int checks;

static void check(int passed, const char *what) {
    printf("%sok %d - %s\n", passed ? "" : "not ", ++checks, what);
}

static void run(sqlite3 *db, const char *sql, const char *expected) {
    sqlite3_stmt *statement;
    const char *text;
    if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) != SQLITE_OK) {
        printf("Bail out! %s: %s\n", sql, sqlite3_errmsg(db));
        return;
    }
    while (sqlite3_step(statement) == SQLITE_ROW) {
        text = (const char *)sqlite3_column_text(statement, 0);
        if (expected != NULL)
            check(text != NULL && strcmp(text, expected) == 0, sql);
    }
    if (sqlite3_finalize(statement) != SQLITE_OK)
        printf("Bail out! %s: %s\n", sql, sqlite3_errmsg(db));
}

int main(int argc, char **argv) {
    const int64_t numbers[] = {1, 2, 3};
    int64_t answer = 0;
    char line[1000], *arrow;
    sqlite3 *db;
    FILE *file = argc > 1 ? fopen(argv[1], "r") : NULL;
    if (file == NULL || sqlite3_open(":memory:", &db) != SQLITE_OK ||
        sum(db, numbers, 3, &answer) != SQLITE_OK)
        return 1;
#ifdef __cplusplus
    printf("# client: C++ (%s), SQLite %s\n", __VERSION__, sqlite3_libversion());
#else
    printf("# client: C (%s), SQLite %s\n", __VERSION__, sqlite3_libversion());
#endif
    check(answer == 6, "the snippet");
    while (fgets(line, sizeof line, file) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        arrow = strstr(line, " --> ");
        if (arrow != NULL)
            *arrow = '\0';
        run(db, line, arrow != NULL ? arrow + 5 : NULL);
    }
    fclose(file);
    printf("1..%d\n", checks);
    return sqlite3_close(db);
}

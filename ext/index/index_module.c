/*
** array_index: finds the rows of a table by the elements of their arrays.
**
**     CREATE VIRTUAL TABLE article_tags USING array_index(article, tags);
**         -- builds the index, which follows article from now on
**     SELECT * FROM article WHERE id IN article_tags('7 & (9 | !3)');
**     SELECT a.* FROM article_tags('7 & 9') JOIN article AS a USING (id) ORDER BY id DESC LIMIT 20;
**     SELECT a.* FROM article_tags AS x JOIN article AS a USING (id)
**       WHERE array_contains_any(x.tags, ?1);
**     INSERT INTO article_tags(article_tags) VALUES ('optimize');
**         -- or 'rebuild', 'merge=N', 'integrity-check'
**
** ext/README.md describes how it is made.
*/
#include "index/builder.h"
#include "index/changes.h"
#include "index/index_commands.h"
#include "index/index_cursor.h"
#include "index/index_form.h"
#include "index/index_object.h"
#include "index/index_plan.h"
#include "index/indexed.h"
#include "sql/registry.h"

SQLITE_EXTENSION_INIT3

/* ---- Create, connect, drop, rename */

static void index_declare(struct sqa_index *index) {
    const struct sqa_indexed *source = &index->source;
    sqa_index_declare(
        index,
        sqa_sql("CREATE TABLE x(\"%w\" INTEGER, \"%w\" HIDDEN, \"%w\" HIDDEN, _old HIDDEN, "
                "_new HIDDEN, _note HIDDEN)",
                source->key == NULL ? "id" : source->key, index->vtab.table, source->column));
}

/* Limits a block to a quarter of a page of the database, so that four of them fit. */
static void limit_block(struct sqa_index *index) {
    sqlite3_stmt *pragma;
    (void)sqa_vtab_prepare(&index->vtab, sqa_sql("PRAGMA \"%w\".page_size", index->vtab.schema), 0,
                           &pragma);
    if (sqa_vtab_step(&index->vtab, pragma)) {
        const int64_t quarter = (sqlite3_column_int64(pragma, 0) - 96) / 4;
        int64_t *const block = &index->vtab.options[SQA_INDEX_BLOCK];
        *block = *block > quarter ? quarter : *block;
    }
    sqa_vtab_finalize(&index->vtab, pragma);
}

/* Creates the shadow tables and NAME_counts, which gets the same arguments. */
static void index_create_tables(struct sqa_index *index) {
    char *arguments = sqa_sql("\"%w\", \"%w\"", index->source.table, index->source.column);
    if (sqa_vtab_has_memory(&index->vtab, arguments != NULL))
        (void)sqa_shadow_create(&index->vtab, arguments);
    sqa_object_free(arguments);
}

static void create(struct sqa_index *index) {
    sqlite3 *db = index->vtab.connection->db;
    const int64_t last_insert = sqlite3_last_insert_rowid(db);
    sqa_indexed_inspect(index);
    limit_block(index);
    index_create_tables(index);
    sqa_index_build(index);
    sqa_indexed_follow(index, index->vtab.table);
    sqlite3_set_last_insert_rowid(db, last_insert);
}

static int index_make(void *connection, int argc, const char *const *argv, bool is_new,
                      sqlite3_vtab **vtab, char **error) {
    enum { TABLE = 2 };
    struct sqa_index *index;
    const int rc = sqa_index_new(connection, argc, argv, argv[TABLE], &index, error);
    if (rc != SQLITE_OK)
        return rc;
    if (is_new)
        create(index);
    else
        sqa_indexed_find(index);
    index_declare(index);
    return sqa_index_finish(index, vtab, error);
}

static int index_create(sqlite3 *db, void *connection, int argc, const char *const *argv,
                        sqlite3_vtab **vtab, char **error) {
    (void)db;
    return index_make(connection, argc, argv, true, vtab, error);
}

static int index_connect(sqlite3 *db, void *connection, int argc, const char *const *argv,
                         sqlite3_vtab **vtab, char **error) {
    (void)db;
    return index_make(connection, argc, argv, false, vtab, error);
}

static int index_disconnect(sqlite3_vtab *base) {
    sqa_index_free(sqa_index_of(base));
    return SQLITE_OK;
}

static int index_destroy(sqlite3_vtab *base) {
    struct sqa_index *index = sqa_index_of(base);
    const int outer = sqa_status_begin(&index->vtab);
    sqa_indexed_leave(index);
    (void)sqa_vtab_destroy(&index->vtab);
    const int rc = sqa_status_end(&index->vtab, outer);
    return rc == SQLITE_OK ? index_disconnect(base) : rc;
}

static int index_rename(sqlite3_vtab *base, const char *name) {
    struct sqa_index *index = sqa_index_of(base);
    const int outer = sqa_status_begin(&index->vtab);
    (void)sqa_vtab_enter_to_write(&index->vtab);
    sqa_indexed_check_renamed(index, name);
    if (index->is_behind) /* as at a commit, because new triggers would hide what is missing */
        sqa_index_write_anew(index);
    sqa_indexed_leave(index);
    (void)sqa_vtab_rename(&index->vtab, name);
    sqa_indexed_follow(index, name);
    return sqa_status_end(&index->vtab, outer);
}

/* ---- What the triggers and commands insert */

static void index_insert_row(struct sqa_index *index, sqlite3_value **argv) {
    enum { ROWID = 1, OLD = 2 + SQA_INDEX_OLD, NEW = 2 + SQA_INDEX_NEW, NOTE = 2 + SQA_INDEX_NOTE };
    const int note = sqlite3_value_type(argv[NOTE]);
    const int64_t key = sqlite3_value_int64(argv[ROWID]);
    const int conflict = sqlite3_vtab_on_conflict(index->vtab.connection->db);
    const char *name = index->vtab.table;
    (void)sqa_vtab_enter_to_write(&index->vtab);
    sqa_indexed_check(index);
    if (conflict == SQLITE_REPLACE && !index->is_covered)
        (void)sqa_vtab_fail(
            &index->vtab, SQLITE_ERROR,
            "array_index: %s has a UNIQUE index that is partial, of expressions or newer than %s, "
            "and REPLACE may remove a row by it that %s would not be told of; after INSERT INTO "
            "%s(%s) VALUES ('rebuild') it follows new ones of plain columns",
            index->source.table, name, name, name, name);
    if (sqa_index_failed(index))
        return;
    if (note == SQLITE_TEXT) { /* otherwise no row is removed */
        if (conflict == SQLITE_REPLACE || conflict == SQLITE_ABORT)
            sqa_note_row(index, key, argv[OLD]);
        return;
    }
    const bool is_update = note == SQLITE_INTEGER;
    const struct sqa_row_change change = {
        .old_key = is_update ? sqlite3_value_int64(argv[NOTE]) : key,
        .before = argv[OLD],
        .key = key,
        .after = argv[NEW],
        .has_arrived = is_update ? sqlite3_value_int64(argv[NOTE]) != key
                                 : sqlite3_value_type(argv[OLD]) == SQLITE_NULL,
    };
    if (index->has_other_triggers)
        sqa_change_rows_as_they_are(index, &change);
    else
        sqa_change_row(index, &change);
}

/* Returns the inserted command, or NULL if there is none. */
static const char *inserted_command(int argc, sqlite3_value **argv) {
    return argc > 1 && sqlite3_value_type(argv[0]) == SQLITE_NULL
               ? (const char *)sqlite3_value_text(argv[2 + SQA_INDEX_QUERY])
               : NULL;
}

static int index_update(sqlite3_vtab *base, int argc, sqlite3_value **argv, sqlite3_int64 *rowid) {
    struct sqa_index *index = sqa_index_of(base);
    const int outer = sqa_status_begin(&index->vtab);
    const char *command;
    if (argc > 1 && sqlite3_value_type(argv[0]) == SQLITE_NULL &&
        sqlite3_value_type(argv[1]) == SQLITE_INTEGER) {
        *rowid = sqlite3_value_int64(argv[1]);
        index_insert_row(index, argv);
    } else if ((command = inserted_command(argc, argv)) != NULL) {
        *rowid = 0;
        sqa_index_command(index, command);
    } else {
        (void)sqa_vtab_fail(&index->vtab, SQLITE_ERROR,
                            "array_index: %s follows %s, whose rows are to be changed instead",
                            index->vtab.table, index->source.table);
    }
    return sqa_status_end(&index->vtab, outer);
}

/* ---- The commit */

/*
** Returns true if the index is behind, as far as this object, one of several for the index, can
** tell, and if the connection may change triggers. Compiling a statement asks the authorizer.
*/
static bool can_catch_up(struct sqa_index *index) {
    struct sqa_vtab *vtab = &index->vtab;
    const int outer = sqa_status_begin(vtab);
    sqlite3_stmt *drop;
    (void)sqa_vtab_enter_to_write(vtab);
    sqa_indexed_check(index);
    (void)sqa_vtab_prepare(
        vtab, sqa_sql("DROP TRIGGER \"%w\".\"%w_insert\"", vtab->schema, vtab->table), 0, &drop);
    sqa_vtab_finalize(vtab, drop);
    const int rc = sqa_status_end(vtab, outer);
    sqa_index_pass_over(index, rc);
    return rc == SQLITE_OK && index->is_behind;
}

/*
** If a UNIQUE index is newer than the triggers, UPDATE OR REPLACE may have removed rows without a
** trigger reporting it. So the index and its triggers are created again, which takes about as long
** as creating that UNIQUE index. This happens at the commit of a change, when no statement is
** running that was compiled with the present triggers. PRAGMA query_only and an authorizer postpone
** it.
*/
static void catch_up(struct sqa_index *index) {
    const int outer = sqa_status_begin(&index->vtab);
    sqa_index_rebuild(index);
    const int rc = sqa_status_end(&index->vtab, outer);
    (void)sqa_vtab_note(&index->vtab, (rc & 0xff) == SQLITE_READONLY ? SQLITE_OK : rc);
}

static int index_sync(sqlite3_vtab *base) {
    struct sqa_index *index = sqa_index_of(base);
    const int outer = sqa_status_begin(&index->vtab);
    if (index->is_behind && index->vtab.memory->is_dirty && can_catch_up(index))
        catch_up(index);
    (void)sqa_vtab_flush(&index->vtab);
    return sqa_status_end(&index->vtab, outer);
}

/* Overloads the functions on the array column that a plan can answer. */
static int index_find_function(sqlite3_vtab *base, int argc, const char *name,
                               void (**call)(sqlite3_context *, int, sqlite3_value **),
                               void **user_data) {
    if (argc != 2)
        return 0;
    for (int i = 0; i < SQA_INDEX_FUNCTIONS; i++) {
        if (sqlite3_stricmp(name, sqa_index_functions[i].name) == 0)
            return sqa_registered_function(sqa_index_of(base)->vtab.connection, name, call,
                                           user_data)
                       ? SQLITE_INDEX_CONSTRAINT_FUNCTION + i
                       : 0;
    }
    return 0;
}

static int index_shadow_name(const char *name) {
    return sqa_shadow_is_name(&sqa_index_form, name);
}

/* ---- The module */

static int index_integrity(sqlite3_vtab *base, const char *schema, const char *table, int flags,
                           char **wrong) {
    (void)schema, (void)table, (void)flags;
    return sqa_index_examine(sqa_index_of(base), wrong);
}

const struct sqa_module sqa_module_index = {
    .base =
        {
            .iVersion = 4,
            .xCreate = index_create,
            .xConnect = index_connect,
            .xBestIndex = sqa_index_best_index,
            .xDisconnect = index_disconnect,
            .xDestroy = index_destroy,
            .xOpen = sqa_index_open,
            .xClose = sqa_index_close,
            .xFilter = sqa_index_filter,
            .xNext = sqa_index_next,
            .xEof = sqa_index_eof,
            .xColumn = sqa_index_column,
            .xRowid = sqa_index_rowid,
            .xUpdate = index_update,
            .xBegin = sqa_vtab_begin,
            .xSync = index_sync,
            .xCommit = sqa_vtab_commit,
            .xRollback = sqa_vtab_rollback,
            .xFindFunction = index_find_function,
            .xRename = index_rename,
            .xSavepoint = sqa_vtab_savepoint,
            .xRelease = sqa_vtab_release,
            .xRollbackTo = sqa_vtab_rollback_to,
            .xShadowName = index_shadow_name,
#if SQLITE_VERSION_NUMBER >= 3044000
            .xIntegrity = index_integrity,
#endif
        },
#if SQLITE_VERSION_NUMBER < 3044000
    .xIntegrity = index_integrity,
#endif
};

/*
** array_index_counts, the module of NAME_counts: the number of rows that have each value, in
** ascending order of values. It is created, renamed and dropped along with the index NAME, which it
** finds by its own name.
**
**     SELECT value, count FROM article_tags_counts;            -- of all rows
**     SELECT value, count FROM article_tags_counts('7 & 9')    -- of the rows that answer this
**       ORDER BY count DESC LIMIT 10;
*/
#include "index/facets.h"
#include "index/index_form.h"
#include "index/index_object.h"
#include "index/kept_search.h"
#include "sql/registry.h"
#include "vtab/companion.h"

SQLITE_EXTENSION_INIT3

enum { VALUE, COUNT, QUERY };

struct index_counts_cursor {
    sqlite3_vtab_cursor base;
    struct sqa_facets facets;
    size_t at;
};

static struct index_counts_cursor *counts_of(sqlite3_vtab_cursor *base) {
    return (struct index_counts_cursor *)base;
}

static int make_counts(void *connection, int argc, const char *const *argv, bool is_new,
                       sqlite3_vtab **vtab, char **error) {
    enum { TABLE = 2 };
    struct sqa_index *index;
    char *name = sqa_companion_owner(&sqa_index_form, argv[TABLE]);
    if (name == NULL)
        return SQLITE_NOMEM;
    const int rc = sqa_index_new(connection, argc, argv, name, &index, error);
    sqa_object_free(name);
    if (rc != SQLITE_OK)
        return rc;
    /* argv may be freed after a failure: when out of memory, SQLite reads its schema again */
    if (is_new && sqa_vtab_enter(&index->vtab) != SQLITE_OK)
        (void)sqa_vtab_explain(&index->vtab, "array_index_counts: the table NAME_counts is made by "
                                             "CREATE VIRTUAL TABLE NAME USING array_index");
    sqa_index_declare(index, sqa_sql("CREATE TABLE x(value INTEGER, count INTEGER, query HIDDEN)"));
    return sqa_index_finish(index, vtab, error);
}

static int counts_table_create(sqlite3 *db, void *connection, int argc, const char *const *argv,
                               sqlite3_vtab **vtab, char **error) {
    (void)db;
    return make_counts(connection, argc, argv, true, vtab, error);
}

static int counts_table_connect(sqlite3 *db, void *connection, int argc, const char *const *argv,
                                sqlite3_vtab **vtab, char **error) {
    (void)db;
    return make_counts(connection, argc, argv, false, vtab, error);
}

static int counts_table_disconnect(sqlite3_vtab *base) {
    sqa_index_free(sqa_index_of(base));
    return SQLITE_OK;
}

static int counts_table_rename(sqlite3_vtab *base, const char *to) {
    return sqa_companion_rename(&sqa_index_of(base)->vtab, to);
}

/* idxNum is 1 for a plan with a query, otherwise 0. */
static int counts_table_best_index(sqlite3_vtab *base, sqlite3_index_info *info) {
    enum { ALL = 1000, SOME = 100000 }; /* costs */
    (void)base;
    for (int i = 0; i < info->nConstraint; i++) {
        const struct sqlite3_index_constraint *constraint = &info->aConstraint[i];
        if (constraint->iColumn != QUERY || constraint->op != SQLITE_INDEX_CONSTRAINT_EQ)
            continue;
        if (!constraint->usable)
            return SQLITE_CONSTRAINT;
        if (info->idxNum == 0) {
            info->idxNum = 1;
            info->aConstraintUsage[i].argvIndex = 1;
            info->aConstraintUsage[i].omit = 1;
        }
    }
    info->estimatedCost = info->idxNum == 0 ? ALL : SOME;
    info->estimatedRows = ALL;
    if (info->nOrderBy >= 1 && info->aOrderBy[0].iColumn == VALUE && !info->aOrderBy[0].desc)
        info->orderByConsumed = 1; /* all values are different */
    return SQLITE_OK;
}

static int counts_table_open(sqlite3_vtab *base, sqlite3_vtab_cursor **made) {
    struct index_counts_cursor *cursor = sqa_object_new(sizeof *cursor);
    if (cursor == NULL)
        return SQLITE_NOMEM;
    cursor->facets.index = sqa_index_of(base);
    *made = &cursor->base;
    return SQLITE_OK;
}

static int counts_table_close(sqlite3_vtab_cursor *base) {
    sqa_facets_clear(&counts_of(base)->facets);
    sqa_object_free(base);
    return SQLITE_OK;
}

static int counts_table_filter(sqlite3_vtab_cursor *base, int number, const char *plan, int argc,
                               sqlite3_value **argv) {
    struct index_counts_cursor *cursor = counts_of(base);
    struct sqa_index *index = cursor->facets.index;
    struct sqa_search *search = NULL;
    (void)plan, (void)argc;
    sqa_facets_clear(&cursor->facets);
    cursor->at = 0;
    const int outer = sqa_status_begin(&index->vtab);
    sqa_index_enter(index);
    if (number != 0)
        search =
            sqa_search_take(index, &(struct sqa_term){.kind = SQA_TERM_QUERY, .value = argv[0]}, 1);
    sqa_facets_count(&cursor->facets, search);
    sqa_search_give(search);
    return sqa_status_end(&index->vtab, outer);
}

static int counts_table_next(sqlite3_vtab_cursor *base) {
    counts_of(base)->at++;
    return SQLITE_OK;
}

static int counts_table_eof(sqlite3_vtab_cursor *base) {
    return counts_of(base)->at >= counts_of(base)->facets.n;
}

static int counts_table_column(sqlite3_vtab_cursor *base, sqlite3_context *context, int column) {
    const struct sqa_facet *facet = &counts_of(base)->facets.facets[counts_of(base)->at];
    if (column == VALUE)
        sqlite3_result_int64(context, facet->value);
    else if (column == COUNT)
        sqlite3_result_int64(context, facet->count);
    return SQLITE_OK;
}

static int counts_table_rowid(sqlite3_vtab_cursor *base, sqlite3_int64 *rowid) {
    *rowid = counts_of(base)->facets.facets[counts_of(base)->at].value;
    return SQLITE_OK;
}

const struct sqa_module sqa_module_index_counts = {
    .base =
        {
            .iVersion = 1,
            .xCreate = counts_table_create,
            .xConnect = counts_table_connect,
            .xBestIndex = counts_table_best_index,
            .xDisconnect = counts_table_disconnect,
            .xDestroy = counts_table_disconnect,
            .xOpen = counts_table_open,
            .xClose = counts_table_close,
            .xFilter = counts_table_filter,
            .xNext = counts_table_next,
            .xEof = counts_table_eof,
            .xColumn = counts_table_column,
            .xRowid = counts_table_rowid,
            .xRename = counts_table_rename,
        },
};

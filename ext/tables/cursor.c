#include "tables/cursor.h"

#include <string.h>

#include "sql/arguments.h"
#include "sql/whole_array.h"
#include "sql/result.h"
#include "tables/plan.h"

SQLITE_EXTENSION_INIT3

int sqa_table_connect(const struct sqa_form *form, sqlite3 *db, void *connection,
                      sqlite3_vtab **vtab) {
    int rc = sqlite3_declare_vtab(db, form->schema);
    if (rc == SQLITE_OK)
        rc = sqlite3_vtab_config(db, form->config);
    if (rc != SQLITE_OK)
        return rc;
    struct sqa_table *table = sqa_object_new(sizeof *table);
    if (table == NULL)
        return SQLITE_NOMEM;
    table->form = form;
    table->connection = connection;
    *vtab = &table->base;
    return SQLITE_OK;
}

int sqa_table_disconnect(sqlite3_vtab *vtab) {
    sqa_object_free(vtab);
    return SQLITE_OK;
}

int sqa_cursor_open(sqlite3_vtab *vtab, sqlite3_vtab_cursor **cursor) {
    struct sqa_cursor *c = sqa_object_new(((struct sqa_table *)vtab)->form->cursor_size);
    if (c == NULL)
        return SQLITE_NOMEM;
    *cursor = &c->base;
    return SQLITE_OK;
}

static void drop_argument(struct sqa_argument *argument) {
    sqa_pool_give(argument->blob);
    sqlite3_value_free(argument->value);
    *argument = (struct sqa_argument){.blob = NULL};
}

int sqa_cursor_close(sqlite3_vtab_cursor *cursor) {
    struct sqa_cursor *c = (struct sqa_cursor *)cursor;
    for (int i = 0; i < SQA_ARGUMENTS; i++)
        drop_argument(&c->arguments[i]);
    sqa_scratch_give(c->scratch);
    sqa_object_free(c);
    return SQLITE_OK;
}

int sqa_cursor_next(sqlite3_vtab_cursor *cursor) {
    struct sqa_cursor *c = (struct sqa_cursor *)cursor;
    c->row += c->step;
    return SQLITE_OK;
}

int sqa_cursor_eof(sqlite3_vtab_cursor *cursor) {
    const struct sqa_cursor *c = (const struct sqa_cursor *)cursor;
    return c->row == c->end;
}

int sqa_cursor_rowid(sqlite3_vtab_cursor *cursor, sqlite3_int64 *rowid) {
    *rowid = ((const struct sqa_cursor *)cursor)->row + 1;
    return SQLITE_OK;
}

void sqa_cursor_rows(struct sqa_cursor *cursor, int64_t first, int64_t last, bool backwards) {
    if (first > last) {
        first = 0;
        last = -1;
    }
    cursor->row = backwards ? last : first;
    cursor->end = backwards ? first - 1 : last + 1;
    cursor->step = backwards ? -1 : 1;
}

enum sqa_status sqa_cursor_measure(struct sqa_cursor *cursor, const struct sqa_view *view) {
    if (cursor->row == cursor->end)
        return SQA_OK;
    /* the run ends where the elements differ from themselves, moved by one */
    struct sqa_connection *connection = sqa_cursor_table(cursor)->connection;
    sqa_mismatch_fn *mismatch = connection->kernels->mismatch[sqa_width_index(view->width)];
    const unsigned char *start = view->data + (uint64_t)cursor->row * view->width;
    const size_t pairs = (size_t)(cursor->end - cursor->row - 1);
    struct sqa_poll poll = sqa_poll_of(connection);
    size_t same = 0;
    for (size_t n; (n = sqa_next_run(pairs, same, &poll)) > 0;) {
        const unsigned char *at = start + same * view->width;
        const size_t i = mismatch(at, at + view->width, n);
        same += i;
        if (i < n)
            break;
    }
    cursor->step = 1 + (int64_t)same;
    return poll.stopped ? SQA_INTERRUPT : SQA_OK;
}

void sqa_cursor_argument(const struct sqa_cursor *cursor, sqlite3_context *context, int column) {
    const int i = column - sqa_cursor_table(cursor)->form->first_argument;
    const struct sqa_argument *argument = &cursor->arguments[i];
    if (argument->value != NULL)
        sqlite3_result_value(context, argument->value);
    else if (argument->blob != NULL)
        sqlite3_result_blob64(context, argument->blob,
                              sqa_blob_size(argument->view.count, argument->view.width),
                              SQLITE_TRANSIENT);
}

struct sqa_call sqa_cursor_call(const struct sqa_cursor *cursor, sqlite3_context *context) {
    const struct sqa_table *table = sqa_cursor_table(cursor);
    return (struct sqa_call){.context = context,
                             .connection = table->connection,
                             .name = table->form->name,
                             .poll = sqa_poll_of(table->connection)};
}

/*
** Keeps a copy of a BLOB that is an array. The buffer of the argument before it serves again where
** it is large enough: in a join there is an xFilter for every row.
*/
static enum sqa_status keep_blob(struct sqa_argument *argument, struct sqa_call *call,
                                 const struct sqa_view *view) {
    const uint64_t size = sqa_blob_size(view->count, view->width);
    if (argument->blob != NULL && sqa_pool_capacity(argument->blob) < size) {
        sqa_pool_give(argument->blob);
        argument->blob = NULL;
    }
    if (argument->blob == NULL)
        argument->blob = sqa_pool_take(call->connection->pool, size);
    if (argument->blob == NULL)
        return SQA_NOMEM;
    argument->view = (struct sqa_view){argument->blob + SQA_HEADER, view->count, view->width};
    memcpy(argument->blob, view->data - SQA_HEADER, SQA_HEADER);
    return sqa_whole_copy(call, view, argument->blob + SQA_HEADER, view->width);
}

/* True for the text that was parsed last: where it is a constant, it is parsed once. */
static bool is_kept_text(const struct sqa_argument *argument, sqlite3_value *value) {
    if (argument->value == NULL || sqlite3_value_type(value) != SQLITE_TEXT)
        return false;
    const void *text = sqlite3_value_text(value), *kept = sqlite3_value_text(argument->value);
    const int size = sqlite3_value_bytes(value);
    /* unreached: what is kept has been converted before */
    return text != NULL && kept != NULL && size == sqlite3_value_bytes(argument->value) &&
           memcmp(text, kept, (size_t)size) == 0;
}

static enum sqa_status keep_array(struct sqa_argument *argument, struct sqa_call *call, int i) {
    sqlite3_value *value = call->argv[i];
    struct sqa_view view;
    char why[200];
    void *parsed;
    if (is_kept_text(argument, value))
        return SQA_OK;
    sqlite3_value_free(argument->value);
    argument->value = NULL;
    const enum sqa_status status =
        sqa_value_array(call->connection, value, &view, &parsed, why, sizeof why);
    if (status == SQA_ARGUMENT)
        return sqa_fail(call, "argument %d%s", i + 1, why);
    if (status != SQA_OK)
        return status;
    if (parsed == NULL)
        return keep_blob(argument, call, &view);
    sqa_pool_give(argument->blob);
    argument->blob = parsed;
    argument->view = view;
    argument->value = sqlite3_value_dup(value);
    return argument->value == NULL ? SQA_NOMEM : SQA_OK;
}

static enum sqa_status keep_value(struct sqa_argument *argument, sqlite3_value *value) {
    sqlite3_value_free(argument->value);
    argument->value = sqlite3_value_dup(value);
    return argument->value == NULL ? SQA_NOMEM : SQA_OK;
}

enum sqa_status sqa_filter_start(struct sqa_filter *filter, struct sqa_cursor *cursor, int plan,
                                 sqlite3_value **argv) {
    const struct sqa_table *table = sqa_cursor_table(cursor);
    const struct sqa_form *form = table->form;
    const int most = form->required + form->optional;
    sqa_cursor_rows(cursor, 0, -1, false);
    filter->call = sqa_cursor_call(cursor, NULL);
    filter->call.argc = most;
    filter->call.argv = filter->arguments;
    filter->has_null = false;
    for (int i = 0; i < SQA_ARGUMENTS; i++) {
        const bool given = i < form->required || (i < most && (plan & SQA_PLAN_OPTION(i)));
        filter->arguments[i] = given ? *argv++ : NULL;
        if (given && sqlite3_value_type(filter->arguments[i]) == SQLITE_NULL)
            filter->has_null = true;
    }
    filter->constraints = argv;
    enum sqa_status status = SQA_OK;
    for (int i = 0; i < most && !filter->has_null && status == SQA_OK; i++) {
        if (filter->arguments[i] == NULL)
            drop_argument(&cursor->arguments[i]); /* another term of an OR may have given it */
        else if (i < form->arrays)
            status = keep_array(&cursor->arguments[i], &filter->call, i);
        else
            status = keep_value(&cursor->arguments[i], filter->arguments[i]);
    }
    return status;
}

int sqa_filter_end(struct sqa_filter *filter, struct sqa_cursor *cursor, enum sqa_status status) {
    char detail[sizeof filter->call.message];
    char **message = &cursor->base.pVtab->zErrMsg;
    if (status == SQA_OK)
        return SQLITE_OK;
    if (status == SQA_NOMEM)
        return SQLITE_NOMEM;
    if (status != SQA_ARGUMENT)
        sqa_status_text(status, &filter->call.error, detail, sizeof detail);
    sqa_object_free(*message);
    *message = sqa_message("%s: %s", filter->call.name,
                           status == SQA_ARGUMENT ? filter->call.message : detail);
    if (*message == NULL)
        return SQLITE_NOMEM;
    return status == SQA_TOOBIG      ? SQLITE_TOOBIG
           : status == SQA_INTERRUPT ? SQLITE_INTERRUPT
                                     : SQLITE_ERROR;
}

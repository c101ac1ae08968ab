#include "tables/cursor.h"

#include "sql/scratch.h"
#include "vtab/message.h"

SQLITE_EXTENSION_INIT3

int sqa_table_connect(const struct sqa_form *form, sqlite3 *db, void *connection,
                      sqlite3_vtab **vtab) {
    int rc = sqlite3_declare_vtab(db, form->schema);
    if (rc == SQLITE_OK)
        rc = sqlite3_vtab_config(db, form->config);
    if (rc != SQLITE_OK)
        return rc;
    struct sqa_table *table =
        sqa_object_new(form->table_size > 0 ? form->table_size : sizeof *table);
    if (table == NULL)
        return SQLITE_NOMEM;
    table->form = form;
    table->connection = connection;
    *vtab = &table->base;
    return SQLITE_OK;
}

void sqa_table_call(const sqlite3_vtab *vtab, struct sqa_call *call, sqlite3_context *context) {
    const struct sqa_table *table = (const struct sqa_table *)vtab;
    sqa_call_begin(call, table->connection, table->form->name);
    call->context = context;
}

int sqa_table_end(sqlite3_vtab *vtab, struct sqa_call *call) {
    const enum sqa_status status = sqa_call_status(call);
    char text[SQA_CALL_TEXT];
    sqa_call_end(call);
    if (status == SQA_OK)
        return SQLITE_OK;
    if (status == SQA_NOMEM)
        return SQLITE_NOMEM;
    const int rc = status == SQA_TOOBIG      ? SQLITE_TOOBIG
                   : status == SQA_INTERRUPT ? SQLITE_INTERRUPT
                                             : SQLITE_ERROR;
    sqa_call_text(call, text);
    return sqa_vtab_message(vtab, rc, sqa_message("%s", text));
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

void sqa_argument_drop(struct sqa_argument *argument) {
    sqa_pool_give(argument->blob);
    sqlite3_value_free(argument->value);
    *argument = (struct sqa_argument){.view = sqa_view_empty()};
}

int sqa_cursor_close(sqlite3_vtab_cursor *cursor) {
    struct sqa_cursor *c = (struct sqa_cursor *)cursor;
    for (int i = 0; i < SQA_ARGUMENTS; i++)
        sqa_argument_drop(&c->arguments[i]);
    sqa_scratch_free(c->scratch);
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

void sqa_cursor_measure(struct sqa_cursor *cursor, const struct sqa_view *view,
                        struct sqa_poll *poll) {
    if (cursor->row == cursor->end)
        return;
    /* the run ends at the first element that differs from the next one */
    const struct sqa_kernels *kernels = sqa_cursor_table(cursor)->connection->kernels;
    sqa_mismatch_fn *mismatch = kernels->mismatch[sqa_width_index(view->width)];
    const unsigned char *start = view->data + (uint64_t)cursor->row * view->width;
    const size_t pairs = (size_t)(cursor->end - cursor->row - 1);
    size_t same = 0;
    for (size_t n; (n = sqa_next_run(pairs, same, poll)) > 0;) {
        const unsigned char *at = start + same * view->width;
        const size_t i = mismatch(at, at + view->width, n);
        same += i;
        if (i < n)
            break;
    }
    cursor->step = 1 + (int64_t)same;
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

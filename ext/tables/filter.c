#include "tables/filter.h"

#include <string.h>

#include "sql/arguments.h"
#include "sql/whole_array.h"
#include "vtab/plan_key.h"

SQLITE_EXTENSION_INIT3

/*
** Returns true if the value is the text that was parsed last. A constant text is parsed only
** once.
*/
static bool is_kept_text(const struct sqa_argument *argument, sqlite3_value *value) {
    if (argument->value == NULL || sqlite3_value_type(value) != SQLITE_TEXT)
        return false;
    const void *text = sqlite3_value_text(value), *kept = sqlite3_value_text(argument->value);
    const int size = sqlite3_value_bytes(value);
    /* unreached: sqlite3_value_text() cannot fail for the kept text, which was converted before */
    return text != NULL && kept != NULL && size == sqlite3_value_bytes(argument->value) &&
           memcmp(text, kept, (size_t)size) == 0;
}

static void keep_value(struct sqa_argument *argument, struct sqa_call *call, sqlite3_value *value) {
    sqlite3_value_free(argument->value);
    argument->value = sqlite3_value_dup(value);
    sqa_check_memory(call, argument->value);
}

/*
** Keeps a copy of an array. The previous argument's buffer is reused if it is large enough,
** because a join calls xFilter for every row.
*/
static void keep_blob(struct sqa_argument *argument, struct sqa_call *call,
                      const struct sqa_array *array) {
    const uint64_t size = sqa_blob_size(array->count, array->width);
    if (argument->blob != NULL && sqa_pool_capacity(argument->blob) < size) {
        sqa_pool_give(argument->blob);
        argument->blob = NULL;
    }
    if (argument->blob == NULL)
        argument->blob = sqa_pool_take(call->connection->pool, size);
    sqa_check_memory(call, argument->blob);
    if (argument->blob == NULL)
        return;
    argument->view = (struct sqa_view){argument->blob + SQA_HEADER, array->count, array->width};
    sqa_blob_header(argument->blob, array->count, array->width);
    sqa_whole_copy(call, array, argument->blob + SQA_HEADER, array->width);
}

static void keep_argument(struct sqa_argument *argument, struct sqa_call *call, int i) {
    sqlite3_value *value = call->argv[i];
    struct sqa_array array;
    char why[200];
    void *parsed;
    if (is_kept_text(argument, value))
        return;
    sqlite3_value_free(argument->value);
    argument->value = NULL;
    const enum sqa_status status =
        sqa_value_array(call->connection, value, &array, &parsed, why, sizeof why);
    if (status == SQA_ARGUMENT)
        sqa_fail(call, "argument %d%s", i + 1, why);
    sqa_fail_status(call, status, (struct sqa_error){0, 0});
    if (sqa_failed(call))
        return;
    if (parsed == NULL) {
        keep_blob(argument, call, &array);
        return;
    }
    sqa_pool_give(argument->blob);
    argument->blob = parsed;
    argument->view = (struct sqa_view){argument->blob + SQA_HEADER, array.count, array.width};
    keep_value(argument, call, value);
}

bool sqa_filter_start(struct sqa_filter *filter, struct sqa_cursor *cursor, int key,
                      sqlite3_value **argv) {
    const struct sqa_form *form = sqa_cursor_table(cursor)->form;
    const int most = form->required + form->optional;
    bool has_null = false;
    sqa_cursor_rows(cursor, 0, -1, false);
    sqa_table_call(cursor->base.pVtab, &filter->call, NULL);
    filter->call.argc = most;
    filter->call.argv = filter->arguments;
    filter->cursor = cursor;
    filter->key = key;
    filter->columns = 0;
    for (int i = 0; i < SQA_ARGUMENTS; i++) {
        const bool given = i < form->required || (i < most && (key & sqa_plan_key_option(i)));
        filter->arguments[i] = given ? *argv++ : NULL;
        has_null |= given && sqlite3_value_type(filter->arguments[i]) == SQLITE_NULL;
    }
    filter->constraints = argv;
    for (int i = 0; i < most && !has_null && !sqa_failed(&filter->call); i++) {
        if (filter->arguments[i] == NULL)
            sqa_argument_drop(&cursor->arguments[i]);
        else if (i < form->arrays)
            keep_argument(&cursor->arguments[i], &filter->call, i);
        else
            keep_value(&cursor->arguments[i], &filter->call, filter->arguments[i]);
    }
    return !has_null && !sqa_failed(&filter->call);
}

struct sqa_range sqa_filter_range(struct sqa_filter *filter) {
    struct sqa_range range = sqa_range_all();
    const int bits = sqa_plan_key_column(filter->key, filter->columns++);
    for (int op = SQA_EQ; op <= SQA_LE; op <<= 1) {
        if (bits & op)
            range = sqa_range_both(range, sqa_range_of(op, *filter->constraints++));
    }
    return range;
}

void sqa_filter_rows(struct sqa_filter *filter, struct sqa_range range, int64_t count) {
    const struct sqa_range rows = sqa_range_both(range, (struct sqa_range){1, count});
    if (rows.lo <= rows.hi)
        sqa_cursor_rows(filter->cursor, rows.lo - 1, rows.hi - 1, filter->key & SQA_PLAN_DESC);
}

void sqa_filter_steps(struct sqa_filter *filter, struct sqa_range range, int64_t step,
                      int64_t count) {
    const struct sqa_range rows = {
        range.lo <= 1 ? 1 : (range.lo - 2) / step + 2,
        range.hi < 1 ? 0 : (range.hi - 1) / step + 1,
    };
    sqa_filter_rows(filter, rows, count);
}

int sqa_filter_end(struct sqa_filter *filter) {
    if (sqa_failed(&filter->call))
        sqa_cursor_rows(filter->cursor, 0, -1, false);
    return sqa_table_end(filter->cursor->base.pVtab, &filter->call);
}

#include "functions/set_operand.h"

#include "sql/arguments.h"
#include "sql/scratch.h"
#include "sql/selection.h"
#include "sql/whole_array.h"

SQLITE_EXTENSION_INIT3

bool sqa_is_set(struct sqa_call *call, const struct sqa_array *array) {
    sqa_ascending_fn *const ascending =
        call->connection->kernels->ascending[sqa_width_index(array->width)];
    struct sqa_view view;
    struct sqa_reader reader;
    int64_t last = 0;
    if (array->count <= SQA_RUN && sqa_array_is_plain(array, &view))
        return ascending(view.data, view.count) == view.count;
    sqa_read_runs(&reader, call, array, array->width);
    while (sqa_reader_next(&reader)) {
        if (ascending(reader.data, reader.n) < reader.n ||
            (reader.at > 0 && last >= sqa_reader_get(&reader, 0)))
            return false;
        last = sqa_reader_get(&reader, reader.n - 1);
    }
    return true;
}

bool sqa_arg_is_set(struct sqa_call *call, int i, const struct sqa_array *array) {
    enum { LONG = 4096 };
    static const unsigned char known[SQA_HEADER] = {0xA1, 0x41, 0, 1};
    const bool keep = array->count >= LONG && sqlite3_value_type(call->argv[i]) == SQLITE_BLOB;
    if (keep && sqlite3_get_auxdata(call->context, i) == known)
        return true;
    const bool is_set = sqa_is_set(call, array);
    if (keep && is_set && !sqa_failed(call))
        sqlite3_set_auxdata(call->context, i, (void *)known, NULL);
    return is_set;
}

/*
** Returns true if SQLite is to keep the set that was made of an argument. SQLite keeps it if the
** argument is constant, which a function cannot find out. For any other argument, offering the
** set only costs time; so this is done only once in SETS sets.
*/
static bool is_keeping(struct sqa_call *call, size_t count) {
    enum { MOST_KEPT = 65536, SETS = 16 };
    return count <= MOST_KEPT && call->connection->sets_made++ % SETS == 0;
}

/*
** Returns the set that SQLite has kept for a BLOB argument, as the blob of an array, or NULL. (For
** a text argument SQLite keeps the parsed array, which need not be a set.)
*/
static const void *kept_set(struct sqa_call *call, int i) {
    const bool is_blob = sqlite3_value_type(call->argv[i]) == SQLITE_BLOB;
    return is_blob ? sqlite3_get_auxdata(call->context, i) : NULL;
}

/* Gives the set to SQLite for the next row, in the same form as a parsed array. */
static void keep_set(struct sqa_call *call, int i, struct sqa_view *view, void **scratch) {
    void *blob = (unsigned char *)sqa_scratch_keep(call, *scratch) - SQA_HEADER;
    *scratch = NULL;
    sqa_blob_header(blob, view->count, view->width);
    sqlite3_set_auxdata(call->context, i, blob, sqa_pool_give);
    if (sqlite3_get_auxdata(call->context, i) != blob) { /* SQLite has freed it */
        sqa_check_memory(call, NULL);
        *view = sqa_view_empty();
    }
}

void sqa_make_set(struct sqa_call *call, int i, struct sqa_set_room *room,
                  struct sqa_set_operand *set) {
    struct sqa_view view = {NULL, set->array.count, set->array.width};
    set->scratch = NULL;
    if (sqa_failed(call) || sqa_arg_is_set(call, i, &set->array))
        return;
    if (room != NULL && view.count <= SQA_FEW && sqa_array_is_plain(&set->array, &view)) {
        view.count = call->connection->kernels->set_of_few[sqa_width_index(view.width)](
            room->bytes, view.data, view.count);
        view.data = room->bytes;
        set->array = sqa_array_of(&view);
        return;
    }
    const void *kept = kept_set(call, i);
    if (kept != NULL) {
        set->array = sqa_blob_trusted(kept);
        return;
    }
    view.data = set->scratch = sqa_sorted_copy(call, &set->array, view.width);
    view.count = sqa_whole_unique(call, set->scratch, view.count, view.width);
    if (!sqa_failed(call) && is_keeping(call, view.count))
        keep_set(call, i, &view, &set->scratch);
    set->array = sqa_failed(call) ? sqa_array_empty() : sqa_array_of(&view);
}

struct sqa_array sqa_arg_set(struct sqa_call *call, int i, struct sqa_set_room *room) {
    struct sqa_set_operand set;
    sqa_arg_array_to(call, i, &set.array);
    sqa_make_set(call, i, room, &set);
    return set.array;
}

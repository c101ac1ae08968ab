#include "store/point.h"

#include <string.h>

#include "store/stored_array.h"
#include "store/totals.h"

SQLITE_EXTENSION_INIT3

/* The number of points that take as long as reading and writing the whole chunk */
enum { MOST_POINTS = 16 };

bool sqa_point_is_worth(const struct sqa_chunk_header *header, int64_t *id, int *points) {
    *points = *points > 0 && *id == header->first ? *points + 1 : 1;
    *id = header->first;
    return *points <= MOST_POINTS;
}

/* ---- Finding */

bool sqa_point_find_chunk(struct sqa_store *store, int64_t rowid, struct sqa_point *point) {
    struct sqa_chunk_header *header = &point->header, next;
    if (!sqa_chunk_find_header(store, SQA_STATEMENT_BEFORE, rowid, header) || rowid > header->last)
        return false;
    if (header->first < INT64_MAX &&
        sqa_chunk_find_header(store, SQA_STATEMENT_FROM, header->first + 1, &next) &&
        next.first <= header->last)
        sqa_store_corrupt(store, next.first, "overlaps the one before");
    return !sqa_vtab_failed(&store->base);
}

bool sqa_point_find_row(struct sqa_store *store, int64_t rowid, struct sqa_point *point) {
    const struct sqa_chunk_header *header = &point->header;
    struct sqa_rows rows = {.columns = store->columns};
    point->row = (size_t)((uint64_t)rowid - (uint64_t)header->first);
    if (sqa_chunk_header_dense(header))
        return true;
    if (!sqa_chunk_fetch(store, header, 0, &rows))
        return false;
    point->row = sqa_rows_below(&rows, rowid);
    const bool found = point->row < rows.n && sqa_rows_rowid(&rows, point->row) == rowid;
    sqa_rows_give(&rows, store->layout.columns);
    return found;
}

void sqa_point_keep(struct sqa_store *store, int64_t rowid, const struct sqa_point *point) {
    struct sqa_store_memory *memory = store->memory;
    memory->found_at = point == NULL ? -1 : memory->base.changes;
    memory->found_rowid = rowid;
    if (point != NULL)
        memory->found = *point;
}

bool sqa_point_kept(const struct sqa_store *store, int64_t rowid, struct sqa_point *point) {
    const struct sqa_store_memory *memory = store->memory;
    *point = memory->found;
    return memory->found_at == memory->base.changes && memory->found_rowid == rowid;
}

int64_t sqa_point_get(struct sqa_store *store, const struct sqa_point *point, int column) {
    struct sqa_stored_array array;
    sqa_stored_open(store, point, column, false, &array);
    const int64_t value = sqa_stored_value(store, &array);
    sqa_stored_close(&array);
    return value;
}

/* ---- Changing */

/* The change of one column of a row */
struct patch {
    struct sqa_stored_array array; /* open for writing, with the new value in it */
    bool is_needed;                /* false if the value does not change */
    int64_t min, max;              /* of the column after the change */
};

/*
** Computes min and max of a column after the change, if the old value was one of them and the new
** one is not. Reads only blocks that may have smaller or larger values.
*/
static void find_min_max(struct sqa_store *store, const struct sqa_point *point, int column,
                         int64_t value, struct patch *patch) {
    const struct sqa_kernels *kernels = store->base.connection->kernels;
    struct sqa_rows rows = {.columns = store->columns};
    if (!sqa_chunk_fetch(store, &point->header, sqa_column_bit(column), &rows))
        return;
    struct sqa_column *values = &rows.columns[column];
    const unsigned width = values->array.width, index = sqa_width_index(width);
    _Alignas(64) unsigned char elements[SQA_BLOCK * sizeof(int64_t)];
    patch->min = patch->max = value;
    for (size_t at = 0, n; at < rows.n; at += n) {
        n = rows.n - at < SQA_BLOCK ? rows.n - at : SQA_BLOCK;
        const struct sqa_range range = sqa_column_range(values, at);
        if (range.lo >= patch->min && range.hi <= patch->max)
            continue;
        memcpy(elements, sqa_column_block(values, at), n * width);
        if (point->row - at < n)
            memcpy(elements + (point->row - at) * width, &value, width);
        const int64_t min = kernels->min[index](elements, n),
                      max = kernels->max[index](elements, n);
        patch->min = min < patch->min ? min : patch->min;
        patch->max = max > patch->max ? max : patch->max;
    }
    sqa_rows_give(&rows, store->layout.columns);
}

/*
** Makes the patch of a column. min_max has its present min and max. Returns false if the value does
** not fit the encoding of the array.
*/
static bool make_patch(struct sqa_store *store, const struct sqa_point *point, int column,
                       int64_t value, const int64_t *min_max, struct patch *patch) {
    struct sqa_stored_array *array = &patch->array;
    sqa_stored_open(store, point, column, true, array);
    const int64_t old = sqa_stored_value(store, array);
    patch->is_needed = !sqa_vtab_failed(&store->base) && old != value;
    if (!patch->is_needed)
        return true;
    patch->min = value < min_max[0] ? value : min_max[0];
    patch->max = value > min_max[1] ? value : min_max[1];
    if (sqa_sig_width(sqa_sig(patch->min) | sqa_sig(patch->max)) > array->width)
        return false;
    if ((old == min_max[0] && value > old) || (old == min_max[1] && value < old))
        find_min_max(store, point, column, value, patch);
    return sqa_vtab_failed(&store->base) ||
           (sqa_sig_width(sqa_sig(patch->min) | sqa_sig(patch->max)) == array->width &&
            sqa_stored_put(store, array, value));
}

/* Fills min_max with min and max of all columns of the chunk. */
static void read_all_min_max(struct sqa_store *store, const struct sqa_chunk_header *header,
                             int64_t *min_max) {
    struct sqa_vtab *vtab = &store->base;
    sqlite3_stmt *headers = sqa_vtab_take_statement(vtab, SQA_STATEMENT_HEADERS);
    sqa_bind_two(headers, 1, header->first, header->first);
    bool is_sound =
        sqa_vtab_step(vtab, headers) && sqlite3_column_int64(headers, 0) == header->first;
    for (int i = 0; i < 2 * store->layout.columns && is_sound; i++) {
        is_sound = sqlite3_column_type(headers, SQA_MIN_MAX_AT + i) == SQLITE_INTEGER;
        min_max[i] = sqlite3_column_int64(headers, SQA_MIN_MAX_AT + i);
    }
    sqa_vtab_reset(vtab, headers);
    sqa_vtab_return_statement(vtab, SQA_STATEMENT_HEADERS, headers);
    if (!is_sound)
        sqa_store_corrupt(store, header->first, "has no integers for min and max");
}

static void put_header_again(struct sqa_store *store, const struct sqa_chunk_header *header,
                             const int64_t *min_max) {
    sqlite3_stmt *put = sqa_vtab_statement(&store->base, SQA_STATEMENT_PUT_HEADER);
    sqa_bind_two(put, 1, header->first, header->last);
    sqa_bind_two(put, 3, header->n, header->arrays);
    for (int i = 0; i < 2 * store->layout.columns; i++)
        sqa_bind(put, 1 + SQA_MIN_MAX_AT + i, min_max[i]);
    sqa_vtab_run(&store->base, put);
}

static void write_patches(struct sqa_store *store, const struct sqa_point *point,
                          struct patch *patches, int64_t *min_max) {
    bool is_changed = false;
    for (int c = 0; c < store->layout.columns; c++) {
        struct patch *patch = &patches[c];
        int64_t *now = &min_max[2 * c];
        if (!patch->is_needed)
            continue;
        sqa_stored_write(store, &patch->array);
        if (now[0] == patch->min && now[1] == patch->max)
            continue;
        is_changed = store->memory->totals.is_changed = true;
        now[0] = patch->min;
        now[1] = patch->max;
        sqa_totals_add_range(store, c, now[0], now[1]);
    }
    if (is_changed)
        put_header_again(store, &point->header, min_max);
}

bool sqa_point_set(struct sqa_store *store, const struct sqa_point *point, const int64_t *values,
                   const bool *changes) {
    const size_t columns = (size_t)store->layout.columns;
    struct patch *patches = sqa_vtab_object(&store->base, columns * sizeof patches[0]);
    int64_t *min_max = sqa_vtab_object(&store->base, 2 * columns * sizeof min_max[0]);
    bool is_needed = false, all_fit = true;
    read_all_min_max(store, &point->header, min_max);
    for (size_t c = 0; c < columns && all_fit && !sqa_vtab_failed(&store->base); c++) {
        if (changes[c])
            all_fit = make_patch(store, point, (int)c, values[c], &min_max[2 * c], &patches[c]);
        is_needed |= patches[c].is_needed;
    }
    if (all_fit && is_needed && !sqa_vtab_failed(&store->base)) {
        const struct sqa_change change = sqa_memory_begin_change(&store->memory->base);
        write_patches(store, point, patches, min_max);
        sqa_memory_end_change(&store->memory->base, change, store->base.status);
    }
    for (size_t c = 0; c < columns && patches != NULL; c++)
        sqa_stored_close(&patches[c].array);
    sqa_object_free(patches);
    sqa_object_free(min_max);
    return all_fit;
}

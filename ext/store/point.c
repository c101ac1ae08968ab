#include "store/point.h"

#include <string.h>

#include "store/totals.h"

SQLITE_EXTENSION_INIT3

enum { MOST_POINTS = 16 }; /* of a chunk, in the time that it takes to read and write the chunk */

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

/* ---- An array that is stored */

struct stored_array {
    int64_t id;
    struct sqa_code code;
    unsigned width;
    sqlite3_blob *blob; /* once it is open */
};

static void not_an_array(struct sqa_store *store, const struct sqa_chunk_header *header) {
    sqa_store_corrupt(store, header->first, "has a column that is no array");
}

/* Reads the code of the array, and finds the width of its elements from its size. */
static void find_stored(struct sqa_store *store, const struct sqa_chunk_header *header, int column,
                        struct stored_array *array) {
    enum { SIZE = 2 };
    sqlite3_stmt *get = sqa_vtab_statement(&store->base, SQA_STATEMENT_GET_CODE);
    array->id = header->arrays + 1 + column;
    sqa_bind(get, 1, array->id);
    const bool found = sqa_vtab_step(&store->base, get);
    const int64_t size = found ? sqlite3_column_int64(get, SIZE) - SQA_HEADER : 0;
    const int64_t width = size / header->n;
    array->width = (unsigned)width;
    const bool is_sound = size > 0 && size % header->n == 0 &&
                          (width == 1 || width == 2 || width == 4 || width == 8) &&
                          sqa_code_read(get, array->width, &array->code);
    sqa_vtab_reset(&store->base, get);
    if (!is_sound)
        not_an_array(store, header);
}

/* Finds an array and opens its blob, whose header is as it should be. To be closed in any case. */
static void open_stored(struct sqa_store *store, const struct sqa_chunk_header *header, int column,
                        bool to_write, struct stored_array *array) {
    unsigned char expected[SQA_HEADER], bytes[SQA_HEADER];
    array->blob = NULL;
    find_stored(store, header, column, array);
    if (sqa_vtab_failed(&store->base))
        return;
    char *name = sqa_message("%s_%s", store->layout.table, sqa_shadow_names[SQA_SHADOW_ARRAYS]);
    int rc = name == NULL ? SQLITE_NOMEM
                          : sqlite3_blob_open(store->base.connection->db, store->layout.schema,
                                              name, "array", array->id, to_write, &array->blob);
    sqa_object_free(name);
    if (rc == SQLITE_OK)
        rc = sqlite3_blob_read(array->blob, bytes, SQA_HEADER, 0);
    sqa_blob_header(expected, (uint64_t)header->n, array->width);
    if (sqa_vtab_note(&store->base, rc) == SQLITE_OK && memcmp(bytes, expected, SQA_HEADER) != 0)
        not_an_array(store, header);
}

static void close_stored(struct stored_array *array) {
    (void)sqlite3_blob_close(array->blob);
}

static int offset_of(const struct stored_array *array, size_t row) {
    return (int)(SQA_HEADER + row * array->width);
}

/* Reads n elements from a row on; gives false after a failure. */
static bool read_stored(struct sqa_store *store, const struct stored_array *array, size_t row,
                        size_t n, unsigned char *elements) {
    return !sqa_vtab_failed(&store->base) &&
           sqa_vtab_note(&store->base,
                         sqlite3_blob_read(array->blob, elements, (int)(n * array->width),
                                           offset_of(array, row))) == SQLITE_OK;
}

static int64_t stored_element(const unsigned char *elements, unsigned width, size_t i) {
    const struct sqa_view view = {elements, i + 1, width};
    return sqa_view_get(&view, i);
}

/* The value of a row in an array of steps: what all elements as far as the row add up to, modulo 2^64 */
static int64_t read_from_steps(struct sqa_store *store, const struct sqa_point *point,
                               const struct stored_array *array) {
    const struct sqa_kernels *kernels = store->base.connection->kernels;
    const size_t n = point->row + 1;
    struct sqa_wide sum = {0};
    unsigned char *elements = sqa_pool_take(store->base.connection->pool, n * array->width);
    if (sqa_vtab_has_memory(&store->base, elements != NULL) &&
        read_stored(store, array, 0, n, elements))
        kernels->sum[sqa_width_index(array->width)](elements, n, &sum);
    sqa_pool_give(elements);
    return (int64_t)((uint64_t)array->code.base + sum.limb[0] + n * (uint64_t)array->code.step);
}

/* The value of a row in an array that is open; 0 after a failure */
static int64_t read_stored_value(struct sqa_store *store, const struct sqa_point *point,
                                 const struct stored_array *array) {
    unsigned char bytes[sizeof(int64_t)];
    if (sqa_vtab_failed(&store->base))
        return 0;
    if (array->code.is_steps)
        return read_from_steps(store, point, array);
    if (!read_stored(store, array, point->row, 1, bytes))
        return 0;
    return (int64_t)((uint64_t)stored_element(bytes, array->width, 0) + (uint64_t)array->code.base);
}

int64_t sqa_point_get(struct sqa_store *store, const struct sqa_point *point, int column) {
    struct stored_array array;
    open_stored(store, &point->header, column, false, &array);
    const int64_t value = read_stored_value(store, point, &array);
    close_stored(&array);
    return value;
}

/* ---- Changing */

/* What one column of the row changes in its array: one element, or two steps */
struct patch {
    struct stored_array array; /* open to be written */
    bool is_needed;
    int64_t old;
    int64_t min, max; /* of the column, afterwards */
    size_t n;
    unsigned char bytes[2 * sizeof(int64_t)];
};

/* Puts x, which wraps if it has to, into an element; false: it does not fit. */
static bool put_element(struct patch *patch, int i, int64_t x) {
    const unsigned width = patch->array.width;
    memcpy(patch->bytes + (size_t)i * width, &x, width); /* its low bytes stand first */
    return stored_element(patch->bytes, width, (size_t)i) == x;
}

/*
** Finds min and max where the old value was one of them and the new one is not. Gives false where the array is wider than
** they need, so that an outlier that has gone takes no space.
*/
static bool find_min_max(struct sqa_store *store, const struct sqa_point *point, int column,
                         int64_t value, struct patch *patch) {
    const struct sqa_kernels *kernels = store->base.connection->kernels;
    struct sqa_rows rows = {.columns = store->columns};
    if (!sqa_chunk_fetch(store, &point->header, sqa_column_bit(column), &rows))
        return true;
    const struct sqa_column *values = &rows.columns[column];
    const unsigned width = values->view.width, index = sqa_width_index(width);
    const uint64_t base = (uint64_t)values->base;
    unsigned char *data = (unsigned char *)values->owned + SQA_HEADER; /* a copy */
    const int64_t element = (int64_t)((uint64_t)value - base);
    memcpy(data + point->row * width, &element, width);
    patch->min = (int64_t)((uint64_t)kernels->min[index](data, rows.n) + base);
    patch->max = (int64_t)((uint64_t)kernels->max[index](data, rows.n) + base);
    sqa_rows_give(&rows, store->layout.columns);
    return sqa_frame_width(patch->min, patch->max) >= patch->array.width;
}

/* Puts the difference to the old value into the bytes of the patch; false: it does not fit. */
static bool put_difference(struct patch *patch, int64_t value) {
    const unsigned width = patch->array.width;
    int64_t more, x; /* a difference that does not fit 64 bits fits no element */
    if (__builtin_sub_overflow(value, patch->old, &more) ||
        __builtin_add_overflow(stored_element(patch->bytes, width, 0), more, &x) ||
        !put_element(patch, 0, x))
        return false;
    return patch->n == 1 ||
           (!__builtin_sub_overflow(stored_element(patch->bytes, width, 1), more, &x) &&
            put_element(patch, 1, x));
}

/* Makes the patch of a value; false: it does not fit. min_max: of the column, now */
static bool make_patch(struct sqa_store *store, const struct sqa_point *point, int column,
                       int64_t value, const int64_t *min_max, struct patch *patch) {
    const struct stored_array *array = &patch->array;
    open_stored(store, &point->header, column, true, &patch->array);
    patch->old = read_stored_value(store, point, array);
    patch->is_needed = !sqa_vtab_failed(&store->base) && patch->old != value;
    if (!patch->is_needed)
        return true;
    patch->n = array->code.is_steps && (int64_t)point->row + 1 < point->header.n ? 2 : 1;
    if (!read_stored(store, array, point->row, patch->n, patch->bytes))
        return true;
    patch->min = value < min_max[0] ? value : min_max[0];
    patch->max = value > min_max[1] ? value : min_max[1];
    const bool was_extreme = (patch->old == min_max[0] && value > patch->old) ||
                             (patch->old == min_max[1] && value < patch->old);
    return put_difference(patch, value) &&
           (!was_extreme || find_min_max(store, point, column, value, patch));
}

/* Reads min and max of all columns of the chunk. */
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

static void write_patch(struct sqa_store *store, const struct sqa_point *point,
                        const struct patch *patch) {
    if (!sqa_vtab_failed(&store->base))
        (void)sqa_vtab_note(&store->base, sqlite3_blob_write(patch->array.blob, patch->bytes,
                                                             (int)(patch->n * patch->array.width),
                                                             offset_of(&patch->array, point->row)));
}

static void write_patches(struct sqa_store *store, const struct sqa_point *point,
                          const struct patch *patches, int64_t *min_max) {
    bool is_changed = false;
    for (int c = 0; c < store->layout.columns; c++) {
        const struct patch *patch = &patches[c];
        int64_t *now = &min_max[2 * c];
        if (!patch->is_needed)
            continue;
        write_patch(store, point, patch);
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
        close_stored(&patches[c].array);
    sqa_object_free(patches);
    sqa_object_free(min_max);
    return all_fit;
}

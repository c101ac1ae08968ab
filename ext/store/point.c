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

int sqa_point_find_chunk(struct sqa_store *store, int64_t rowid, struct sqa_point *point,
                         bool *found) {
    struct sqa_chunk_header *header = &point->header, next;
    bool has_next;
    int rc = sqa_chunk_find_header(store, SQA_STATEMENT_BEFORE, rowid, header, found);
    *found = rc == SQLITE_OK && *found && rowid <= header->last;
    if (!*found || header->first == INT64_MAX)
        return rc;
    rc = sqa_chunk_find_header(store, SQA_STATEMENT_FROM, header->first + 1, &next, &has_next);
    if (rc == SQLITE_OK && has_next && next.first <= header->last)
        rc = sqa_store_corrupt(store, next.first, "overlaps the one before");
    return rc;
}

int sqa_point_find_row(struct sqa_store *store, int64_t rowid, struct sqa_point *point,
                       bool *found) {
    const struct sqa_chunk_header *header = &point->header;
    *found = true;
    point->row = (size_t)((uint64_t)rowid - (uint64_t)header->first);
    if ((uint64_t)header->last - (uint64_t)header->first == (uint64_t)header->n - 1)
        return SQLITE_OK; /* no rowid is left out */
    struct sqa_rows rows = {.columns = store->columns};
    const int rc = sqa_chunk_fetch(store, header, 0, &rows);
    if (rc != SQLITE_OK)
        return rc;
    point->row = sqa_rows_below(&rows, rowid);
    *found = point->row < rows.n && sqa_rows_rowid(&rows, point->row) == rowid;
    sqa_rows_give(&rows, store->layout.columns);
    return SQLITE_OK;
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
};

static int find_stored(struct sqa_store *store, const struct sqa_chunk_header *header, int column,
                       struct stored_array *array) {
    enum { BASE, STEP, SIZE };
    sqlite3_stmt *get;
    int rc = sqa_vtab_statement(&store->base, SQA_STATEMENT_GET_CODE, &get);
    if (rc != SQLITE_OK)
        return rc;
    array->id = header->arrays + 1 + column;
    sqlite3_bind_int64(get, 1, array->id);
    const bool found = sqlite3_step(get) == SQLITE_ROW;
    array->code = (struct sqa_code){sqlite3_column_int64(get, BASE),
                                    found && sqlite3_column_type(get, STEP) != SQLITE_NULL,
                                    sqlite3_column_int64(get, STEP)};
    const int64_t size = sqlite3_column_int64(get, SIZE) - SQA_HEADER;
    array->width = (unsigned)(size / header->n);
    const bool sound = found && sqlite3_column_type(get, BASE) == SQLITE_INTEGER && size > 0 &&
                       size % header->n == 0 &&
                       (array->width == 1 || array->width == 2 || array->width == 4 ||
                        (array->width == 8 && (array->code.is_steps || array->code.base == 0)));
    rc = sqlite3_reset(get);
    if (rc == SQLITE_OK && !sound)
        rc = sqa_store_corrupt(store, header->first, "has a column that is no array");
    return rc;
}

/* Opens the blob of an array, whose header is as it should be. To be closed in any case. */
static int open_stored(struct sqa_store *store, const struct sqa_chunk_header *header,
                       const struct stored_array *array, bool to_write, sqlite3_blob **blob) {
    unsigned char expected[SQA_HEADER], bytes[SQA_HEADER];
    *blob = NULL;
    char *name = sqa_message("%s_%s", store->layout.table, sqa_shadow_names[SQA_SHADOW_ARRAYS]);
    if (name == NULL)
        return SQLITE_NOMEM;
    int rc = sqlite3_blob_open(store->base.connection->db, store->layout.schema, name, "array",
                               array->id, to_write, blob);
    sqa_object_free(name);
    if (rc == SQLITE_OK)
        rc = sqlite3_blob_read(*blob, bytes, SQA_HEADER, 0);
    sqa_blob_header(expected, (uint64_t)header->n, array->width);
    if (rc == SQLITE_OK && memcmp(bytes, expected, SQA_HEADER) != 0)
        rc = sqa_store_corrupt(store, header->first, "has a column that is no array");
    return rc;
}

static int offset_of(const struct stored_array *array, size_t row) {
    return (int)(SQA_HEADER + row * array->width);
}

/* Elements from a row on */
static int read_stored(sqlite3_blob *blob, const struct stored_array *array, size_t row, int n,
                       unsigned char *elements) {
    return sqlite3_blob_read(blob, elements, n * (int)array->width, offset_of(array, row));
}

static int64_t stored_element(const unsigned char *elements, unsigned width, size_t i) {
    const struct sqa_view view = {elements, i + 1, width};
    return sqa_view_get(&view, i);
}

/* The value of a row in an array of steps: what all elements as far as the row add up to, modulo 2^64 */
static int read_from_steps(struct sqa_store *store, const struct sqa_point *point,
                           const struct stored_array *array, sqlite3_blob *blob, int64_t *value) {
    const size_t n = point->row + 1;
    struct sqa_wide sum = {0};
    unsigned char *elements = sqa_pool_take(store->base.connection->pool, n * array->width);
    if (elements == NULL)
        return SQLITE_NOMEM;
    const int rc = read_stored(blob, array, 0, (int)n, elements);
    if (rc == SQLITE_OK)
        store->base.connection->kernels->sum[sqa_width_index(array->width)](elements, n, &sum);
    sqa_pool_give(elements);
    *value = (int64_t)((uint64_t)array->code.base + sum.limb[0] + n * (uint64_t)array->code.step);
    return rc;
}

/* The value of a row in an array that is open */
static int read_stored_value(struct sqa_store *store, const struct sqa_point *point,
                             const struct stored_array *array, sqlite3_blob *blob, int64_t *value) {
    unsigned char bytes[sizeof(int64_t)];
    if (array->code.is_steps)
        return read_from_steps(store, point, array, blob, value);
    const int rc = read_stored(blob, array, point->row, 1, bytes);
    if (rc == SQLITE_OK)
        *value = (int64_t)((uint64_t)stored_element(bytes, array->width, 0) +
                           (uint64_t)array->code.base);
    return rc;
}

int sqa_point_get(struct sqa_store *store, const struct sqa_point *point, int column,
                  int64_t *value) {
    struct stored_array array;
    sqlite3_blob *blob = NULL;
    int rc = find_stored(store, &point->header, column, &array);
    if (rc == SQLITE_OK)
        rc = open_stored(store, &point->header, &array, false, &blob);
    if (rc == SQLITE_OK)
        rc = read_stored_value(store, point, &array, blob, value);
    (void)sqlite3_blob_close(blob);
    return rc;
}

/* ---- Changing */

/* What one column of the row changes in its array: one element, or two steps */
struct patch {
    sqlite3_blob *blob; /* the array, open to be written */
    bool is_needed;
    struct stored_array array;
    int64_t old;
    int64_t min, max; /* of the column, afterwards */
    int n;
    unsigned char bytes[2 * sizeof(int64_t)];
};

/* Puts x, which wraps if it has to, into an element; false: it does not fit. */
static bool put_element(struct patch *patch, int i, int64_t x) {
    const unsigned width = patch->array.width;
    memcpy(patch->bytes + (size_t)i * width, &x, width); /* its low bytes stand first */
    return stored_element(patch->bytes, width, (size_t)i) == x;
}

/*
** Min and max where the old value was one of them and the new one is not. *fits: the array is not too wide for them, so
** that an outlier that has gone takes no space.
*/
static int find_min_max(struct sqa_store *store, const struct sqa_point *point, int column,
                        int64_t value, struct patch *patch, bool *fits) {
    const struct sqa_kernels *kernels = store->base.connection->kernels;
    struct sqa_rows rows = {.columns = store->columns};
    const int rc = sqa_chunk_fetch(store, &point->header, sqa_column_bit(column), &rows);
    if (rc != SQLITE_OK)
        return rc;
    const struct sqa_column *values = &rows.columns[column];
    const unsigned width = values->view.width, index = sqa_width_index(width);
    const uint64_t base = (uint64_t)values->base;
    unsigned char *data = (unsigned char *)values->owned + SQA_HEADER; /* a copy */
    const int64_t element = (int64_t)((uint64_t)value - base);
    memcpy(data + point->row * width, &element, width);
    patch->min = (int64_t)((uint64_t)kernels->min[index](data, rows.n) + base);
    patch->max = (int64_t)((uint64_t)kernels->max[index](data, rows.n) + base);
    sqa_rows_give(&rows, store->layout.columns);
    *fits = sqa_frame_width(patch->min, patch->max) >= patch->array.width;
    return SQLITE_OK;
}

/* Makes the patch of a value. *fits: there is one. min_max: of the column, now */
static int make_patch(struct sqa_store *store, const struct sqa_point *point, int column,
                      int64_t value, const int64_t *min_max, struct patch *patch, bool *fits) {
    const struct stored_array *array = &patch->array;
    int rc = find_stored(store, &point->header, column, &patch->array);
    if (rc == SQLITE_OK)
        rc = open_stored(store, &point->header, array, true, &patch->blob);
    if (rc == SQLITE_OK)
        rc = read_stored_value(store, point, array, patch->blob, &patch->old);
    patch->is_needed = rc == SQLITE_OK && patch->old != value;
    if (!patch->is_needed)
        return rc;
    const bool has_two = array->code.is_steps && (int64_t)point->row + 1 < point->header.n;
    patch->n = has_two ? 2 : 1;
    rc = read_stored(patch->blob, array, point->row, patch->n, patch->bytes);
    if (rc != SQLITE_OK)
        return rc;
    const int64_t first = stored_element(patch->bytes, array->width, 0);
    int64_t more, x; /* a difference that does not fit 64 bits fits no element */
    *fits = !__builtin_sub_overflow(value, patch->old, &more) &&
            !__builtin_add_overflow(first, more, &x) && put_element(patch, 0, x);
    if (*fits && has_two)
        *fits = !__builtin_sub_overflow(stored_element(patch->bytes, array->width, 1), more, &x) &&
                put_element(patch, 1, x);
    patch->min = value < min_max[0] ? value : min_max[0];
    patch->max = value > min_max[1] ? value : min_max[1];
    const bool was_extreme = (patch->old == min_max[0] && value > patch->old) ||
                             (patch->old == min_max[1] && value < patch->old);
    return *fits && was_extreme ? find_min_max(store, point, column, value, patch, fits)
                                : SQLITE_OK;
}

/* Reads min and max of all columns of the chunk. */
static int read_all_min_max(struct sqa_store *store, const struct sqa_chunk_header *header,
                            int64_t *min_max) {
    const int n = 2 * store->layout.columns;
    sqlite3_stmt *headers;
    int rc = sqa_vtab_take_statement(&store->base, SQA_STATEMENT_HEADERS, &headers);
    if (rc != SQLITE_OK)
        return rc;
    sqlite3_bind_int64(headers, 1, header->first);
    sqlite3_bind_int64(headers, 2, header->first);
    bool sound =
        sqlite3_step(headers) == SQLITE_ROW && sqlite3_column_int64(headers, 0) == header->first;
    for (int i = 0; i < n && sound; i++) {
        sound = sqlite3_column_type(headers, SQA_MIN_MAX_AT + i) == SQLITE_INTEGER;
        min_max[i] = sqlite3_column_int64(headers, SQA_MIN_MAX_AT + i);
    }
    rc = sqlite3_reset(headers);
    sqa_vtab_return_statement(&store->base, SQA_STATEMENT_HEADERS, headers);
    if (rc == SQLITE_OK && !sound)
        rc = sqa_store_corrupt(store, header->first, "has no integers for min and max");
    return rc;
}

static int put_header(struct sqa_store *store, const struct sqa_chunk_header *header,
                      const int64_t *min_max) {
    const int64_t first[SQA_MIN_MAX_AT] = {header->first, header->last, header->n, header->arrays};
    sqlite3_stmt *put;
    const int rc = sqa_vtab_statement(&store->base, SQA_STATEMENT_PUT_HEADER, &put);
    if (rc != SQLITE_OK)
        return rc;
    for (int i = 0; i < SQA_MIN_MAX_AT; i++)
        sqlite3_bind_int64(put, 1 + i, first[i]);
    for (int i = 0; i < 2 * store->layout.columns; i++)
        sqlite3_bind_int64(put, 1 + SQA_MIN_MAX_AT + i, min_max[i]);
    return sqa_statement_run(put);
}

static int write_patches(struct sqa_store *store, const struct sqa_point *point,
                         const struct patch *patches, int64_t *min_max) {
    bool is_changed = false;
    int rc = SQLITE_OK;
    for (int c = 0; c < store->layout.columns && rc == SQLITE_OK; c++) {
        const struct patch *patch = &patches[c];
        int64_t *now = &min_max[2 * c];
        if (!patch->is_needed)
            continue;
        rc = sqlite3_blob_write(patch->blob, patch->bytes, patch->n * (int)patch->array.width,
                                offset_of(&patch->array, point->row));
        if (now[0] == patch->min && now[1] == patch->max)
            continue;
        is_changed = store->memory->totals.is_changed = true;
        now[0] = patch->min;
        now[1] = patch->max;
        sqa_totals_add_range(store, c, now[0], now[1]);
    }
    return rc == SQLITE_OK && is_changed ? put_header(store, &point->header, min_max) : rc;
}

int sqa_point_set(struct sqa_store *store, const struct sqa_point *point, const int64_t *values,
                  const bool *changes, bool *done) {
    const size_t columns = (size_t)store->layout.columns;
    struct patch *patches = sqa_object_new(columns * sizeof patches[0]);
    int64_t *min_max = sqa_object_new(2 * columns * sizeof min_max[0]);
    bool is_needed = false;
    int rc = patches == NULL || min_max == NULL ? SQLITE_NOMEM
                                                : read_all_min_max(store, &point->header, min_max);
    *done = true;
    for (size_t c = 0; c < columns && rc == SQLITE_OK && *done; c++) {
        if (changes[c])
            rc = make_patch(store, point, (int)c, values[c], &min_max[2 * c], &patches[c], done);
        is_needed |= rc == SQLITE_OK && patches[c].is_needed;
    }
    if (rc == SQLITE_OK && *done && is_needed) {
        const struct sqa_change change = sqa_memory_begin_change(&store->memory->base);
        rc = write_patches(store, point, patches, min_max);
        sqa_memory_end_change(&store->memory->base, change, rc);
    }
    for (size_t c = 0; c < columns && patches != NULL; c++)
        (void)sqlite3_blob_close(patches[c].blob);
    sqa_object_free(patches);
    sqa_object_free(min_max);
    return rc;
}

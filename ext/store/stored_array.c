#include "store/stored_array.h"

#include <string.h>

#include "core/packing.h"

SQLITE_EXTENSION_INIT3

/* ---- Reading */

static void not_an_array(struct sqa_store *store, const struct sqa_chunk_header *header) {
    sqa_store_corrupt(store, header->first, "has a column that is no array");
}

/*
** Opens the blob of an array. SQLITE_ERROR means that there is no row, or no BLOB in it, which is
** damage.
*/
static void open_blob(struct sqa_store *store, const struct sqa_chunk_header *header, int column,
                      bool to_write, struct sqa_stored_array *array) {
    array->id = header->arrays + 1 + column;
    char *name = sqa_message("%s_%s", store->layout.table, sqa_shadow_names[SQA_SHADOW_ARRAYS]);
    const int rc = name == NULL
                       ? SQLITE_NOMEM
                       : sqlite3_blob_open(store->base.connection->db, store->layout.schema, name,
                                           "array", array->id, to_write, &array->blob);
    sqa_object_free(name);
    if (rc == SQLITE_ERROR)
        not_an_array(store, header);
    else
        (void)sqa_vtab_note(&store->base, rc);
}

/*
** Reads `size` bytes from offset `at` after the header of the blob, which must have them. Returns
** false after a failure.
*/
static bool read_bytes(struct sqa_store *store, const struct sqa_stored_array *array, size_t at,
                       size_t size, void *bytes) {
    return !sqa_vtab_failed(&store->base) &&
           sqa_vtab_note(&store->base, sqlite3_blob_read(array->blob, bytes, (int)size,
                                                         (int)(SQA_HEADER + at))) == SQLITE_OK;
}

/* Reads the header of the blob. */
static void read_array_header(struct sqa_store *store, const struct sqa_chunk_header *header,
                              struct sqa_stored_array *array) {
    const size_t size = (size_t)sqlite3_blob_bytes(array->blob);
    unsigned char bytes[SQA_HEADER];
    struct sqa_blob_header read;
    struct sqa_error error;
    const int rc =
        size < SQA_HEADER ? SQLITE_OK : sqlite3_blob_read(array->blob, bytes, SQA_HEADER, 0);
    if (sqa_vtab_note(&store->base, rc) != SQLITE_OK)
        return;
    if (sqa_blob_read_header(bytes, size, &read, &error) != SQA_OK ||
        (int64_t)read.count != header->n) {
        not_an_array(store, header);
        return;
    }
    array->count = read.count;
    array->width = read.width;
    array->is_packed = read.codec == SQA_CODEC_PACKED;
    array->lists_size = array->is_packed ? sqa_packed_lists_size(read.count, read.width) : 0;
    if (array->lists_size > size - SQA_HEADER)
        not_an_array(store, header);
}

/*
** Allocates the buffer. The elements come first, after space for a header, so that they are
** aligned.
*/
static void make_buffer(struct sqa_store *store, struct sqa_stored_array *array) {
    enum { ELEMENTS = SQA_BLOCK * sizeof(int64_t) };
    if (sqa_vtab_failed(&store->base))
        return;
    array->buffer =
        sqa_pool_take(store->base.connection->pool,
                      SQA_HEADER + ELEMENTS + 2 * SQA_PACKED_BLOCK_BYTES + 2 * array->lists_size);
    if (!sqa_vtab_has_memory(&store->base, array->buffer != NULL))
        return;
    array->elements = array->buffer + SQA_HEADER;
    array->contents = array->elements + ELEMENTS;
    array->new_contents = array->contents + SQA_PACKED_BLOCK_BYTES;
    array->lists = array->new_contents + SQA_PACKED_BLOCK_BYTES;
    array->new_lists = array->lists + array->lists_size;
}

/* Reads the block of a packed array that the row is in. */
static void read_block_of_row(struct sqa_store *store, const struct sqa_chunk_header *header,
                              struct sqa_stored_array *array) {
    const size_t blocks = sqa_packed_blocks(array->count), index = array->row / SQA_BLOCK;
    const size_t left = array->count - index * SQA_BLOCK, n = left < SQA_BLOCK ? left : SQA_BLOCK;
    const unsigned char *forms = array->lists, *bits = forms + blocks, *exceptions = bits + blocks,
                        *bases = exceptions + blocks;
    struct sqa_error error;
    if (!read_bytes(store, array, 0, array->lists_size, array->lists))
        return;
    if (sqa_packed_check(array->lists, (uint64_t)sqlite3_blob_bytes(array->blob) - SQA_HEADER,
                         array->count, array->width, &error) != SQA_OK) {
        not_an_array(store, header);
        return;
    }
    const struct sqa_packed_entry entry = {forms[index], bits[index], exceptions[index]};
    array->at = array->row % SQA_BLOCK;
    array->place = array->lists_size +
                   (size_t)sqa_packed_contents_size(forms, bits, exceptions, index, array->width);
    array->size = sqa_packed_block_size(entry, n, array->width);
    if (!read_bytes(store, array, array->place, array->size, array->contents))
        return;
    const struct sqa_packed_block block =
        sqa_packed_block_at(entry, n, array->width, bases + index * array->width, array->contents);
    sqa_packed_decode(store->base.connection->kernels, &block, array->elements, array->width);
}

void sqa_stored_open(struct sqa_store *store, const struct sqa_point *point, int column,
                     bool to_write, struct sqa_stored_array *array) {
    *array = (struct sqa_stored_array){.row = point->row};
    open_blob(store, &point->header, column, to_write, array);
    if (!sqa_vtab_failed(&store->base))
        read_array_header(store, &point->header, array);
    make_buffer(store, array);
    if (sqa_vtab_failed(&store->base))
        return;
    if (array->is_packed) {
        read_block_of_row(store, &point->header, array);
        return;
    }
    array->place = point->row * array->width;
    array->size = array->width;
    (void)read_bytes(store, array, array->place, array->size, array->elements);
}

void sqa_stored_close(struct sqa_stored_array *array) {
    (void)sqlite3_blob_close(array->blob);
    sqa_pool_give(array->buffer);
    sqa_pool_give(array->new_blob);
}

int64_t sqa_stored_value(const struct sqa_store *store, const struct sqa_stored_array *array) {
    const struct sqa_view view = {array->elements, array->at + 1, array->width};
    return sqa_vtab_failed(&store->base) ? 0 : sqa_view_get(&view, array->at);
}

/* ---- Changing */

/* Makes a new blob with the new contents of the block, which have another size. */
static void make_new_blob(struct sqa_store *store, struct sqa_stored_array *array,
                          size_t contents_size) {
    const size_t end = array->place + array->size;
    const size_t size = (size_t)sqlite3_blob_bytes(array->blob) - SQA_HEADER;
    array->new_size = SQA_HEADER + size - array->size + contents_size;
    array->new_blob = sqa_pool_take(store->base.connection->pool, array->new_size);
    if (!sqa_vtab_has_memory(&store->base, array->new_blob != NULL))
        return;
    unsigned char *const bytes = array->new_blob + SQA_HEADER;
    sqa_blob_packed_header(array->new_blob, array->count, array->width);
    (void)read_bytes(store, array, 0, array->place, bytes);
    memcpy(bytes, array->new_lists, array->lists_size);
    memcpy(bytes + array->place, array->new_contents, contents_size);
    (void)read_bytes(store, array, end, size - end, bytes + array->place + contents_size);
}

bool sqa_stored_put(struct sqa_store *store, struct sqa_stored_array *array, int64_t value) {
    memcpy(array->elements + array->at * array->width, &value, array->width); /* little-endian */
    if (!array->is_packed)
        return true;
    memcpy(array->new_lists, array->lists, array->lists_size);
    const size_t size = sqa_packing_block(store->base.connection->kernels, array->count,
                                          array->width, array->row / SQA_BLOCK, array->elements,
                                          array->new_lists, array->new_contents);
    if (size == array->size)
        return true;
    if ((uint64_t)sqlite3_blob_bytes(array->blob) - array->size + size >=
        sqa_blob_size(array->count, array->width))
        return false;
    (void)sqa_vtab_statement(&store->base, SQA_STATEMENT_PUT_ARRAY); /* before the first change */
    make_new_blob(store, array, size);
    return true;
}

/*
** Writes bytes at offset `at` after the header, but only from the first to the last one that has
** changed.
*/
static void write_changed(struct sqa_store *store, const struct sqa_stored_array *array, size_t at,
                          size_t size, const unsigned char *before, const unsigned char *bytes) {
    enum { STEP = 64 }; /* compared at once */
    size_t from = 0;
    while (size - from > STEP && memcmp(bytes + from, before + from, STEP) == 0)
        from += STEP;
    while (size > from + STEP && memcmp(bytes + size - STEP, before + size - STEP, STEP) == 0)
        size -= STEP;
    while (from < size && bytes[from] == before[from])
        from++;
    while (size > from && bytes[size - 1] == before[size - 1])
        size--;
    if (size > from && !sqa_vtab_failed(&store->base))
        (void)sqa_vtab_note(&store->base,
                            sqlite3_blob_write(array->blob, bytes + from, (int)(size - from),
                                               (int)(SQA_HEADER + at + from)));
}

void sqa_stored_write(struct sqa_store *store, struct sqa_stored_array *array) {
    if (array->new_blob != NULL) {
        (void)sqlite3_blob_close(array->blob);
        array->blob = NULL;
        sqa_chunk_put_array(store, array->id, array->new_blob, array->new_size);
    } else if (array->is_packed) {
        write_changed(store, array, array->place, array->size, array->contents,
                      array->new_contents);
        write_changed(store, array, 0, array->lists_size, array->lists, array->new_lists);
    } else if (!sqa_vtab_failed(&store->base)) {
        (void)sqa_vtab_note(&store->base,
                            sqlite3_blob_write(array->blob, array->elements, (int)array->width,
                                               (int)(SQA_HEADER + array->place)));
    }
}

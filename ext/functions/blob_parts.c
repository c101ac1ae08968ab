/*
** Functions that read a part of a stored array, or write one of its elements, through
** sqlite3_blob. The rest of the value is not loaded into memory.
**
** To reach a position in a large value, SQLite follows the linked list of its overflow pages,
** which takes a few ns a page. An open sqlite3_blob remembers these pages. Therefore a blob that
** was opened for reading is kept as auxiliary data of the first argument until the statement
** ends, and serves all calls with the same schema, table and column.
*/
#include "functions/bodies.h"
#include "sql/arguments.h"
#include "sql/result.h"
#include "sql/whole_array.h"

#include <stdio.h>
#include <string.h>

SQLITE_EXTENSION_INIT3

enum { SCHEMA, TABLE, COLUMN, ROWID, FIRST_OTHER }; /* indexes of the arguments */

/*
** A blob that is open for reading. `names` holds its schema, table and column, each with its
** terminating NUL, one after the other.
*/
struct kept_blob {
    sqlite3_blob *blob;
    size_t size; /* number of bytes of names */
    char names[];
};

static void close_kept(void *kept) {
    (void)sqlite3_blob_close(((struct kept_blob *)kept)->blob);
    sqa_object_free(kept);
}

/* An array stored in a column of a row, named by the arguments of the call */
struct stored_blob {
    struct sqa_call *call;
    const char *names[ROWID];
    int64_t rowid;
    sqlite3_blob *blob; /* NULL if nothing is open: the value is NULL, or the call has failed */
    uint64_t size;      /* of the value, in bytes */
    struct sqa_blob_header header;
    /* Only for a packed array: the current block, and the byte offset of its contents */
    size_t block;
    uint64_t contents;
};

/* ---- Errors */

/* Makes the call fail with a message that names the stored value and says why. */
static void fail_stored(const struct stored_blob *stored, const char *why) {
    char place[140];
    (void)snprintf(
        place, sizeof place, "%.*s.%.*s.%.*s, rowid %lld", sqa_excerpt(stored->names[SCHEMA], 30),
        stored->names[SCHEMA], sqa_excerpt(stored->names[TABLE], 30), stored->names[TABLE],
        sqa_excerpt(stored->names[COLUMN], 30), stored->names[COLUMN], (long long)stored->rowid);
    sqa_fail(stored->call, "%s: %s", place, why);
}

/* Makes the call fail with SQLite's error message and this result code. */
static void fail_code(const struct stored_blob *stored, int rc) {
    struct sqa_call *call = stored->call;
    char why[120];
    if (rc == SQLITE_OK || sqa_failed(call))
        return;
    (void)snprintf(why, sizeof why, "%s", sqlite3_errmsg(call->connection->db));
    if (rc == SQLITE_NOMEM || rc == SQLITE_IOERR_NOMEM)
        sqa_check_memory(call, NULL);
    else if (rc == SQLITE_INTERRUPT)
        sqa_fail_status(call, SQA_INTERRUPT, (struct sqa_error){0, 0});
    else
        fail_stored(stored, why);
    if (call->status == SQA_ARGUMENT)
        call->error.a = rc;
}

/* Makes the call fail because the stored value is not a valid array. */
static void fail_array(const struct stored_blob *stored, enum sqa_status status,
                       struct sqa_error error) {
    char why[100];
    sqa_status_text(status, &error, why, sizeof why);
    if (status != SQA_OK)
        fail_stored(stored, why);
}

static void fail_packed(const struct stored_blob *stored) {
    fail_array(stored, SQA_BAD_BLOCK, (struct sqa_error){(int64_t)stored->block + 1, 0});
}

/* Compiles the SQL, which is freed; NULL is a lack of memory. Returns an SQLite result code. */
static int prepare_sql(const struct stored_blob *stored, char *sql, sqlite3_stmt **statement) {
    *statement = NULL;
    const int rc =
        sql == NULL ? SQLITE_NOMEM
                    : sqlite3_prepare_v3(stored->call->connection->db, sql, -1, 0, statement, NULL);
    sqa_object_free(sql);
    return rc;
}

/*
** Fills `type` with the name of the value's SQL type, or with "" if no query can find it. Returns
** an SQLite result code. A query is needed because sqlite3_blob tells the type only in an error
** message, and does not distinguish TEXT from BLOB.
*/
static int find_stored_type(const struct stored_blob *stored, char type[8]) {
    sqlite3_stmt *query;
    const int rc = prepare_sql(
        stored,
        sqa_sql("SELECT upper(typeof(x.\"%w\")) FROM \"%w\".\"%w\" AS x WHERE x.rowid = %lld",
                stored->names[COLUMN], stored->names[SCHEMA], stored->names[TABLE], stored->rowid),
        &query);
    type[0] = '\0';
    if (rc == SQLITE_OK && sqlite3_step(query) == SQLITE_ROW) {
        const char *name = (const char *)sqlite3_column_text(query, 0);
        (void)snprintf(type, 8, "%s", name == NULL ? "" : name);
    }
    const int end = sqlite3_finalize(query);
    return rc == SQLITE_OK ? end : rc;
}

/*
** Called after the call has failed. If the stored value turns out not to be a BLOB, replaces the
** error message with one that says so. Reading a NULL is no error, so then the failure is
** withdrawn.
*/
static void explain_value(const struct stored_blob *stored, bool to_write) {
    struct sqa_call *call = stored->call;
    char type[8], why[80];
    if (call->status != SQA_ARGUMENT)
        return;
    const int rc = find_stored_type(stored, type);
    const bool is_stopped = rc == SQLITE_NOMEM || rc == SQLITE_INTERRUPT;
    if (!is_stopped && (type[0] == '\0' || strcmp(type, "BLOB") == 0))
        return;
    sqa_call_recover(call);
    (void)snprintf(why, sizeof why, "the value is %s, expected a BLOB that is an array", type);
    if (is_stopped)
        fail_code(stored, rc);
    else if (to_write || strcmp(type, "NULL") != 0)
        fail_stored(stored, why);
}

/* ---- Opening, reading */

/*
** Reads n bytes from offset `at` of the stored value. Fills dst with zeros after a failure. An
** offset outside the value means that the array is damaged, and makes the call fail.
*/
static void read_stored_bytes(const struct stored_blob *stored, void *dst, size_t n, uint64_t at) {
    memset(dst, 0, n);
    if (sqa_failed(stored->call))
        return;
    if (at > stored->size || n > stored->size - at) {
        fail_packed(stored);
        return;
    }
    const int rc = sqlite3_blob_read(stored->blob, dst, (int)n, (int)at);
    if (rc != SQLITE_OK)
        fail_code(stored, rc);
}

/*
** Returns the kept blob, moved to this row, if it belongs to the same schema, table and column
** and can still be used; otherwise NULL.
*/
static sqlite3_blob *reopen_kept(const struct stored_blob *stored) {
    const struct kept_blob *kept = sqlite3_get_auxdata(stored->call->context, SCHEMA);
    size_t at = 0;
    if (kept == NULL)
        return NULL;
    for (int i = SCHEMA; i <= COLUMN; i++) {
        const size_t n = strlen(stored->names[i]) + 1;
        if (n > kept->size - at || memcmp(kept->names + at, stored->names[i], n) != 0)
            return NULL;
        at += n;
    }
    return sqlite3_blob_reopen(kept->blob, stored->rowid) == SQLITE_OK ? kept->blob : NULL;
}

/*
** Takes ownership of the open blob and keeps it until the statement ends. If the names are not
** constant, SQLite discards it when the call ends.
*/
static void keep_stored_blob(struct stored_blob *stored) {
    struct sqa_call *call = stored->call;
    size_t size = 0;
    for (int i = SCHEMA; i <= COLUMN; i++)
        size += strlen(stored->names[i]) + 1;
    struct kept_blob *kept = sqa_object_new(sizeof *kept + size);
    sqa_check_memory(call, kept);
    if (kept == NULL) {
        (void)sqlite3_blob_close(stored->blob);
        stored->blob = NULL;
        return;
    }
    kept->blob = stored->blob;
    for (int i = SCHEMA; i <= COLUMN; i++) {
        const size_t n = strlen(stored->names[i]) + 1;
        memcpy(kept->names + kept->size, stored->names[i], n);
        kept->size += n;
    }
    sqlite3_set_auxdata(call->context, SCHEMA, kept, close_kept);
    if (sqlite3_get_auxdata(call->context, SCHEMA) != kept) { /* SQLite has closed the blob */
        sqa_check_memory(call, NULL);
        stored->blob = NULL;
    }
}

static void read_stored_header(struct stored_blob *stored, bool to_write) {
    unsigned char bytes[SQA_HEADER];
    struct sqa_error error;
    stored->size = (uint64_t)sqlite3_blob_bytes(stored->blob);
    read_stored_bytes(stored, bytes, stored->size < SQA_HEADER ? (size_t)stored->size : SQA_HEADER,
                      0);
    if (sqa_failed(stored->call))
        return;
    const enum sqa_status status =
        sqa_blob_read_header(bytes, (size_t)stored->size, &stored->header, &error);
    fail_array(stored, status, error);
    explain_value(stored, to_write);
    stored->block = 0;
    stored->contents =
        SQA_HEADER + (uint64_t)sqa_packed_blocks(stored->header.count) * (3 + stored->header.width);
}

/*
** Fails if the table has generated columns, which older SQLites do not refuse: they open another
** column than the one named if a virtual one stands before it, and what is computed from the array
** would stay as it was after a write.
*/
static void refuse_generated(const struct stored_blob *stored) {
    enum { HIDDEN = 6, GENERATED = 2 }; /* of PRAGMA table_xinfo; virtual columns: 2, stored: 3 */
    sqlite3_stmt *columns;
    bool any = false;
    const int rc = prepare_sql(
        stored,
        sqa_sql("PRAGMA \"%w\".table_xinfo(\"%w\")", stored->names[SCHEMA], stored->names[TABLE]),
        &columns);
    while (rc == SQLITE_OK && !any && sqlite3_step(columns) == SQLITE_ROW)
        any = sqlite3_column_int64(columns, HIDDEN) >= GENERATED;
    const int end = sqlite3_finalize(columns);
    fail_code(stored, rc == SQLITE_OK ? end : rc);
    if (any)
        fail_stored(stored, "cannot open table with generated columns");
}

/*
** Opens the array that arguments 1 to 4 name. If to_write is true, the caller must close the blob
** in any case.
*/
static void open_stored_blob(struct stored_blob *stored, struct sqa_call *call, bool to_write) {
    size_t size;
    stored->call = call;
    for (int i = SCHEMA; i <= COLUMN; i++)
        stored->names[i] = sqa_arg_text(call, i, &size);
    stored->rowid = sqa_arg_integer(call, ROWID);
    stored->blob = NULL;
    if (sqa_failed(call))
        return;
    if (!to_write)
        stored->blob = reopen_kept(stored);
    if (stored->blob == NULL) {
        const int rc =
            sqlite3_blob_open(call->connection->db, stored->names[SCHEMA], stored->names[TABLE],
                              stored->names[COLUMN], stored->rowid, to_write, &stored->blob);
        if (rc != SQLITE_OK) {
            stored->blob = NULL;
            fail_code(stored, rc);
            explain_value(stored, to_write);
            return;
        }
        refuse_generated(stored);
        if (!to_write)
            keep_stored_blob(stored);
    }
    if (stored->blob != NULL)
        read_stored_header(stored, to_write);
}

/* ---- Packed blocks */

/*
** Moves to the block with this index (from 0). The index must not be less than that of the
** current block.
*/
static void seek_stored_block(struct stored_blob *stored, size_t index) {
    /* entries that are read at once of each of the three lists of block headers */
    enum { PIECE = 1024 };
    const size_t blocks = sqa_packed_blocks(stored->header.count);
    unsigned char lists[3][PIECE];
    while (stored->block < index && !sqa_failed(stored->call)) {
        const size_t left = index - stored->block, n = left < PIECE ? left : PIECE;
        for (size_t i = 0; i < 3; i++)
            read_stored_bytes(stored, lists[i], n, SQA_HEADER + i * blocks + stored->block);
        stored->contents +=
            sqa_packed_contents_size(lists[0], lists[1], lists[2], n, stored->header.width);
        stored->block += n;
        (void)sqa_stopped(&stored->call->poll);
    }
}

/* Fills dst with the elements of a block, each `width` bytes wide, and returns their number. */
static size_t read_stored_block(struct stored_blob *stored, size_t index, void *dst,
                                unsigned width) {
    const size_t blocks = sqa_packed_blocks(stored->header.count);
    const size_t left = stored->header.count - index * SQA_BLOCK;
    const size_t n = left < SQA_BLOCK ? left : SQA_BLOCK;
    unsigned char lists[3], base[8], contents[SQA_PACKED_BLOCK_BYTES];
    seek_stored_block(stored, index);
    for (size_t i = 0; i < 3; i++)
        read_stored_bytes(stored, &lists[i], 1, SQA_HEADER + i * blocks + index);
    read_stored_bytes(stored, base, stored->header.width,
                      SQA_HEADER + 3 * blocks + index * stored->header.width);
    const struct sqa_packed_entry entry = {lists[0], lists[1], lists[2]};
    if (!sqa_packed_is_sound(entry))
        fail_packed(stored);
    else
        read_stored_bytes(stored, contents, sqa_packed_block_size(entry, n, stored->header.width),
                          stored->contents);
    if (sqa_failed(stored->call))
        return 0;
    const struct sqa_packed_block block =
        sqa_packed_block_at(entry, n, stored->header.width, base, contents);
    sqa_packed_decode(stored->call->connection->kernels, &block, dst, width);
    return n;
}

/* ---- Functions */

static int64_t read_stored_element(struct stored_blob *stored, size_t at) {
    const unsigned width = stored->header.width;
    unsigned char bytes[8];
    int64_t elements[SQA_BLOCK];
    if (stored->header.codec == SQA_CODEC_PACKED)
        return read_stored_block(stored, at / SQA_BLOCK, elements, 8) > 0 ? elements[at % SQA_BLOCK]
                                                                          : 0;
    read_stored_bytes(stored, bytes, width, SQA_HEADER + (uint64_t)at * width);
    const struct sqa_view view = {bytes, 1, width};
    return sqa_view_get(&view, 0);
}

void sqa_fn_blob_length(struct sqa_call *call) {
    struct stored_blob stored;
    open_stored_blob(&stored, call, false);
    if (stored.blob != NULL)
        sqlite3_result_int64(call->context, stored.header.count);
}

void sqa_fn_blob_get(struct sqa_call *call) {
    struct stored_blob stored;
    const int64_t index = sqa_arg_integer(call, FIRST_OTHER);
    size_t at;
    open_stored_blob(&stored, call, false);
    if (stored.blob != NULL && !sqa_failed(call) && sqa_index(index, stored.header.count, &at))
        sqlite3_result_int64(call->context, read_stored_element(&stored, at));
}

/* Fills the result with as many elements as it has room for, starting at element `at` (from 0). */
static void read_stored_elements(struct stored_blob *stored, const struct sqa_out *out, size_t at) {
    const unsigned width = out->width;
    const size_t count = (size_t)out->count;
    _Alignas(64) unsigned char block[SQA_BLOCK * 8];
    if (stored->header.codec == SQA_CODEC_PLAIN) {
        for (size_t done = 0, n; (n = sqa_next_run(count, done, &stored->call->poll)) > 0;
             done += n)
            read_stored_bytes(stored, sqa_out_at(out, done), n * width,
                              SQA_HEADER + (uint64_t)(at + done) * width);
        return;
    }
    for (size_t done = 0; done < count && !sqa_stopped(&stored->call->poll);) {
        const size_t skip = (at + done) % SQA_BLOCK;
        const size_t read = read_stored_block(stored, (at + done) / SQA_BLOCK, block, width);
        const size_t n = count - done < read - skip ? count - done : read - skip;
        if (sqa_failed(stored->call))
            return;
        memcpy(sqa_out_at(out, done), block + skip * width, n * width);
        done += n;
    }
}

void sqa_fn_blob_slice(struct sqa_call *call) {
    struct stored_blob stored;
    struct sqa_out out;
    int64_t start = sqa_arg_integer(call, FIRST_OTHER);
    int64_t stop = sqa_arg_integer_or(call, FIRST_OTHER + 1, -1);
    open_stored_blob(&stored, call, false);
    if (stored.blob == NULL || sqa_failed(call))
        return;
    const size_t count =
        sqa_slice_ends(&start, &stop, false, stored.header.count) ? (size_t)(stop - start) + 1 : 0;
    sqa_out_open(&out, call, count, stored.header.width);
    if (sqa_failed(call))
        return;
    read_stored_elements(&stored, &out, count > 0 ? (size_t)start - 1 : 0);
    sqa_out_close(&out, count, sqa_plain_sig(call, out.elements, count, out.width));
}

/*
** Fails if the table has a trigger. Writing through sqlite3_blob fires no triggers, and the
** application may rely on them.
*/
static void refuse_triggers(const struct stored_blob *stored) {
    sqlite3_stmt *query;
    char why[160];
    const int rc =
        prepare_sql(stored,
                    sqa_sql("SELECT name FROM (SELECT * FROM \"%w\".sqlite_schema UNION ALL"
                            " SELECT * FROM temp.sqlite_schema) WHERE type = 'trigger' AND"
                            " tbl_name = %Q COLLATE NOCASE",
                            stored->names[SCHEMA], stored->names[TABLE]),
                    &query);
    if (rc == SQLITE_OK && sqlite3_step(query) == SQLITE_ROW) {
        const char *name = (const char *)sqlite3_column_text(query, 0);
        const int shown = name == NULL ? 0 : sqa_excerpt(name, 40);
        (void)snprintf(why, sizeof why,
                       "the table has the trigger %.*s, which this would not fire: use UPDATE and "
                       "array_set_at()",
                       shown, name == NULL ? "" : name);
        fail_stored(stored, why);
    }
    const int end = sqlite3_finalize(query);
    fail_code(stored, rc == SQLITE_OK ? end : rc);
}

/* Writes v as the element at index `at` (from 0). */
static void write_stored_element(const struct stored_blob *stored, size_t at, int64_t v) {
    const unsigned width = stored->header.width, needed = sqa_sig_width(sqa_sig(v));
    char why[120];
    if (stored->header.codec == SQA_CODEC_PACKED) {
        fail_stored(stored, "the array is packed, array_unpack() it first");
    } else if (needed > width) {
        (void)snprintf(why, sizeof why,
                       "%lld needs elements of %u bytes, the array has %u: use array_set_at()",
                       (long long)v, needed, width);
        fail_stored(stored, why);
    } else {
        /* the low bytes come first: little-endian */
        const int rc =
            sqlite3_blob_write(stored->blob, &v, (int)width, (int)(SQA_HEADER + at * width));
        fail_code(stored, rc);
    }
}

void sqa_fn_blob_set(struct sqa_call *call) {
    struct stored_blob stored;
    const int64_t v = sqa_arg_integer(call, FIRST_OTHER + 1);
    open_stored_blob(&stored, call, true);
    if (!sqa_failed(call))
        refuse_triggers(&stored);
    const size_t at = sqa_failed(call) ? 0 : sqa_arg_index(call, FIRST_OTHER, stored.header.count);
    if (!sqa_failed(call))
        write_stored_element(&stored, at, v);
    if (stored.blob == NULL)
        return;
    /* outside an explicit transaction, closing the blob commits the write */
    const int rc = sqlite3_blob_close(stored.blob);
    fail_code(&stored, rc);
    sqlite3_result_int64(call->context, v);
}

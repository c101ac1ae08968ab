#include "index/list_writer.h"

#include <string.h>

SQLITE_EXTENSION_INIT3

/* Keys wait until there are twice as many as a block can have: so no block is cut short but the last. */
enum { WAITING_MOST = 2 * SQA_BLOCK_KEYS };

int sqa_writer_init(struct sqa_list_writer *writer, struct sqa_index *index) {
    *writer = (struct sqa_list_writer){.index = index};
    writer->keys =
        sqa_pool_take(index->vtab.connection->pool, WAITING_MOST * sizeof writer->keys[0]);
    return writer->keys != NULL ? SQLITE_OK : SQLITE_NOMEM;
}

void sqa_writer_clear(struct sqa_list_writer *writer) {
    sqa_pool_give(writer->keys);
    writer->keys = NULL;
}

void sqa_writer_begin(struct sqa_list_writer *writer, bool is_rows, int64_t value) {
    writer->is_rows = is_rows;
    writer->value = value;
    writer->waiting = 0;
    writer->n = 0;
}

/* The statement is freed of the block before the memory of that is gone. */
static int run_with_block(sqlite3_stmt *statement, int parameter, const int64_t *keys,
                          size_t count) {
    unsigned char bytes[SQA_BLOCK_BYTES];
    const size_t size = sqa_block_encode(bytes, keys, count);
    sqlite3_bind_blob64(statement, parameter, bytes, size, SQLITE_STATIC);
    const int rc = sqa_statement_run(statement);
    sqlite3_bind_null(statement, parameter);
    return rc;
}

int sqa_write_last_block(struct sqa_index *index, int64_t value, int64_t n, const int64_t *keys,
                         size_t count) {
    sqlite3_stmt *put;
    const int rc = sqa_index_statement(index, SQA_INDEX_PUT_VALUE, &put);
    if (rc != SQLITE_OK)
        return rc;
    sqlite3_bind_int64(put, 1, value);
    sqlite3_bind_int64(put, 2, n);
    sqlite3_bind_int64(put, 3, keys[0]);
    return count == 1 ? sqa_statement_run(put) : run_with_block(put, 4, keys, count);
}

int sqa_rewrite_block(struct sqa_index *index, int64_t id, const int64_t *keys, size_t count) {
    sqlite3_stmt *set;
    const int rc = sqa_index_statement(index, SQA_INDEX_SET_BLOCK, &set);
    if (rc != SQLITE_OK)
        return rc;
    sqlite3_bind_int64(set, 1, id);
    return run_with_block(set, 2, keys, count);
}

int sqa_write_block(struct sqa_index *index, bool is_rows, int64_t value, const int64_t *keys,
                    size_t count) {
    sqlite3_stmt *add;
    const int rc =
        sqa_index_statement(index, is_rows ? SQA_INDEX_PUT_ROWS : SQA_INDEX_ADD_BLOCK, &add);
    if (rc != SQLITE_OK)
        return rc;
    if (!is_rows)
        sqlite3_bind_int64(add, 1, value);
    sqlite3_bind_int64(add, 2, keys[0]);
    return run_with_block(add, 3, keys, count);
}

/* Writes full blocks until no more than `most` keys wait. */
static int write_blocks(struct sqa_list_writer *writer, size_t most) {
    size_t at = 0;
    int rc = SQLITE_OK;
    while (rc == SQLITE_OK && writer->waiting - at > most) {
        const int64_t *keys = writer->keys + at;
        const size_t left = writer->waiting - at,
                     count = sqa_block_fit(keys, left, sqa_index_block_bytes(writer->index));
        writer->n += (int64_t)count;
        if (count == left && most == 0 && !writer->is_rows)
            rc = sqa_write_last_block(writer->index, writer->value, writer->n, keys, count);
        else
            rc = sqa_write_block(writer->index, writer->is_rows, writer->value, keys, count);
        at += count;
    }
    memmove(writer->keys, writer->keys + at, (writer->waiting - at) * sizeof writer->keys[0]);
    writer->waiting -= at;
    return rc;
}

int sqa_writer_add(struct sqa_list_writer *writer, int64_t key) {
    writer->keys[writer->waiting++] = key;
    return writer->waiting < WAITING_MOST ? SQLITE_OK : write_blocks(writer, SQA_BLOCK_KEYS);
}

int sqa_writer_finish(struct sqa_list_writer *writer) {
    return write_blocks(writer, 0);
}

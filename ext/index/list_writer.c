#include "index/list_writer.h"

#include <string.h>

SQLITE_EXTENSION_INIT3

/* Keys wait until there are enough for two blocks, so that only the last block is not full. */
enum { WAITING_MOST = 2 * SQA_BLOCK_KEYS };

void sqa_writer_init(struct sqa_list_writer *writer, struct sqa_index *index) {
    *writer = (struct sqa_list_writer){.index = index};
    writer->keys = sqa_index_reserve(index, NULL, 0, WAITING_MOST * sizeof writer->keys[0]);
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

/* Runs the statement with a block as a parameter, and unbinds it before its memory is freed. */
static void run_with_block(struct sqa_index *index, sqlite3_stmt *statement, int parameter,
                           const int64_t *keys, size_t count) {
    unsigned char bytes[SQA_BLOCK_BYTES];
    if (statement == NULL)
        return;
    const size_t size = sqa_block_encode(bytes, keys, count);
    (void)sqa_vtab_note(&index->vtab,
                        sqlite3_bind_blob64(statement, parameter, bytes, size, SQLITE_STATIC));
    sqa_vtab_run(&index->vtab, statement);
    sqlite3_bind_null(statement, parameter);
}

void sqa_write_last_block(struct sqa_index *index, int64_t value, int64_t n, const int64_t *keys,
                          size_t count) {
    sqlite3_stmt *put = sqa_index_statement(index, SQA_INDEX_PUT_VALUE);
    sqa_bind_two(put, 1, value, n);
    sqa_bind(put, 3, keys[0]);
    if (count == 1)
        sqa_vtab_run(&index->vtab, put);
    else
        run_with_block(index, put, 4, keys, count);
}

void sqa_rewrite_block(struct sqa_index *index, int64_t id, const int64_t *keys, size_t count) {
    sqlite3_stmt *set = sqa_index_statement(index, SQA_INDEX_SET_BLOCK);
    sqa_bind(set, 1, id);
    run_with_block(index, set, 2, keys, count);
}

void sqa_write_block(struct sqa_index *index, bool is_rows, int64_t value, const int64_t *keys,
                     size_t count) {
    sqlite3_stmt *add =
        sqa_index_statement(index, is_rows ? SQA_INDEX_PUT_ROWS : SQA_INDEX_ADD_BLOCK);
    if (!is_rows)
        sqa_bind(add, 1, value);
    sqa_bind(add, 2, keys[0]);
    run_with_block(index, add, 3, keys, count);
}

/* Writes full blocks until at most `most` keys wait. */
static void write_blocks(struct sqa_list_writer *writer, size_t most) {
    size_t at = 0;
    while (writer->waiting - at > most && !sqa_index_failed(writer->index)) {
        const int64_t *keys = writer->keys + at;
        const size_t left = writer->waiting - at,
                     count = sqa_block_fit(keys, left, sqa_index_block_bytes(writer->index));
        writer->n += (int64_t)count;
        if (count == left && most == 0 && !writer->is_rows)
            sqa_write_last_block(writer->index, writer->value, writer->n, keys, count);
        else
            sqa_write_block(writer->index, writer->is_rows, writer->value, keys, count);
        at += count;
    }
    if (at > 0)
        memmove(writer->keys, writer->keys + at, (writer->waiting - at) * sizeof writer->keys[0]);
    writer->waiting -= at;
}

void sqa_writer_add(struct sqa_list_writer *writer, int64_t key) {
    if (sqa_index_failed(writer->index))
        return;
    writer->keys[writer->waiting++] = key;
    if (writer->waiting == WAITING_MOST)
        write_blocks(writer, SQA_BLOCK_KEYS);
}

void sqa_writer_finish(struct sqa_list_writer *writer) {
    write_blocks(writer, 0);
}

#include "store/point_reader.h"

#include "store/open_chunk.h"

SQLITE_EXTENSION_INIT3

bool sqa_point_is_open(struct sqa_store *store, int64_t rowid) {
    return sqa_vtab_memory_is_current(&store->base) && sqa_open_chunk_covers(store, rowid);
}

bool sqa_point_reader_begin(struct sqa_point_reader *reader, struct sqa_store *store, int64_t rowid,
                            const struct sqa_chunk_header *header) {
    *reader =
        (struct sqa_point_reader){.store = store, .rowid = rowid, .point = {.header = *header}};
    reader->changes = store->memory->base.changes;
    return sqa_point_find_row(store, rowid, &reader->point);
}

/*
** Finds the row again if it may have moved. Returns false if it does not exist any more. If it is
** in the open chunk, sets *is_open to true and *i to its number.
*/
static bool find_again(struct sqa_point_reader *reader, bool *is_open, size_t *i) {
    struct sqa_store *store = reader->store;
    *is_open = false;
    if (reader->changes == store->memory->base.changes)
        return true;
    (void)sqa_vtab_enter_to_read(&store->base);
    *is_open = sqa_point_is_open(store, reader->rowid);
    if (*is_open)
        return sqa_chunk_find(&store->memory->open.chunk, reader->rowid, i);
    const bool found = sqa_point_find_chunk(store, reader->rowid, &reader->point) &&
                       sqa_point_find_row(store, reader->rowid, &reader->point);
    if (found)
        reader->changes = store->memory->base.changes;
    return found;
}

bool sqa_point_reader_get(struct sqa_point_reader *reader, int column, int64_t *value) {
    struct sqa_store *store = reader->store;
    bool is_open;
    size_t i;
    if (!find_again(reader, &is_open, &i))
        return false;
    *value = is_open ? store->memory->open.chunk.column[column][i]
                     : sqa_point_get(store, &reader->point, column);
    return !sqa_vtab_failed(&store->base);
}

bool sqa_point_reader_meets(struct sqa_point_reader *reader,
                            const struct sqa_conditions *conditions) {
    bool meets_all = true;
    for (int i = 0; i < conditions->count && meets_all; i++) {
        const struct sqa_condition *condition = &conditions->list[i];
        int64_t x = reader->rowid;
        meets_all = (condition->column == SQA_ROWID ||
                     sqa_point_reader_get(reader, condition->column, &x)) &&
                    sqa_condition_meets_any(condition, x, x);
    }
    return meets_all;
}

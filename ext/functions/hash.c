/* array_hash: XXH3 (Yann Collet, https://xxhash.com), compiled in from the xxHash library's header. */
#include "functions/bodies.h"
#include "sql/arguments.h"
#include "sql/whole_array.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

SQLITE_EXTENSION_INIT3

/* Block by block, which costs more than to have all elements at once */
static uint64_t hash_blocks(struct sqa_reader *reader) {
    XXH3_state_t state;
    XXH3_INITSTATE(&state);
    (void)XXH3_64bits_reset_withSeed(&state, reader->width);
    do
        (void)XXH3_64bits_update(&state, reader->data, reader->n * reader->width);
    while (sqa_reader_next(reader));
    return XXH3_64bits_digest(&state);
}

/* Of the canonical element bytes, whatever the form of the argument; seeded with their width. */
void fn_hash(struct sqa_call *call) {
    const struct sqa_array array = sqa_arg_array(call, 0);
    const unsigned width = sqa_sig_width(sqa_whole_sig(call, &array));
    struct sqa_reader reader;
    sqa_read(&reader, call, &array, width);
    reader.in_runs = true;
    (void)sqa_reader_next(&reader);
    const uint64_t hash = reader.n == array.count
                              ? XXH3_64bits_withSeed(reader.data, array.count * width, width)
                              : hash_blocks(&reader);
    sqlite3_result_int64(call->context, (int64_t)hash);
}

/* array_hash: XXH3 (Yann Collet, https://xxhash.com), compiled in from xxHash's header. */
#include "functions/bodies.h"
#include "sql/arguments.h"
#include "sql/whole_array.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

SQLITE_EXTENSION_INIT3

/* Hashes the elements in chunks, converted to this width. */
static uint64_t hash_runs(struct sqa_call *call, const struct sqa_array *array, unsigned width) {
    struct sqa_reader reader;
    XXH3_state_t state;
    XXH3_INITSTATE(&state);
    (void)XXH3_64bits_reset_withSeed(&state, width);
    sqa_read_runs(&reader, call, array, width);
    while (sqa_reader_next(&reader))
        (void)XXH3_64bits_update(&state, reader.data, reader.n * width);
    return XXH3_64bits_digest(&state);
}

/*
** Hashes the elements in their canonical width, so that equal arrays have equal hashes in
** whatever form they are stored. The width is the seed.
*/
void sqa_fn_hash(struct sqa_call *call) {
    const struct sqa_array array = sqa_arg_array(call, 0);
    const unsigned width = sqa_whole_width(call, &array);
    struct sqa_view view;
    uint64_t hash;
    if (array.width == width && array.count <= SQA_RUN && sqa_array_is_plain(&array, &view))
        hash = XXH3_64bits_withSeed(view.data, view.count * width, width);
    else
        hash = hash_runs(call, &array, width);
    sqlite3_result_int64(call->context, (int64_t)hash);
}

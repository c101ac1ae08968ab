/* array_hash: XXH3 (Yann Collet, https://xxhash.com), compiled in from the xxHash library's header. */
#include "sql/arguments.h"
#include "functions/bodies.h"
#include "sql/whole_array.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

SQLITE_EXTENSION_INIT3

/* Run by run, as elements of this width */
static uint64_t hash_runs(struct sqa_call *call, const struct sqa_view *view, unsigned width) {
    struct sqa_reader reader;
    XXH3_state_t state;
    XXH3_INITSTATE(&state);
    (void)XXH3_64bits_reset_withSeed(&state, width);
    sqa_reader_init(&reader, call->connection->kernels, view, width);
    for (size_t at = 0, n; (n = sqa_next_run(view->count, at, &call->poll)) > 0; at += n) {
        if (view->width == width)
            (void)XXH3_64bits_update(&state, view->data + at * width, n * width);
        for (size_t i = at; view->width != width && i < at + n; i += SQA_BLOCK) {
            const size_t m = at + n - i < SQA_BLOCK ? at + n - i : SQA_BLOCK;
            (void)XXH3_64bits_update(&state, sqa_reader_block(&reader, i, m), m * width);
        }
    }
    return XXH3_64bits_digest(&state);
}

/* Of the canonical element bytes, whatever the form of the argument; seeded with their width. */
enum sqa_status fn_hash(struct sqa_call *call) {
    struct sqa_view view;
    uint64_t sig, hash;
    enum sqa_status status = sqa_arg_array(call, 0, &view);
    if (status == SQA_OK)
        status = sqa_whole_sig(call, &view, &sig);
    if (status != SQA_OK)
        return status;
    const unsigned width = sqa_sig_width(sig);
    if (view.width == width && view.count <= SQA_RUN)
        hash = XXH3_64bits_withSeed(view.data, view.count * width, width);
    else
        hash = hash_runs(call, &view, width);
    sqlite3_result_int64(call->context, (int64_t)hash);
    return sqa_call_status(call);
}

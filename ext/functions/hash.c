/* array_hash: XXH3 (Yann Collet, https://xxhash.com), compiled in from the xxHash library's header. */
#include "functions/args.h"
#include "functions/blocks.h"
#include "functions/bodies.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

SQLITE_EXTENSION_INIT3

/* Of the canonical element bytes, whatever the form of the argument; seeded with their width. */
enum sqa_status fn_hash(struct sqa_call *call) {
    struct sqa_view view;
    struct sqa_blocks blocks;
    const enum sqa_status status = sqa_arg_array(call, 0, &view);
    if (status != SQA_OK)
        return status;
    const unsigned width = sqa_sig_width(sqa_view_sig(call->connection->kernels, &view));
    uint64_t hash;
    if (view.width == width) {
        hash = XXH3_64bits_withSeed(view.data, view.count * width, width);
    } else {
        XXH3_state_t state;
        XXH3_INITSTATE(&state);
        (void)XXH3_64bits_reset_withSeed(&state, width);
        sqa_blocks_begin(&blocks, call, &view, width);
        while (sqa_blocks_next(&blocks))
            (void)XXH3_64bits_update(&state, blocks.data, blocks.n * width);
        if (blocks.status != SQA_OK)
            return blocks.status;
        hash = XXH3_64bits_digest(&state);
    }
    sqlite3_result_int64(call->context, (int64_t)hash);
    return SQA_OK;
}

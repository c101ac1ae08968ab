/*
** Blocks of keys. Input: 8 bytes of the first key, then a block as the shadow tables of an
** array_index might have it. What opens and decodes is keys in order; encoded again it has as many
** bytes, and the same keys.
*/
#define _POSIX_C_SOURCE 200809L
#include "core/posting_block.h"
#include "fuzz.h"
#include "kernel/dispatch.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static int64_t keys[SQA_BLOCK_KEYS], again[SQA_BLOCK_KEYS];
    const struct sqa_kernels *sets[SQA_ISA_MOST];
    const size_t count = sqa_kernels_list(sets);
    struct sqa_posting_block block, other;
    int64_t first;
    if (size < sizeof first)
        return 0;
    memcpy(&first, data, sizeof first);
    data += sizeof first;
    size -= sizeof first;

    const struct fuzz_memory bytes = fuzz_room(size + SQA_BLOCK_SLACK, 0);
    if (size > 0)
        memcpy(bytes.data, data, size);
    memset(bytes.data + size, 0xff, SQA_BLOCK_SLACK);
    const bool opened = sqa_block_open(&block, first, bytes.data, size);
    const bool decoded = opened && sqa_block_decode(sets[0], &block, keys);
    if (decoded) {
        must(keys[0] == first && keys[block.n - 1] == block.last);
        for (size_t i = 1; i < block.n; i++)
            must(keys[i - 1] < keys[i]);
        const struct fuzz_memory copy = fuzz_room(size + SQA_BLOCK_SLACK, 0);
        must(sqa_block_encode(copy.data, keys, block.n) == size);
        memset(copy.data + size, 0, SQA_BLOCK_SLACK);
        must(sqa_block_open(&other, first, copy.data, size));
        must(sqa_block_decode(sets[0], &other, again));
        must(memcmp(keys, again, block.n * sizeof *keys) == 0);
        free(copy.block);
    }
    for (size_t s = 1; opened && s < count; s++) {
        must(sqa_block_decode(sets[s], &block, again) == decoded);
        must(!decoded || memcmp(keys, again, block.n * sizeof *keys) == 0);
    }
    free(bytes.block);
    return 0;
}

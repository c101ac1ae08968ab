#include "sql/scratch.h"

static void *blob_of(void *scratch) {
    return (unsigned char *)scratch - SQA_HEADER;
}

/* Returns the address of the pointer to the next block of the call. */
static void **next_of(void *scratch) {
    _Static_assert(sizeof(void *) <= SQA_HEADER, "a pointer fits a header");
    return blob_of(scratch);
}

void sqa_scratch_adopt(struct sqa_call *call, void *blob) {
    void *const scratch = (unsigned char *)blob + SQA_HEADER;
    *next_of(scratch) = call->scratch;
    call->scratch = scratch;
}

void *sqa_scratch_take(struct sqa_call *call, uint64_t count, unsigned width) {
    if (sqa_failed(call))
        return NULL;
    const uint64_t size = sqa_add_size(SQA_HEADER, sqa_mul_size(count, width));
    void *blob = sqa_pool_take(call->connection->pool, size);
    sqa_check_memory(call, blob);
    if (blob == NULL)
        return NULL;
    sqa_scratch_adopt(call, blob);
    return call->scratch;
}

void *sqa_scratch_keep(struct sqa_call *call, void *scratch) {
    void **at = &call->scratch;
    while (*at != scratch)
        at = next_of(*at);
    if (*at != NULL)
        *at = *next_of(scratch);
    return scratch;
}

void sqa_scratch_free(void *kept) {
    if (kept != NULL)
        sqa_pool_give(blob_of(kept));
}

void sqa_scratch_give(struct sqa_call *call, void *scratch) {
    sqa_scratch_free(sqa_scratch_keep(call, scratch));
}

void sqa_scratch_give_all(struct sqa_call *call) {
    while (call->scratch != NULL) {
        void *const scratch = call->scratch;
        call->scratch = *next_of(scratch);
        sqa_scratch_free(scratch);
    }
}

void *sqa_scratch_grow(struct sqa_call *call, void *scratch, size_t keep, uint64_t size) {
    if (sqa_failed(call))
        return NULL;
    (void)sqa_scratch_keep(call, scratch);
    void *grown = sqa_pool_grow(call->connection->pool, blob_of(scratch), SQA_HEADER + keep,
                                sqa_add_size(SQA_HEADER, size));
    sqa_scratch_adopt(call, grown == NULL ? blob_of(scratch) : grown);
    sqa_check_memory(call, grown);
    return grown == NULL ? NULL : call->scratch;
}

uint64_t sqa_scratch_capacity(const void *scratch) {
    return sqa_pool_capacity((const unsigned char *)scratch - SQA_HEADER) - SQA_HEADER;
}

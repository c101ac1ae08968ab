/*
** The memory of a call: scratch, and results that SQLite does not have yet. It comes from the pool and is not
** limited by result_bytes. All of it goes back when the call ends, also after a failure; so nothing has to be
** given back but for the sake of memory.
**
** In the header before the first element, which an array's blob has, too, stands the next piece of the call.
*/
#ifndef SQA_SCRATCH_H
#define SQA_SCRATCH_H

#include "core/blob.h"
#include "sql/call.h"

/* Room for count elements of width bytes, 64-byte aligned, undefined; NULL after a failure (SQA_NOMEM). */
void *sqa_scratch_take(struct sqa_call *call, uint64_t count, unsigned width);
/* Gives it back before the call ends. NULL is allowed. */
void sqa_scratch_give(struct sqa_call *call, void *scratch);
void sqa_scratch_give_all(struct sqa_call *call);

/* Ends a call: all of its memory goes back, and where it has failed the SQL error is written if there is a context. */
static inline void sqa_call_end(struct sqa_call *call) {
    if (call->scratch != NULL)
        sqa_scratch_give_all(call);
    if (sqa_failed(call))
        sqa_call_result_error(call);
}

/* Scratch memory up to this size may be on the stack: a visit to the pool takes longer than to sort so few elements. */
struct sqa_stack_scratch {
    _Alignas(64) unsigned char bytes[2048];
};
/* Room for count elements of width bytes: on the stack, if that is enough. */
static inline void *sqa_scratch_take_either(struct sqa_call *call, struct sqa_stack_scratch *stack,
                                            uint64_t count, unsigned width) {
    const bool enough = count <= sizeof stack->bytes / width;
    return enough ? stack->bytes : sqa_scratch_take(call, count, width);
}
/* Gives back what is not on the stack. */
static inline void sqa_scratch_give_either(struct sqa_call *call,
                                           const struct sqa_stack_scratch *stack, void *scratch) {
    if (scratch != stack->bytes)
        sqa_scratch_give(call, scratch);
}

/*
** Gives room for at least size bytes behind the header, which begins with the first `keep` bytes of scratch;
** that is gone. NULL after a failure, when scratch is left as it was.
*/
void *sqa_scratch_grow(struct sqa_call *call, void *scratch, size_t keep, uint64_t size);
/* Bytes that there is room for */
uint64_t sqa_scratch_capacity(const void *scratch);

/* From now on the memory, which may be NULL, is the caller's and not the call's: sqa_scratch_free() frees it. */
void *sqa_scratch_keep(struct sqa_call *call, void *scratch);
/* Frees what was kept. NULL is allowed. A destructor for sqlite3_result_blob64(). */
void sqa_scratch_free(void *kept);

/* The elements of a blob from the pool become the call's memory; its header is gone. */
void sqa_scratch_adopt(struct sqa_call *call, void *blob);

#endif

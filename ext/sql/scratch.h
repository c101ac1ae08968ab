/*
** The memory of a call: scratch memory, and results before they are passed to SQLite. It comes
** from the pool and is not limited by result_bytes. All of it is freed when the call ends, even
** after a failure. So freeing it earlier is only needed to save memory.
**
** Each block begins with a header of the size of an array blob's header, which holds the pointer
** to the next block of the call.
*/
#ifndef SQA_SCRATCH_H
#define SQA_SCRATCH_H

#include "core/blob.h"
#include "sql/call.h"

/*
** Allocates `count` elements of `width` bytes, 64-byte aligned and uninitialized. Returns NULL
** after a failure (SQA_NOMEM).
*/
void *sqa_scratch_take(struct sqa_call *call, uint64_t count, unsigned width);
/* Frees a block before the call ends. NULL is allowed. */
void sqa_scratch_give(struct sqa_call *call, void *scratch);
void sqa_scratch_give_all(struct sqa_call *call);

/*
** Ends a call: frees its memory and, if it has failed and there is a context, reports the SQL
** error.
*/
static inline void sqa_call_end(struct sqa_call *call) {
    if (call->scratch != NULL)
        sqa_scratch_give_all(call);
    if (sqa_failed(call))
        sqa_call_result_error(call);
}

/*
** Scratch memory on the stack. It saves time for small arrays, because allocating from the pool
** takes longer than sorting this many elements.
*/
struct sqa_stack_scratch {
    _Alignas(64) unsigned char bytes[2048];
};
/*
** Returns room for `count` elements of `width` bytes: on the stack if that is large enough, else
** from the pool.
*/
static inline void *sqa_scratch_take_either(struct sqa_call *call, struct sqa_stack_scratch *stack,
                                            uint64_t count, unsigned width) {
    const bool enough = count <= sizeof stack->bytes / width;
    return enough ? stack->bytes : sqa_scratch_take(call, count, width);
}
/* Frees the memory unless it is on the stack. */
static inline void sqa_scratch_give_either(struct sqa_call *call,
                                           const struct sqa_stack_scratch *stack, void *scratch) {
    if (scratch != stack->bytes)
        sqa_scratch_give(call, scratch);
}

/*
** Returns a block with room for at least `size` bytes. The first `keep` bytes of scratch are
** copied to it, and scratch is freed. Returns NULL after a failure; then scratch is unchanged.
*/
void *sqa_scratch_grow(struct sqa_call *call, void *scratch, size_t keep, uint64_t size);
/* Returns the size of the block in bytes. */
uint64_t sqa_scratch_capacity(const void *scratch);

/*
** Makes the caller the owner of the memory, which may be NULL; it is no longer freed when the
** call ends. sqa_scratch_free() frees it.
*/
void *sqa_scratch_keep(struct sqa_call *call, void *scratch);
/*
** Frees memory that the caller owns. NULL is allowed. Can be used as a destructor for
** sqlite3_result_blob64().
*/
void sqa_scratch_free(void *kept);

/*
** Makes the call the owner of a buffer of the pool, which is freed when the call ends. The header
** in it is overwritten, the elements stay.
*/
void sqa_scratch_adopt(struct sqa_call *call, void *blob);

#endif

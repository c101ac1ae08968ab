/*
** Writes a result from front to back, in pieces: arrays, repeated integers, and blocks that
** kernels have computed. The significance is determined for each block while it is in the CPU
** cache, until an element is found that needs the full width.
**
** After a failure of the call nothing is written. So pieces can be written one after the other:
**
**     sqa_writer_open(&writer, call, count, width);
**     sqa_writer_array(&writer, &head);
**     sqa_writer_fill(&writer, 0, n);
**     sqa_writer_close(&writer);
*/
#ifndef SQA_WRITER_H
#define SQA_WRITER_H

#include "sql/call.h"
#include "sql/result.h"

struct sqa_writer {
    struct sqa_out out;
    size_t done;  /* number of elements written */
    uint64_t sig; /* their significance; incomplete once it needs the full width of the result */
};

/*
** Begins a result with room for `count` elements of `width` bytes. Checks limits before anything
** is allocated.
*/
void sqa_writer_open(struct sqa_writer *writer, struct sqa_call *call, uint64_t count,
                     unsigned width);

/*
** Returns the address of the next element, valid until the result is widened. Must not be used
** after a failure.
*/
static inline void *sqa_writer_room(const struct sqa_writer *writer) {
    return sqa_out_at(&writer->out, writer->done);
}
/* Counts n elements as written that the caller has stored at sqa_writer_room(). */
void sqa_writer_wrote(struct sqa_writer *writer, size_t n);

/* Writes all elements of the array, which must not be wider than the result. */
void sqa_writer_array(struct sqa_writer *writer, const struct sqa_array *array);
/* Writes x n times. x must fit the width of the result. */
void sqa_writer_fill(struct sqa_writer *writer, int64_t x, uint64_t n);
/* Writes n aligned elements of `width` bytes. Widens the result if they need it. */
void sqa_writer_widening(struct sqa_writer *writer, const void *elements, unsigned width, size_t n);

/* The SQL result becomes what was written. */
void sqa_writer_close(struct sqa_writer *writer);

#endif

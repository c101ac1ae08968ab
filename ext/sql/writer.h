/*
** A result being written from front to back: pieces of arrays, integers, blocks of kernels'
** output. It knows the significance of what was written, at the price of a look at each block
** while it is in the cache; and of nothing once some element is known to need the full width.
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
    size_t done;  /* elements written */
    uint64_t sig; /* their significance, complete as long as it needs less than out.width */
};

/* Room for count elements of width bytes, limits checked before anything is allocated. */
void sqa_writer_open(struct sqa_writer *writer, struct sqa_call *call, uint64_t count,
                     unsigned width);

/* Where the next element goes, until something may widen the result; not after a failure. */
static inline void *sqa_writer_room(const struct sqa_writer *writer) {
    return sqa_out_at(&writer->out, writer->done);
}
/* The n elements there have been filled. */
void sqa_writer_wrote(struct sqa_writer *writer, size_t n);

/* All elements of the array, which is not wider than the result. */
void sqa_writer_array(struct sqa_writer *writer, const struct sqa_array *array);
/* n times x, which fits the result's width. */
void sqa_writer_fill(struct sqa_writer *writer, int64_t x, uint64_t n);
/* n aligned elements of width bytes; the result is widened where they need it. */
void sqa_writer_widening(struct sqa_writer *writer, const void *elements, unsigned width, size_t n);

/* What was written becomes the SQL result. */
void sqa_writer_close(struct sqa_writer *writer);

#endif

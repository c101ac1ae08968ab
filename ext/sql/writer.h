/*
** A result being written from front to back: pieces of arrays, integers, blocks of kernels'
** output. It knows the significance of what was written, at the price of a look at each block
** while it is in the cache; and of nothing once some element is known to need the full width.
**
** The first failure stays in `status`; what is written after it is ignored. So pieces can be
** written one after the other, and the last word is sqa_writer_close().
**
**     sqa_writer_open(&writer, call, count, width);
**     sqa_writer_view(&writer, &head);
**     sqa_writer_fill(&writer, 0, n);
**     return sqa_writer_close(&writer);
*/
#ifndef SQA_WRITER_H
#define SQA_WRITER_H

#include "sql/call.h"
#include "sql/result.h"

struct sqa_writer {
    struct sqa_out out;
    size_t done;  /* elements written */
    uint64_t sig; /* their significance, complete as long as it needs less than out.width */
    enum sqa_status status; /* the first failure */
};

/* Room for count elements of width bytes, limits checked before anything is allocated. */
void sqa_writer_open(struct sqa_writer *writer, struct sqa_call *call, uint64_t count,
                     unsigned width);

/*
** Where the next element goes; valid while status is SQA_OK, until something may widen the result.
*/
static inline void *sqa_writer_room(const struct sqa_writer *writer) {
    return (unsigned char *)sqa_out_data(&writer->out) + writer->done * writer->out.width;
}
/* The n elements there have been filled. */
void sqa_writer_wrote(struct sqa_writer *writer, size_t n);

/* All elements of view, which is not wider than the result. */
void sqa_writer_view(struct sqa_writer *writer, const struct sqa_view *view);
/* n times x, which fits the result's width. */
void sqa_writer_fill(struct sqa_writer *writer, int64_t x, uint64_t n);
/* n aligned elements of width bytes; the result is widened where they need it. */
void sqa_writer_widening(struct sqa_writer *writer, const void *elements, unsigned width, size_t n);

/* A failure of the body's own; SQA_OK and what comes after a failure change nothing. */
static inline void sqa_writer_fail(struct sqa_writer *writer, enum sqa_status status) {
    if (writer->status == SQA_OK)
        writer->status = status;
}
/* Fails if sqlite3_interrupt() was called. What writes does so by itself. */
static inline void sqa_writer_poll(struct sqa_writer *writer) {
    if (sqa_stopped(&writer->out.call->poll))
        sqa_writer_fail(writer, SQA_INTERRUPT);
}

/* What was written becomes the SQL result; after a failure there is none. Gives the status. */
SQA_MUST_CHECK enum sqa_status sqa_writer_close(struct sqa_writer *writer);

#endif

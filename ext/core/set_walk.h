/*
** Reads two sets in parallel. Each step provides a part of both sets, in the same width. An
** element that is in both sets is in both parts of one step. So a kernel for sets can be called
** for each step, whatever the widths of the sets, and its results can be concatenated.
**
**     struct sqa_set_walk walk;
**     sqa_set_walk_begin(&walk, kernels, &a, &b, width, poll);
**     while (sqa_set_walk_next(&walk))
**         use(walk.side[0].data, walk.side[0].n, walk.side[1].data, walk.side[1].n);
**
** One of the parts may be empty. A set that has the width is read in place, at any address, up to
** SQA_RUN elements in a step. Another one is converted, SQA_BLOCK elements at a time. No memory
** is allocated.
*/
#ifndef SQA_SET_WALK_H
#define SQA_SET_WALK_H

#include "core/reader.h"

struct sqa_set_walk {
    const struct sqa_kernels *kernels;
    struct sqa_poll *poll;
    struct sqa_reader side[2];
};

/*
** Begins to read a and b, which are borrowed with their elements and poll until the last step.
** All elements must fit width.
*/
void sqa_set_walk_begin(struct sqa_set_walk *walk, const struct sqa_kernels *kernels,
                        const struct sqa_array *a, const struct sqa_array *b, unsigned width,
                        struct sqa_poll *poll);

/*
** Moves to the next step. Returns false at the end of both sets, or if the poll, which is asked
** between steps, stops the work.
*/
bool sqa_set_walk_next(struct sqa_set_walk *walk);

/* Returns the part of a set whose elements fit `width` bytes, as a slice of the same memory. */
struct sqa_array sqa_set_within(const struct sqa_kernels *kernels, const struct sqa_array *set,
                                unsigned width);

#endif

/*
** Two sets walked together: in each step a part of either, as elements of one width, such that an
** element both sets have is in both parts. So a kernel on sets can be called part by part,
** whatever the widths of the sets, and its results follow each other.
**
**     struct sqa_set_walk walk;
**     sqa_set_walk_begin(&walk, kernels, &a, &b, width, poll);
**     while (sqa_set_walk_next(&walk))
**         use(walk.side[0].data, walk.side[0].n, walk.side[1].data, walk.side[1].n);
**
** Either part may be empty. What has the width is borrowed in place, at any address, up to SQA_RUN elements
** of it in a step; the rest is converted, SQA_BLOCK elements at a time. Nothing is allocated.
*/
#ifndef SQA_SET_WALK_H
#define SQA_SET_WALK_H

#include "core/reader.h"

struct sqa_set_walk {
    const struct sqa_kernels *kernels;
    struct sqa_poll *poll;
    struct sqa_reader side[2];
};

/* Borrows a and b, what they borrow, and poll, until the last step. width: that all their elements fit. */
void sqa_set_walk_begin(struct sqa_set_walk *walk, const struct sqa_kernels *kernels,
                        const struct sqa_array *a, const struct sqa_array *b, unsigned width,
                        struct sqa_poll *poll);

/* The next step; false where both sets are at their ends, or the poll, asked between steps, stops the walk. */
bool sqa_set_walk_next(struct sqa_set_walk *walk);

/* The part of a set whose elements fit `width` bytes: borrows what set borrows. */
struct sqa_array sqa_set_within(const struct sqa_kernels *kernels, const struct sqa_array *set,
                                unsigned width);

#endif

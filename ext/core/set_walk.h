/*
** Two sets walked together: in each step a part of either, as elements of one width, such that an
** element both sets have is in both parts. So a kernel on sets can be called part by part,
** whatever the widths of the sets, and its results follow each other.
**
**     struct sqa_set_walk pairs;
**     sqa_set_walk_begin(&pairs, kernels, &a, &b, width);
**     while (sqa_set_walk_next(&pairs))
**         .. pairs.side[0].data, pairs.side[0].n, and of side[1]: either may be empty ..
**
** What has the width is borrowed in place, at any address, up to SQA_RUN elements of it in a step;
** the rest is converted into scratch, SQA_BLOCK elements at a time. Nothing is allocated.
*/
#ifndef SQA_SET_WALK_H
#define SQA_SET_WALK_H

#include "core/blob.h"

struct sqa_set_walk {
    const struct sqa_kernels *kernels;
    unsigned width;
    struct {
        struct sqa_view view;
        const void *data; /* this step's elements, borrowed until the next step */
        size_t n;         /* how many */
        size_t at;        /* the first one's index in the set */
        _Alignas(64) unsigned char scratch[SQA_BLOCK * 8];
    } side[2];
};

/* Borrows what a and b borrow until the last step. width: that all their elements fit. */
void sqa_set_walk_begin(struct sqa_set_walk *pairs, const struct sqa_kernels *kernels,
                        const struct sqa_view *a, const struct sqa_view *b, unsigned width);

/* The next step; false where both sets are at their ends. */
bool sqa_set_walk_next(struct sqa_set_walk *pairs);

/* The part of a set whose elements fit `width` bytes: borrows what set borrows. */
struct sqa_view sqa_set_within(const struct sqa_kernels *kernels, const struct sqa_view *set,
                               unsigned width);

#endif

/* Two arrays of few elements, of which each is compared with each: they need not be sets, and nothing is sorted first. */
#ifndef SQA_FUNCTIONS_FEW_H
#define SQA_FUNCTIONS_FEW_H

#include "core/blob.h"

/* The most bytes of either array: of more, two sets are merged in less time. */
enum { SQA_FEW_BYTES = 64 };

struct sqa_few_side {
    const void *data; /* aligned elements of the pair's width */
    size_t count;
    _Alignas(64) unsigned char copy[SQA_FEW_BYTES]; /* of what does not stand so where it is */
};
struct sqa_few_pair {
    const struct sqa_kernels *kernels;
    unsigned width; /* of the wider array */
    struct sqa_few_side side[2];
};

/* Fills pair, which borrows what a and b do and must not be moved. False if they are not few, or not plain. */
bool sqa_few_pair(struct sqa_few_pair *pair, const struct sqa_kernels *kernels,
                  const struct sqa_array *a, const struct sqa_array *b);

/*
** Fills dst, which is aligned and has room for SQA_FEW_BYTES, with the elements of side s that the other side has, or has
** not; how many.
*/
size_t sqa_few_choose(const struct sqa_few_pair *pair, int s, bool in_other, void *dst);

/* How many elements of side s the other side has */
size_t sqa_few_common(const struct sqa_few_pair *pair, int s);

/* Makes sets of both sides, in their copies. */
void sqa_few_unique(struct sqa_few_pair *pair);

#endif

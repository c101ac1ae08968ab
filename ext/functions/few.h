/*
** Operations on two short arrays, in which each element of one is compared with each element of
** the other. The arrays need not be sets, and need not be sorted.
*/
#ifndef SQA_FUNCTIONS_FEW_H
#define SQA_FUNCTIONS_FEW_H

#include "core/blob.h"

/* The largest size of either array in bytes. For larger arrays, merging two sets is faster. */
enum { SQA_FEW_BYTES = 64 };

struct sqa_few_side {
    const void *data; /* aligned elements in the width of the pair */
    size_t count;
    /* the elements, if they had to be converted or aligned */
    _Alignas(64) unsigned char copy[SQA_FEW_BYTES];
};
struct sqa_few_pair {
    const struct sqa_kernels *kernels;
    unsigned width; /* that of the wider array */
    struct sqa_few_side side[2];
};

/*
** Fills pair, which points to the elements of a and b or to its own copies, and must not be
** moved. Returns false if the arrays are too long, or not plain.
*/
bool sqa_few_pair(struct sqa_few_pair *pair, const struct sqa_kernels *kernels,
                  const struct sqa_array *a, const struct sqa_array *b);

/*
** Fills dst, which is aligned and has room for SQA_FEW_BYTES, with those elements of side s that
** the other side has (in_other), or does not have. Returns their number.
*/
size_t sqa_few_choose(const struct sqa_few_pair *pair, int s, bool in_other, void *dst);

/* Returns how many elements of side s the other side has. */
size_t sqa_few_common(const struct sqa_few_pair *pair, int s);

/* Replaces both sides by sets, in their copies. */
void sqa_few_unique(struct sqa_few_pair *pair);

#endif

/* The available sets of kernels, and the choice of one for this machine. */
#ifndef SQA_DISPATCH_H
#define SQA_DISPATCH_H

#include "kernel/kernels.h"

extern const struct sqa_kernels sqa_kernels_base;
#if defined(__x86_64__)
extern const struct sqa_kernels sqa_kernels_avx2;
#endif

enum { SQA_ISA_MOST = 4 }; /* upper limit of the number of sets */

/*
** Fills sets[] with the sets that this machine can run, the best one first. Returns their number,
** at least 1.
*/
size_t sqa_kernels_list(const struct sqa_kernels *sets[SQA_ISA_MOST]);

/*
** Returns the set with the name `isa`. Returns the best set if isa is NULL, unknown, or cannot
** run on this machine.
*/
const struct sqa_kernels *sqa_kernels_choose(const char *isa);

#endif

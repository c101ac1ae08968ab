/* The available sets of kernels, and the choice of one for this machine. */
#ifndef SQA_DISPATCH_H
#define SQA_DISPATCH_H

#include "kernel/kernels.h"

/*
** base: for every machine. avx2: with AVX2, BMI2 and POPCNT. avx512: with these and, of AVX-512, F,
** BW, DQ, VL, VBMI, VBMI2, BITALG and VPOPCNTDQ, which Intel has since Ice Lake and AMD since Zen
** 4. Earlier processors cannot compress elements of 1 and 2 bytes, and many of them lower their
** clock for vectors of 512 bits; they get avx2. The set is left out by compilers that are too old
** for it, and on Windows, where gcc does not align vectors on the stack (its bug 54412).
*/
extern const struct sqa_kernels sqa_kernels_base;
#if defined(__x86_64__) && !defined(SQA_NO_AVX2)
#define SQA_HAS_AVX2
extern const struct sqa_kernels sqa_kernels_avx2;
#if !defined(_WIN32) && (defined(__clang__) ? __clang_major__ >= 7 : __GNUC__ >= 8)
#define SQA_HAS_AVX512
extern const struct sqa_kernels sqa_kernels_avx512;
#endif
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

/*
** Template: one set of kernels, which is all templates for the four widths, and the table of their
** names. Parameters, which the file that includes it defines and undefines:
**   SQA_ISA     the name of the set. The file tells the compiler which instructions it may use.
**   SQA_AVX2    defined if these include AVX2, BMI2 and POPCNT. The compiler's own macro __AVX2__
**               would not work, because clang does not define it for functions with the attribute
**               target("avx2").
**   SQA_AVX512  defined if these include what dispatch.h says of avx512. The set has of its own
**               the kernels in kernels_avx512.def. The others are those of avx2, which was included
**               before; the compiler drops the rest.
*/
#define PASTE_(a, b) a##b
#define PASTE(a, b)  PASTE_(a, b)
#define STRING_(a)   #a
#define STRING(a)    STRING_(a)

/* Names of static functions include the set and the width, because a file may have several sets. */
#define KERNEL(name) PASTE(name, PASTE(_, SQA_ISA))

/* Must come first, because few elements of 8 and 16 bits are sorted as 32-bit elements. */
#define T       int32_t
#define U       uint32_t
#define W       int64_t
#define BITS    32
#define NAME(x) KERNEL(x##_32)
#include "kernel/all_tpl.h"

#define T       int8_t
#define U       uint8_t
#define W       int16_t
#define BITS    8
#define NAME(x) KERNEL(x##_8)
#include "kernel/all_tpl.h"

#define T       int16_t
#define U       uint16_t
#define W       int32_t
#define BITS    16
#define NAME(x) KERNEL(x##_16)
#include "kernel/all_tpl.h"

#define T       int64_t
#define U       uint64_t
#define W       int64_t
#define BITS    64
#define NAME(x) KERNEL(x##_64)
#include "kernel/all_tpl.h"

const struct sqa_kernels PASTE(sqa_kernels_, SQA_ISA) = {
    .isa = STRING(SQA_ISA),
#ifdef SQA_AVX512
#define SQA_KERNEL(name, shape)                                                                    \
    .name = {name##_8_avx2, name##_16_avx2, name##_32_avx2, name##_64_avx2},
#include "kernel/kernels.def"
#define SQA_OWN(name, bits) .name[SQA_INDEX_##bits] = KERNEL(name##_##bits),
#include "kernel/kernels_avx512.def"
#else
#define SQA_KERNEL(name, shape)                                                                    \
    .name = {KERNEL(name##_8), KERNEL(name##_16), KERNEL(name##_32), KERNEL(name##_64)},
#include "kernel/kernels.def"
#endif
};

#undef KERNEL
#undef STRING
#undef STRING_
#undef PASTE
#undef PASTE_

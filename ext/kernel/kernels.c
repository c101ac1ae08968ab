/*
** One set of kernels: all templates for the four widths, and the table of their names. The build
** compiles this file once for each instruction set, with the compiler flags for it and with
** SQA_ISA, the name of the set. If SQA_AVX2 is defined, the set may use AVX2, BMI2 and POPCNT.
** The compiler's own macro __AVX2__ would not work in the single-file build, because clang does
** not define it for functions with the attribute target("avx2").
*/
#include "kernel/kernels.h"

#include <stdbool.h>
#include <string.h>

#include "kernel/dispatch.h"
#include "kernel/little_endian.h"

#define PASTE_(a, b) a##b
#define PASTE(a, b)  PASTE_(a, b)
#define STRING_(a)   #a
#define STRING(a)    STRING_(a)

/*
** Names of static functions include the set and the width, because the single-file build contains
** all of them.
*/
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
#define SQA_KERNEL(name, shape)                                                                    \
    .name = {KERNEL(name##_8), KERNEL(name##_16), KERNEL(name##_32), KERNEL(name##_64)},
#include "kernel/kernels.def"
};

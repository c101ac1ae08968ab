/*
** The sets of kernels for instructions that some machines of x86-64 have: compiled with them by
** attributes, whatever the file is compiled for.
*/
#include "kernel/kernels.h"

#include <stdbool.h>
#include <string.h>

#include "kernel/dispatch.h"
#include "kernel/little_endian.h"

#ifdef SQA_HAS_AVX2
#include <immintrin.h>

#define SQA_ISA avx2
#define SQA_AVX2
#ifdef __clang__
#pragma clang attribute push(__attribute__((target("avx2,bmi2,popcnt"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2,bmi2,popcnt")
#endif
#include "kernel/kernels_tpl.h"
#ifdef __clang__
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif
#undef SQA_ISA
#endif

/*
** Initializers of the table, which is avx2's at first, are overridden, and functions of that set
** are not used.
*/
#ifdef SQA_HAS_AVX512
#define SQA_ISA avx512
#define SQA_AVX512
#ifdef __clang__
#pragma clang attribute push(                                                                      \
    __attribute__((target("avx2,bmi2,popcnt,avx512f,avx512bw,avx512dq,avx512vl,"                   \
                          "avx512vbmi,avx512vbmi2,avx512bitalg,avx512vpopcntdq"))),                \
    apply_to = function)
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Winitializer-overrides"
#pragma clang diagnostic ignored "-Wunused-function"
#else
#pragma GCC push_options
#pragma GCC target("avx2,bmi2,popcnt,avx512f,avx512bw,avx512dq,avx512vl")
#pragma GCC target("avx512vbmi,avx512vbmi2,avx512bitalg,avx512vpopcntdq")
#pragma GCC target("prefer-vector-width=512")
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Woverride-init"
#pragma GCC diagnostic ignored "-Wunused-function"
#endif
#include "kernel/kernels_tpl.h"
#ifdef __clang__
#pragma clang diagnostic pop
#pragma clang attribute pop
#else
#pragma GCC diagnostic pop
#pragma GCC pop_options
#endif
#undef SQA_ISA
#endif

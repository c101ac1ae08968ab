/*
** Template: conversion from one width to another, and the significance, which tells what width
** elements need. Parameters T, U, BITS, NAME as in map_tpl.h. Sources may have any address: they
** are read through types with alignment 1.
*/
#ifndef SQA_UNALIGNED_TYPES
#define SQA_UNALIGNED_TYPES
typedef int8_t sqa_int8_any;
typedef int16_t sqa_int16_any __attribute__((aligned(1), may_alias));
typedef int32_t sqa_int32_any __attribute__((aligned(1), may_alias));
typedef int64_t sqa_int64_any __attribute__((aligned(1), may_alias));
#endif

#define CONVERT(bits)                                                                              \
    static void NAME(from##bits)(void *dst, const void *src, size_t n) {                           \
        T *restrict r = dst;                                                                       \
        const sqa_int##bits##_any *restrict x = src;                                               \
        for (size_t i = 0; i < n; i++)                                                             \
            r[i] = (T)x[i];                                                                        \
    }

CONVERT(8)
CONVERT(16)
CONVERT(32)
CONVERT(64)

static uint64_t NAME(sig)(const void *a, size_t n) {
    const T *x = a;
    U sig = 0;
    for (size_t i = 0; i < n; i++)
        sig |= (U)(x[i] < 0 ? ~x[i] : x[i]);
    return sig;
}

#undef CONVERT

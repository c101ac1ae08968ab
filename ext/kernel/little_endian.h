/*
** Conversion of 64-bit words to and from little-endian byte order, in which they are stored on
** every machine.
*/
#ifndef SQA_LITTLE_ENDIAN_H
#define SQA_LITTLE_ENDIAN_H

#include <stdint.h>

/* Returns the word with its bytes in little-endian order. The reverse conversion is the same. */
static inline uint64_t sqa_little_endian(uint64_t word) {
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    return __builtin_bswap64(word);
#else
    return word;
#endif
}

#endif

/* A word as 8 bytes, the lowest first, whatever the machine: what is stored is read and written so. */
#ifndef SQA_LITTLE_ENDIAN_H
#define SQA_LITTLE_ENDIAN_H

#include <stdint.h>

/* Gives the word that has to be copied in place of this one, or the number that a copied word is. */
static inline uint64_t sqa_little_endian(uint64_t word) {
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    return __builtin_bswap64(word);
#else
    return word;
#endif
}

#endif

/*
** Pseudorandom integers. A seed gives the same sequence on every platform and in every version.
**
** The generator is SplitMix64 (Steele, Lea, Flood: "Fast Splittable Pseudorandom Number
** Generators", OOPSLA 2014): a counter is incremented by 2^64 / golden ratio, and its value is
** scrambled by Stafford's variant 13 of MurmurHash3's finalizer. Only the counter carries over
** from one number to the next, so the CPU can compute several numbers at the same time. It must
** not be used for cryptography.
*/
#ifndef SQA_RANDOM_H
#define SQA_RANDOM_H

#include <stdint.h>

#include "kernel/wide.h"

struct sqa_random {
    uint64_t state;
};

/* Returns a generator with this seed. All seeds are equally good. */
static inline struct sqa_random sqa_random_seeded(int64_t seed) {
    return (struct sqa_random){(uint64_t)seed};
}

/* Returns the next number, uniformly distributed from 0 to 2^64-1. */
static inline uint64_t sqa_random_next(struct sqa_random *random) {
    uint64_t z = random->state += 0x9e3779b97f4a7c15;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
    z = (z ^ z >> 27) * 0x94d049bb133111eb;
    return z ^ z >> 31;
}

/*
** Returns the next number, uniformly distributed from 0 to bound-1. A bound of 0 means 2^64.
**
** It is the high half of random * bound (Lemire: "Fast Random Integer Generation in an Interval",
** ACM TOMACS 29(1), 2019). Of the 2^64 products, the 2^64 mod bound ones with the smallest low
** halves are rejected, so that all results are equally frequent. Usually a comparison is enough
** to see that a product is not rejected, without a division.
*/
static inline uint64_t sqa_random_below(struct sqa_random *random, uint64_t bound) {
    if (bound == 0)
        return sqa_random_next(random);
    uint64_t low, high = sqa_mul_high(sqa_random_next(random), bound, &low);
    if (low < bound) {
        const uint64_t surplus = (0 - bound) % bound;
        while (low < surplus)
            high = sqa_mul_high(sqa_random_next(random), bound, &low);
    }
    return high;
}

#endif

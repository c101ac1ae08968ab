/*
** Random integers that a seed decides: the same sequence on every platform, for ever.
**
** The generator is SplitMix64 (Steele, Lea, Flood: "Fast Splittable Pseudorandom Number
** Generators", OOPSLA 2014): a counter that grows by 2^64 / golden ratio, scrambled by Stafford's
** variant 13 of MurmurHash3's finaliser. A step depends on the one before only through the counter,
** so a loop runs at the rate of its multiplications, not at their latency. It is not for secrets.
*/
#ifndef SQA_RANDOM_H
#define SQA_RANDOM_H

#include <stdint.h>

#include "kernel/wide.h"

struct sqa_random {
    uint64_t state;
};

/* The sequence of a seed; every seed is as good as another. */
static inline struct sqa_random sqa_random_seeded(int64_t seed) {
    return (struct sqa_random){(uint64_t)seed};
}

/* The next number, uniform from 0 to 2^64-1 */
static inline uint64_t sqa_random_next(struct sqa_random *random) {
    uint64_t z = random->state += 0x9e3779b97f4a7c15;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
    z = (z ^ z >> 27) * 0x94d049bb133111eb;
    return z ^ z >> 31;
}

/*
** The next number, uniform from 0 to bound-1; a bound of 0 stands for 2^64.
**
** The high half of random * bound (Lemire: "Fast Random Integer Generation in an Interval", ACM
** TOMACS 29(1), 2019). Of the 2^64 products, 2^64 mod bound are too many for all results to be
** equally frequent: those with the smallest low halves are rejected. Nearly always a comparison
** shows that a product is none of them, and the division is saved.
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

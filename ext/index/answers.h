/* All keys that answer a search, in memory: a window each, those with few keys as arrays. */
#ifndef SQA_ANSWERS_H
#define SQA_ANSWERS_H

#include "index/search_tree.h"

struct sqa_answer_window {
    int64_t base;
    size_t n;
    bool is_bitmap;
    uint64_t at; /* where its bitmap begins, or its distances from the base, in `bytes` */
};

struct sqa_answers {
    struct sqa_answer_window *windows; /* of the pool, ascending */
    size_t count;
    unsigned char *bytes; /* of the pool */
    uint64_t size;
    int64_t n; /* keys */
};

/* Fills answers, all zero. To be cleared in any case. */
void sqa_answers_gather(struct sqa_answers *answers, struct sqa_search *search);
void sqa_answers_clear(struct sqa_answers *answers);

/* How many of n ascending keys are among them */
size_t sqa_answers_count(const struct sqa_answers *answers, const int64_t *keys, size_t n);

#endif

/* All answers of a search in memory. Windows with few keys are stored as arrays. */
#ifndef SQA_ANSWERS_H
#define SQA_ANSWERS_H

#include "index/search_tree.h"

struct sqa_answer_window {
    int64_t base;   /* see core/key_window.h */
    size_t n;       /* number of keys */
    bool is_bitmap; /* false: an array of the keys' distances from the base, uint16_t */
    uint64_t at;    /* offset of the bitmap or the array in `bytes` */
};

struct sqa_answers {
    struct sqa_answer_window *windows; /* memory of the pool; in ascending order */
    size_t count;                      /* number of windows */
    unsigned char *bytes;              /* memory of the pool */
    uint64_t size;                     /* number of bytes */
    int64_t n;                         /* number of keys */
};

/* Fills a zeroed struct. The caller must call sqa_answers_clear() in any case. */
void sqa_answers_gather(struct sqa_answers *answers, struct sqa_search *search);
void sqa_answers_clear(struct sqa_answers *answers);

/* Returns how many of n ascending keys are among the answers. */
size_t sqa_answers_count(const struct sqa_answers *answers, const int64_t *keys, size_t n);

#endif

/*
** A search: what is asked of an index, as a tree over the lists of values, and the keys that answer it, window by window.
**
**     AND begins with the rarest of its parts, narrows what is asked of the others to what is left, and goes on where
**     all of them have a key; NOT takes away from the other parts, or from the list of all rows.
**
** A search stays with its index after it was used: asked again with the same words, and of the same data, it has its
** windows already. So a join that asks for one key after the other costs no more than looking them up.
*/
#ifndef SQA_LIST_SEARCH_H
#define SQA_LIST_SEARCH_H

#include "index/posting_list.h"

enum { SQA_SEARCH_DEPTH = 64 }; /* how deep a query's operators may be nested */

/* What a term of the plan asks of the row's array; the letters are those of the plan. */
enum sqa_term_kind {
    SQA_TERM_QUERY = 'q',        /* text of a query, or an array: all of its values */
    SQA_TERM_MATCH = 'm',        /* text of a query */
    SQA_TERM_CONTAINS = 'c',     /* an integer */
    SQA_TERM_CONTAINS_ALL = 'a', /* an array */
    SQA_TERM_CONTAINS_ANY = 'y'
};
struct sqa_term {
    enum sqa_term_kind kind;
    sqlite3_value *value;
};

enum sqa_search_kind {
    SQA_SEARCH_LIST, /* the keys of a list */
    SQA_SEARCH_AND,
    SQA_SEARCH_OR,
    SQA_SEARCH_NOT,
    SQA_SEARCH_NOTHING
};
struct sqa_search_node {
    enum sqa_search_kind kind;
    uint32_t part, next; /* its first part; the next part of what it is a part of; 0: none */
    uint32_t list;       /* the number of its list */
    uint32_t depth;
    double estimate; /* of how many rows answer it */
};

/* A window that was evaluated as a whole, for keys that are looked up in it */
enum { SQA_SEARCH_KEPT = 256 };

struct sqa_search {
    struct sqa_index *index; /* borrowed */
    bool is_used;            /* by a cursor */
    unsigned char *words;    /* the terms as bytes, of the pool */
    size_t words_size;
    struct sqa_search_node *nodes; /* of the pool; number 0 is none */
    uint32_t node_count, root;
    struct sqa_posting_list *lists; /* of the pool; number 0 is that of all rows */
    uint32_t list_count;
    void *windows;               /* of the pool: two for each level of the tree */
    int64_t changes;             /* of the index's memory when the lists were read */
    uint32_t version;            /* of the data */
    unsigned lookups;            /* since then */
    void *kept[SQA_SEARCH_KEPT]; /* of the pool, or NULL: windows, by the number of the window */
    double rows;                 /* an estimate of how many rows there are */
};

/* The first window in memory that has SQA_WINDOW_ALIGNMENT bytes more than the windows need */
enum { SQA_WINDOW_ALIGNMENT = 64 };
static inline struct sqa_key_window *sqa_windows_in(void *memory) {
    return (struct sqa_key_window *)(((uintptr_t)memory + SQA_WINDOW_ALIGNMENT - 1) &
                                     ~(uintptr_t)(SQA_WINDOW_ALIGNMENT - 1));
}

/*
** The search for the rows that answer all n terms: one that is kept, or a new one, whose lists have been counted. Failures
** leave a message. sqa_search_give() takes it back; it may be kept.
*/
int sqa_search_take(struct sqa_index *index, const struct sqa_term *terms, int n,
                    struct sqa_search **search);
void sqa_search_give(struct sqa_search *search);
/* Does it ask for these terms? false may be wrong where they are long. */
bool sqa_search_has_words(const struct sqa_search *search, const struct sqa_term *terms, int n);
/* Frees it; NULL is allowed. */
void sqa_search_free(struct sqa_search *search);

/*
** To be called before keys are asked for where something may have been written since the last time: what is no longer true
** is read again.
*/
int sqa_search_refresh(struct sqa_search *search);

/* A key that is not beyond the nearest answer >= key (backwards: <= key); found is false where there is none. */
int sqa_search_skip(struct sqa_search *search, int64_t key, bool backwards, int64_t *nearest,
                    bool *found);
/* The answers among lo .. hi, which lie in one window */
int sqa_search_window(struct sqa_search *search, int64_t lo, int64_t hi,
                      struct sqa_key_window *window);
/* Is this key an answer? */
int sqa_search_lookup(struct sqa_search *search, int64_t key, bool *found);

/* The estimate of how many rows answer it; gives text for EXPLAIN QUERY PLAN with more behind: the values and their counts. */
double sqa_search_estimate(const struct sqa_search *search);
char *sqa_search_explain(const struct sqa_search *search, char *text);

/* search_estimate.c: counts the lists, estimates, and sorts the parts of ANDs. */
int sqa_search_count(struct sqa_search *search);
/* search_terms.c: fills a new search's nodes, root and lists. */
int sqa_search_compile(struct sqa_search *search, const struct sqa_term *terms, int n);

#endif

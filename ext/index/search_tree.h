/*
** A search: what is asked of an index, as a tree over the lists of values. The keys that answer it
** are evaluated window by window:
**
**     AND begins with the rarest of its parts, asks the others only about what is left, and goes on
**     where all of them have a key. NOT takes away from the other parts, or from the list of all
**     rows.
**
** search_terms makes the tree of what a query asks, search_estimate counts how many rows answer,
** search_windows evaluates, and kept_search has the searches that may be asked again.
*/
#ifndef SQA_SEARCH_TREE_H
#define SQA_SEARCH_TREE_H

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

/* How many windows are kept that were evaluated as a whole, for keys that are looked up in them */
enum { SQA_SEARCH_KEPT = 256 };

struct sqa_search {
    struct sqa_index *index; /* borrowed */
    unsigned char *words;    /* the terms as bytes, of the pool */
    size_t words_size;
    struct sqa_search_node *nodes; /* of the pool; number 0 is none */
    uint32_t node_count, root;
    struct sqa_posting_list *lists; /* of the pool; number 0 is that of all rows */
    uint32_t list_count;
    void *windows;               /* of the pool: two for each level of the tree */
    bool is_counted;             /* the lists were read when the index's memory and the data had: */
    int64_t changes;             /* so many changes */
    uint32_t version;            /* this version */
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

#endif

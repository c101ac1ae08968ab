/*
** A search is a query of an index as a tree, whose leaves are the lists of values. The keys that
** satisfy it are called answers. They are computed window by window (core/key_window.h):
**
**     AND begins with the part that has the fewest keys, and evaluates the other parts only for the
**     keys that are left. It skips to the next window in which all parts have a key. NOT removes
**     keys from the other parts of an AND, or from the list of all rows.
**
** search_terms.c makes the tree, search_estimate.c estimates the number of answers,
** search_windows.c computes the answers, and kept_search.c keeps searches that may be repeated.
*/
#ifndef SQA_SEARCH_TREE_H
#define SQA_SEARCH_TREE_H

#include "index/posting_list.h"

enum { SQA_SEARCH_DEPTH = 64 }; /* the largest depth of a tree */

/*
** The kinds of conditions on the array of a row, and what their values are. The letters are used in
** the plan.
*/
enum sqa_term_kind {
    SQA_TERM_QUERY = 'q',        /* text of a query; or an array, all of whose values must occur */
    SQA_TERM_MATCH = 'm',        /* text of a query */
    SQA_TERM_CONTAINS = 'c',     /* an integer that must occur */
    SQA_TERM_CONTAINS_ALL = 'a', /* an array, all of whose values must occur */
    SQA_TERM_CONTAINS_ANY = 'y'  /* an array, of whose values one must occur */
};
struct sqa_term {
    enum sqa_term_kind kind;
    sqlite3_value *value; /* borrowed */
};

enum sqa_search_kind {
    SQA_SEARCH_LIST, /* the keys of a list */
    SQA_SEARCH_AND,
    SQA_SEARCH_OR,
    SQA_SEARCH_NOT,
    SQA_SEARCH_NOTHING /* no key */
};
/* A node of the tree. Nodes are identified by numbers from 1; 0 stands for none. */
struct sqa_search_node {
    enum sqa_search_kind kind;
    uint32_t part, next; /* the first part of this node; the next part of its parent */
    uint32_t list;       /* SQA_SEARCH_LIST: the number of its list */
    uint32_t depth;      /* of the tree below it; 1 if it has no parts */
    double estimate;     /* estimated number of its keys */
};

/* The number of windows that are kept for looking up single keys */
enum { SQA_SEARCH_KEPT = 256 };

/* A search. All memory except the index is owned and is memory of the pool. */
struct sqa_search {
    struct sqa_index *index;
    unsigned char *words; /* the terms as bytes, which identify the search */
    size_t words_size;    /* number of these bytes */
    struct sqa_search_node *nodes;
    uint32_t node_count, root;      /* the number of nodes plus 1; the number of the root */
    struct sqa_posting_list *lists; /* number 0 is the list of all rows */
    uint32_t list_count;
    void *windows; /* two windows for each level of the tree, see sqa_windows_in() */
    /*
    ** If is_counted is true, the estimates, the lists and the kept windows are those of the time
    ** when memory had so many changes and the data had this version.
    */
    bool is_counted;
    int64_t changes;
    uint32_t version;
    unsigned lookups;            /* number of calls of sqa_search_lookup() since then */
    void *kept[SQA_SEARCH_KEPT]; /* windows, in places that depend on their base; or NULL */
    double rows;                 /* estimated number of rows of the table */
};

/*
** Returns the address of the first window in memory that has SQA_WINDOW_ALIGNMENT bytes more than
** the windows need.
*/
enum { SQA_WINDOW_ALIGNMENT = 64 };
static inline struct sqa_key_window *sqa_windows_in(void *memory) {
    return (struct sqa_key_window *)(((uintptr_t)memory + SQA_WINDOW_ALIGNMENT - 1) &
                                     ~(uintptr_t)(SQA_WINDOW_ALIGNMENT - 1));
}

#endif

#include "index/kept_search.h"

#include <string.h>

#include "index/log.h"
#include "index/search_estimate.h"
#include "index/search_terms.h"

SQLITE_EXTENSION_INIT3

static struct sqa_pool *search_pool_of(const struct sqa_search *search) {
    return search->index->vtab.connection->pool;
}

/* ---- Making, keeping, freeing */

static void drop_kept(struct sqa_search *search) {
    for (int i = 0; i < SQA_SEARCH_KEPT; i++) {
        sqa_pool_give(search->kept[i]);
        search->kept[i] = NULL;
    }
    search->lookups = 0;
}

void sqa_search_free(struct sqa_search *search) {
    if (search == NULL)
        return;
    drop_kept(search);
    for (uint32_t i = 0; i < search->list_count; i++)
        sqa_list_clear(&search->lists[i]);
    sqa_pool_give(search->lists);
    sqa_pool_give(search->nodes);
    sqa_pool_give(search->words);
    sqa_pool_give(search->windows);
    sqa_object_free(search);
}

/* A term as bytes: its kind, the type and the size of its value, and the value. Gives their number; dst may be NULL. */
static size_t write_words(unsigned char *dst, const struct sqa_term *terms, int n) {
    size_t at = 0;
    for (int i = 0; i < n; i++) {
        const int type = sqlite3_value_type(terms[i].value);
        const void *bytes;
        int64_t integer;
        double real;
        size_t size;
        if (type == SQLITE_INTEGER) {
            integer = sqlite3_value_int64(terms[i].value);
            bytes = &integer;
            size = sizeof integer;
        } else if (type == SQLITE_FLOAT) {
            real = sqlite3_value_double(terms[i].value);
            bytes = &real;
            size = sizeof real;
        } else {
            bytes = sqlite3_value_blob(terms[i].value);
            size = bytes == NULL ? 0 : (size_t)sqlite3_value_bytes(terms[i].value);
        }
        if (dst != NULL) {
            const int head[3] = {(int)terms[i].kind, type, (int)size};
            memcpy(dst + at, head, sizeof head);
            if (size > 0)
                memcpy(dst + at + sizeof head, bytes, size);
        }
        at += 3 * sizeof(int) + size;
    }
    return at;
}

/* Long words are not compared: their search is made anew. */
bool sqa_search_has_words(const struct sqa_search *search, const struct sqa_term *terms, int n) {
    unsigned char words[256];
    const size_t size = write_words(NULL, terms, n);
    if (size != search->words_size || size > sizeof words)
        return false;
    (void)write_words(words, terms, n);
    return memcmp(words, search->words, size) == 0;
}

static uint32_t search_data_version(const struct sqa_index *index) {
    uint32_t version = 0;
    (void)sqlite3_file_control(index->vtab.connection->db, index->vtab.schema,
                               SQLITE_FCNTL_DATA_VERSION, &version);
    return version;
}

static void note_version(struct sqa_search *search) {
    search->changes = search->index->vtab.memory->changes;
    search->version = search_data_version(search->index);
}

static int count_again(struct sqa_search *search) {
    const int rc = sqa_search_count(search);
    note_version(search);
    return rc;
}

int sqa_search_refresh(struct sqa_search *search) {
    if (search->changes == search->index->vtab.memory->changes &&
        search->version == search_data_version(search->index))
        return SQLITE_OK;
    drop_kept(search);
    for (uint32_t i = 0; i < search->list_count; i++)
        sqa_list_forget(&search->lists[i]);
    const int rc = sqa_log_sort(sqa_index_log(search->index));
    return rc == SQLITE_OK ? count_again(search) : rc;
}

static int make(struct sqa_search *search, const struct sqa_term *terms, int n) {
    int rc = sqa_search_compile(search, terms, n);
    if (rc != SQLITE_OK)
        return rc;
    search->words_size = write_words(NULL, terms, n);
    search->words = sqa_pool_take(search_pool_of(search), search->words_size);
    search->windows = sqa_pool_take(search_pool_of(search),
                                    2 * ((uint64_t)search->nodes[search->root].depth + 1) *
                                            sizeof(struct sqa_key_window) +
                                        SQA_WINDOW_ALIGNMENT);
    if (search->words == NULL || search->windows == NULL)
        return SQLITE_NOMEM;
    (void)write_words(search->words, terms, n);
    return count_again(search);
}

int sqa_search_take(struct sqa_index *index, const struct sqa_term *terms, int n,
                    struct sqa_search **taken) {
    struct sqa_search *search = index->cached;
    if (search != NULL && sqa_search_has_words(search, terms, n)) {
        index->cached = NULL;
        *taken = search;
        return sqa_search_refresh(search);
    }
    search = sqa_object_new(sizeof *search);
    if (search == NULL)
        return SQLITE_NOMEM;
    search->index = index;
    const int rc = make(search, terms, n);
    if (rc != SQLITE_OK) {
        sqa_search_free(search);
        search = NULL;
    }
    *taken = search;
    return rc;
}

void sqa_search_give(struct sqa_search *search) {
    if (search == NULL)
        return;
    sqa_search_free(search->index->cached);
    search->index->cached = search;
}

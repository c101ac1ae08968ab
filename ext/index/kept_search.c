#include "index/kept_search.h"

#include <string.h>

#include "index/log.h"
#include "index/search_estimate.h"
#include "index/search_terms.h"

SQLITE_EXTENSION_INIT3

/* ---- Creating, keeping, freeing */

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

/*
** Writes each term as bytes: its kind, the type and the size of its value, and the value. Returns
** the number of bytes. dst may be NULL.
*/
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

/* Long words are never equal, so their search is created again. */
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

/* After a failure the version stays the old one, so the next use counts again. */
static void count_again(struct sqa_search *search) {
    sqa_search_count(search);
    if (sqa_index_failed(search->index))
        return;
    search->is_counted = true;
    search->changes = search->index->vtab.memory->changes;
    search->version = search_data_version(search->index);
}

void sqa_search_refresh(struct sqa_search *search) {
    if (search->is_counted && search->changes == search->index->vtab.memory->changes &&
        search->version == search_data_version(search->index))
        return;
    search->is_counted = false;
    drop_kept(search);
    for (uint32_t i = 0; i < search->list_count; i++)
        sqa_list_forget(&search->lists[i]);
    sqa_log_sort(search->index);
    count_again(search);
}

static void fill_search(struct sqa_search *search, const struct sqa_term *terms, int n) {
    struct sqa_index *index = search->index;
    sqa_search_compile(search, terms, n);
    if (sqa_index_failed(index))
        return;
    const uint64_t windows = 2 * ((uint64_t)search->nodes[search->root].depth + 1);
    search->words_size = write_words(NULL, terms, n);
    search->words = sqa_index_reserve(index, NULL, 0, search->words_size);
    search->windows = sqa_index_reserve(
        index, NULL, 0, windows * sizeof(struct sqa_key_window) + SQA_WINDOW_ALIGNMENT);
    if (sqa_index_failed(index))
        return;
    (void)write_words(search->words, terms, n);
    count_again(search);
}

static struct sqa_search *new_search(struct sqa_index *index, const struct sqa_term *terms, int n) {
    struct sqa_search *search = sqa_vtab_object(&index->vtab, sizeof *search);
    if (search == NULL)
        return NULL;
    search->index = index;
    fill_search(search, terms, n);
    return search;
}

struct sqa_search *sqa_search_take(struct sqa_index *index, const struct sqa_term *terms, int n) {
    struct sqa_search *search = index->cached;
    if (search != NULL && sqa_search_has_words(search, terms, n)) {
        index->cached = NULL;
        sqa_search_refresh(search);
    } else {
        search = new_search(index, terms, n);
    }
    if (!sqa_index_failed(index))
        return search;
    sqa_search_free(search);
    return NULL;
}

void sqa_search_give(struct sqa_search *search) {
    if (search == NULL)
        return;
    sqa_search_free(search->index->cached);
    search->index->cached = search;
}

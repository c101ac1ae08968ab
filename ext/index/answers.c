#include "index/answers.h"

#include <string.h>

#include "index/search_windows.h"

SQLITE_EXTENSION_INIT3

/* So many keys of a window are kept as an array of 64 bytes, more as a bitmap of 8 KiB. */
enum { FEW_KEYS = 32 };

void sqa_answers_clear(struct sqa_answers *answers) {
    sqa_pool_give(answers->windows);
    sqa_pool_give(answers->bytes);
    *answers = (struct sqa_answers){.windows = NULL};
}

static void copy_keys(unsigned char *dst, const struct sqa_key_window *window, bool as_bitmap) {
    struct sqa_window_walk walk;
    int64_t key;
    if (as_bitmap && window->is_bitmap) {
        memcpy(dst, window->keys.byte, sizeof window->keys.byte);
        return;
    }
    if (as_bitmap)
        memset(dst, 0, sizeof window->keys.byte);
    for (sqa_window_walk_begin(&walk, window, false); sqa_window_walk_next(&walk, &key);) {
        const uint16_t place = (uint16_t)((uint64_t)key - (uint64_t)window->base);
        if (as_bitmap) {
            dst[place / 8] = (unsigned char)(dst[place / 8] | 1u << place % 8);
        } else {
            memcpy(dst, &place, sizeof place);
            dst += sizeof place;
        }
    }
}

static void add_window(struct sqa_answers *answers, struct sqa_index *index,
                       const struct sqa_key_window *window) {
    const bool as_bitmap = window->n > FEW_KEYS;
    const uint64_t size = as_bitmap ? sizeof window->keys.byte : window->n * sizeof(uint16_t);
    const size_t window_size = sizeof answers->windows[0];
    answers->windows = sqa_index_reserve(index, answers->windows, answers->count * window_size,
                                         (answers->count + 1) * window_size);
    answers->bytes = sqa_index_reserve(index, answers->bytes, answers->size, answers->size + size);
    if (sqa_index_failed(index))
        return;
    copy_keys(answers->bytes + answers->size, window, as_bitmap);
    answers->windows[answers->count++] =
        (struct sqa_answer_window){window->base, window->n, as_bitmap, answers->size};
    answers->size += size;
    answers->n += (int64_t)window->n;
}

void sqa_answers_gather(struct sqa_answers *answers, struct sqa_search *search) {
    struct sqa_key_window window;
    int64_t key = INT64_MIN;
    while (sqa_search_skip(search, key, false, &key)) {
        const int64_t last = sqa_window_base(key) + (SQA_KEY_WINDOW - 1);
        sqa_search_window(search, key, last, &window);
        if (window.n > 0)
            add_window(answers, search->index, &window);
        if (last == INT64_MAX)
            break;
        key = last + 1;
    }
}

/* Returns the index of the first window from `from` on whose base is at least `base`. */
static size_t find_window(const struct sqa_answers *answers, size_t from, int64_t base) {
    size_t reach = 1;
    while (from + reach < answers->count && answers->windows[from + reach].base < base)
        reach *= 2;
    size_t at = from;
    for (size_t left = reach < answers->count - from ? reach + 1 : answers->count - from;
         left > 0;) {
        const size_t half = left - left / 2;
        at += answers->windows[at + half - 1].base < base ? half : 0;
        left -= half;
    }
    return at;
}

/*
** Counts the answers among those of the first keys that lie in the range of this window. Sets *done
** to the number of these keys.
*/
static size_t count_in(const struct sqa_answers *answers, const struct sqa_answer_window *window,
                       const int64_t *keys, size_t n, size_t *done) {
    const unsigned char *const bytes = answers->bytes + window->at;
    size_t found = 0, i = 0, at = 0;
    for (; i < n; i++) {
        const uint64_t place = (uint64_t)keys[i] - (uint64_t)window->base;
        if (place >= SQA_KEY_WINDOW)
            break;
        if (window->is_bitmap) {
            found += bytes[place / 8] >> place % 8 & 1;
            continue;
        }
        uint16_t other = 0;
        for (; at < window->n; at++) {
            memcpy(&other, bytes + at * sizeof other, sizeof other);
            if (other >= place)
                break;
        }
        found += at < window->n && other == place;
    }
    *done = i;
    return found;
}

size_t sqa_answers_count(const struct sqa_answers *answers, const int64_t *keys, size_t n) {
    size_t found = 0, window = 0;
    for (size_t i = 0; i < n;) {
        const int64_t base = sqa_window_base(keys[i]);
        window = window < answers->count ? find_window(answers, window, base) : window;
        if (window == answers->count)
            break;
        size_t done = 0;
        if (answers->windows[window].base == base) {
            found += count_in(answers, &answers->windows[window], keys + i, n - i, &done);
        } else { /* on to the first key that is not below the window */
            while (i + done < n && keys[i + done] < answers->windows[window].base)
                done++;
        }
        i += done;
    }
    return found;
}

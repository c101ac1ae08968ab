#include "store/totals.h"

#include "store/statements.h"

SQLITE_EXTENSION_INIT3

/* What other connections commit changes this number, what this one does not. */
static int read_data_version(struct sqa_store *store, int64_t *version) {
    sqlite3_stmt *pragma;
    const int rc = sqa_vtab_statement(&store->base, SQA_STATEMENT_DATA_VERSION, &pragma);
    if (rc != SQLITE_OK)
        return rc;
    *version = sqlite3_step(pragma) == SQLITE_ROW ? sqlite3_column_int64(pragma, 0) : 0;
    return sqlite3_reset(pragma);
}

/* Reads the headers of all chunks. */
static int read_all(struct sqa_store *store, int64_t version) {
    struct sqa_totals *totals = &store->memory->totals;
    sqlite3_stmt *sums;
    const int rc = sqa_vtab_statement(&store->base, SQA_STATEMENT_TOTALS, &sums);
    if (rc != SQLITE_OK)
        return rc;
    if (sqlite3_step(sums) == SQLITE_ROW) {
        totals->known = true;
        totals->version = version;
        totals->chunks = sqlite3_column_double(sums, 0);
        totals->rows = sqlite3_column_double(sums, 1);
        for (int c = 0; c <= store->layout.columns; c++) {
            totals->columns[c].min = sqlite3_column_double(sums, 2 + 3 * c);
            totals->columns[c].max = sqlite3_column_double(sums, 3 + 3 * c);
            totals->columns[c].span = sqlite3_column_double(sums, 4 + 3 * c);
        }
    }
    return sqlite3_reset(sums);
}

int sqa_totals_read(struct sqa_store *store, const struct sqa_totals **result) {
    struct sqa_totals *totals = &store->memory->totals;
    int64_t version = 0;
    *result = NULL;
    int rc = sqa_vtab_enter(&store->base);
    if (rc == SQLITE_OK)
        rc = read_data_version(store, &version);
    if (rc == SQLITE_OK && (!totals->known || totals->version != version)) {
        totals->known = false;
        rc = read_all(store, version);
    }
    if (rc == SQLITE_OK && totals->known)
        *result = totals;
    const int code = rc & 0xff;
    return code == SQLITE_NOMEM || code == SQLITE_IOERR || code == SQLITE_INTERRUPT ? rc
                                                                                    : SQLITE_OK;
}

void sqa_totals_add_chunk(struct sqa_store *store, int64_t n) {
    struct sqa_totals *totals = &store->memory->totals;
    totals->is_changed = true;
    totals->chunks++;
    totals->rows += (double)n;
}

/* The average span moves by the part that one chunk has in it. */
void sqa_totals_add_range(struct sqa_store *store, int column, int64_t min, int64_t max) {
    struct sqa_totals *totals = &store->memory->totals;
    const double lo = (double)min, hi = (double)max;
    if (!totals->known)
        return;
    if (totals->chunks <= 1) {
        totals->columns[column + 1].min = lo;
        totals->columns[column + 1].max = hi;
        totals->columns[column + 1].span = hi - lo;
        return;
    }
    if (lo < totals->columns[column + 1].min)
        totals->columns[column + 1].min = lo;
    if (hi > totals->columns[column + 1].max)
        totals->columns[column + 1].max = hi;
    totals->columns[column + 1].span +=
        (hi - lo - totals->columns[column + 1].span) / totals->chunks;
}

void sqa_totals_remove_chunk(struct sqa_store *store, int64_t n) {
    struct sqa_totals *totals = &store->memory->totals;
    totals->is_changed = true;
    totals->chunks--;
    totals->rows -= (double)n;
}

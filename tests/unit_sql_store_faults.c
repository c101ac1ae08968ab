/*
** Transactions on an array_store in which the N-th allocation, read, write, sync, truncation, opening or deletion of a
** file fails, or which is interrupted at the N-th step, once or from then on. Each is there as a whole or not at all, and
** the connection works on.
**
** STRIDE        how far N grows from one try to the next, more or less (10); 1 tries every point of a file
** TRANSACTIONS  how many are tried (4)
** SEED          where the random numbers begin
*/
#define _DEFAULT_SOURCE
#include "store/twin.h"

/* What fails. Memory is refused by the allocator of unit_sql.h, files by the VFS below. */
enum kind { MEMORY, READ, WRITE, FULL, SYNC, TRUNCATE, OPEN, DELETE, INTERRUPT, KINDS };

static const char *const names[KINDS] = {
    "allocation", "read",     "write",    "write to a full disk", "sync", "truncation",
    "opening",    "deletion", "interrupt"};
static const int codes[KINDS] = {SQLITE_NOMEM,    SQLITE_IOERR_READ,   SQLITE_IOERR_WRITE,
                                 SQLITE_FULL,     SQLITE_IOERR_FSYNC,  SQLITE_IOERR_TRUNCATE,
                                 SQLITE_CANTOPEN, SQLITE_IOERR_DELETE, SQLITE_INTERRUPT};

static struct fault {
    enum kind kind;
    long countdown; /* 0: none will fail */
    bool for_good;
    long hits;
} fault;

static bool hit(enum kind kind) {
    if (fault.kind != kind || fault.countdown == 0 || --fault.countdown > 0)
        return false;
    fault.hits++;
    fault.countdown = fault.for_good ? 1 : 0;
    return true;
}

static void arm(enum kind kind, long nth, bool for_good) {
    fault = (struct fault){kind, nth, for_good, 0};
    unit_memory_fail(kind == MEMORY ? nth : 0, for_good);
}

/* How often it failed. */
static long disarm(void) {
    const long hits = fault.kind == MEMORY ? unit_memory.refused : fault.hits;
    arm(MEMORY, 0, false);
    return hits;
}

/* Called by SQLite at each step of its programs */
static int interrupted(void *unused) {
    (void)unused;
    return hit(INTERRUPT);
}

/* The VFS: the default one, and in front of its files one of ours that passes everything on but what shall fail. */
struct file {
    sqlite3_file base;
    sqlite3_file *real; /* right behind this struct */
};

static sqlite3_vfs *real_vfs;

static sqlite3_file *real(sqlite3_file *f) {
    return ((struct file *)f)->real;
}

static int file_close(sqlite3_file *f) {
    return real(f)->pMethods->xClose(real(f));
}

static int file_read(sqlite3_file *f, void *to, int size, sqlite3_int64 at) {
    return hit(READ) ? codes[READ] : real(f)->pMethods->xRead(real(f), to, size, at);
}

static int file_write(sqlite3_file *f, const void *from, int size, sqlite3_int64 at) {
    if (hit(FULL))
        return codes[FULL];
    return hit(WRITE) ? codes[WRITE] : real(f)->pMethods->xWrite(real(f), from, size, at);
}

static int file_truncate(sqlite3_file *f, sqlite3_int64 size) {
    return hit(TRUNCATE) ? codes[TRUNCATE] : real(f)->pMethods->xTruncate(real(f), size);
}

static int file_sync(sqlite3_file *f, int flags) {
    (void)f; /* nobody is going to cut the power */
    (void)flags;
    return hit(SYNC) ? codes[SYNC] : SQLITE_OK;
}

static int file_size(sqlite3_file *f, sqlite3_int64 *size) {
    return real(f)->pMethods->xFileSize(real(f), size);
}

static int file_lock(sqlite3_file *f, int lock) {
    return real(f)->pMethods->xLock(real(f), lock);
}

static int file_unlock(sqlite3_file *f, int lock) {
    return real(f)->pMethods->xUnlock(real(f), lock);
}

static int file_reserved(sqlite3_file *f, int *reserved) {
    return real(f)->pMethods->xCheckReservedLock(real(f), reserved);
}

static int file_control(sqlite3_file *f, int what, void *argument) {
    return real(f)->pMethods->xFileControl(real(f), what, argument);
}

static int file_sector(sqlite3_file *f) {
    return real(f)->pMethods->xSectorSize(real(f));
}

static int file_characteristics(sqlite3_file *f) {
    return real(f)->pMethods->xDeviceCharacteristics(real(f));
}

static int file_shm_map(sqlite3_file *f, int region, int size, int extend, void volatile **to) {
    return real(f)->pMethods->xShmMap(real(f), region, size, extend, to);
}

static int file_shm_lock(sqlite3_file *f, int offset, int n, int flags) {
    return real(f)->pMethods->xShmLock(real(f), offset, n, flags);
}

static void file_shm_barrier(sqlite3_file *f) {
    real(f)->pMethods->xShmBarrier(real(f));
}

static int file_shm_unmap(sqlite3_file *f, int delete) {
    return real(f)->pMethods->xShmUnmap(real(f), delete);
}

static int vfs_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *f, int flags, int *out) {
    static const sqlite3_io_methods methods = {.iVersion = 2,
                                               .xClose = file_close,
                                               .xRead = file_read,
                                               .xWrite = file_write,
                                               .xTruncate = file_truncate,
                                               .xSync = file_sync,
                                               .xFileSize = file_size,
                                               .xLock = file_lock,
                                               .xUnlock = file_unlock,
                                               .xCheckReservedLock = file_reserved,
                                               .xFileControl = file_control,
                                               .xSectorSize = file_sector,
                                               .xDeviceCharacteristics = file_characteristics,
                                               .xShmMap = file_shm_map,
                                               .xShmLock = file_shm_lock,
                                               .xShmBarrier = file_shm_barrier,
                                               .xShmUnmap = file_shm_unmap};
    struct file *file = (struct file *)f;
    (void)vfs;
    file->base.pMethods = NULL;
    file->real = (sqlite3_file *)(file + 1);
    const int rc =
        hit(OPEN) ? codes[OPEN] : real_vfs->xOpen(real_vfs, name, file->real, flags, out);
    if (rc == SQLITE_OK)
        file->base.pMethods = &methods;
    return rc;
}

static int vfs_delete(sqlite3_vfs *vfs, const char *name, int sync) {
    (void)vfs;
    return hit(DELETE) ? codes[DELETE] : real_vfs->xDelete(real_vfs, name, sync);
}

static void install_vfs(void) {
    static sqlite3_vfs ours;
    real_vfs = sqlite3_vfs_find(NULL);
    ours = *real_vfs;
    ours.zName = "faults";
    ours.szOsFile += (int)sizeof(struct file);
    ours.xOpen = vfs_open;
    ours.xDelete = vfs_delete;
    if (sqlite3_vfs_register(&ours, 1) != SQLITE_OK)
        unit_bail_out("cannot register the VFS");
}

/* What a transaction begins with: some hundred rows, and a journal mode. */
static int64_t create(const char *journal, long chunk, long page_size) {
    sqlite3 *db;
    int64_t k = 0;
    unit_remove("base.db");
    db = unit_open(unit_path("base.db"));
    unit_must(db, "PRAGMA page_size = %d; PRAGMA synchronous = OFF", (int)page_size);
    twin_create(db, chunk);
    while (k < 12 || unit_integer(db, "SELECT count(*) FROM x") < 80) {
        if (twin_transaction(db, ++k) != SQLITE_OK)
            unit_bail_out("%s", sqlite3_errmsg(db));
    }
    unit_must(db, "PRAGMA journal_mode = %s", journal);
    sqlite3_close(db);
    return k;
}

static sqlite3 *connect(void) {
    sqlite3 *db = unit_open(unit_path("fault.db"));
    unit_exec(db, "PRAGMA cache_size = 10");
    return db;
}

/* Is this the code of such a fault? One that comes while SQLite plans a statement it only puts into words. */
static bool expected(int rc, const char *message, enum kind kind) {
    return (rc & 255) == (codes[kind] & 255) || rc == SQLITE_IOERR_NOMEM ||
           (kind == OPEN && (rc & 255) == SQLITE_IOERR) ||
           (rc == SQLITE_ERROR && strcmp(message, sqlite3_errstr(codes[kind] & 255)) == 0);
}

/* One transaction in which the nth operation fails: 0 if there was none, 1 if all is well, -1 if not. */
static int try_point(enum kind kind, long nth, bool for_good, uint64_t seed, int64_t before) {
    const long live = unit_memory.live;
    bool well = true;
    unit_remove("fault.db");
    unit_copy("base.db", "fault.db");
    sqlite3 *db = connect();
    unit_random_state = seed;
    twin_halfway = false;
    sqlite3_progress_handler(db, kind == INTERRUPT ? 1 : 0, interrupted, NULL);
    arm(kind, nth, for_good);
    const int rc = twin_transaction(db, before + 1);
    const long hits = disarm();
    sqlite3_progress_handler(db, 0, NULL, NULL);
    const char *message = sqlite3_errmsg(db);
    if (rc != SQLITE_OK && (hits == 0 || !expected(rc, message, kind))) {
        printf("# code %d: %s\n", rc, message);
        well = false;
    }
    const bool late = rc == SQLITE_INTERRUPT; /* SQLite may say so of a statement that is done */
    if (!sqlite3_get_autocommit(db)) {
        well = well && (late || twin_halfway || twin_same(db, false)); /* nothing of what failed */
        well = unit_try(db, "ROLLBACK") == SQLITE_OK && well;
    }
    const int64_t after = twin_done(db);
    if (after != before + (rc == SQLITE_OK) && !(late && after == before + 1)) {
        printf("# code %d, and transaction %" PRId64 " is the last\n", rc, after);
        well = false;
    }
    well = twin_same(db, true) && well;
    unit_random_state = seed + 1;
    if (twin_transaction(db, after + 1) != SQLITE_OK || !twin_same(db, false)) {
        printf("# afterwards: %s\n", sqlite3_errmsg(db));
        well = false;
    }
    well = sqlite3_close(db) == SQLITE_OK && well;
    db = connect();
    well = twin_done(db) == after + 1 && twin_same(db, true) && well;
    sqlite3_close(db);
    if (unit_memory.live != live) {
        printf("# %ld allocations left\n", unit_memory.live - live);
        well = false;
    }
    if (!well)
        printf("# %s %ld%s, transaction %#" PRIx64 "\n", names[kind], nth,
               for_good ? " and all after it" : "", seed);
    return !well ? -1 : hits > 0;
}

/* One transaction with each kind of fault. There are more points of some kinds than of others. */
static void try_transaction(const char *journal, long chunk, long page_size, long stride) {
    static const long strides[KINDS] = {80, 10, 10, 10, 1, 1, 1, 1, 80};
    const int64_t before = create(journal, chunk, page_size);
    const uint64_t seed = unit_random();
    for (enum kind kind = MEMORY; kind < KINDS; kind++) {
        long points = 0, wrong = 0;
        for (int for_good = 0; for_good < 2; for_good++) {
            int result = 1;
            for (long n = 1; result != 0 && wrong < 5; points++) {
                result = try_point(kind, n, for_good, seed, before);
                wrong += result < 0;
                unit_random_state = seed + (uint64_t)points;
                n += strides[kind] * stride < 20 ? 1 : 1 + unit_below(strides[kind] * stride / 10);
            }
        }
        eq_int(wrong, 0, "%s, chunks of %ld, pages of %ld: %s, %ld points", journal, chunk,
               page_size, names[kind], points);
    }
    unit_random_state = seed;
}

int main(void) {
    static const char *const journals[] = {"DELETE", "WAL", "TRUNCATE", "WAL"};
    static const int chunks[] = {7, 64, 1, 65536, 16}, pages[] = {512, 1024, 4096};
    const long stride = unit_setting("STRIDE", unit_thorough() ? 10 : 20),
               transactions = unit_setting("TRANSACTIONS", 4);
    unit_memory_install();
    install_vfs();
    unit_random_state = (uint64_t)unit_setting("SEED", 1);
    for (long i = 0; i < transactions; i++)
        try_transaction(journals[i % 4], chunks[i / 2 % 5], pages[i % 3], stride);
    unit_remove("");
    return done();
}

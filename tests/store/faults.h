/*
** Files and memory that fail: the N-th allocation, read, write, sync, truncation, opening or
** deletion of a file, or an interrupt at the N-th step, once or from then on.
*/
#ifndef SQA_STORE_FAULTS_H
#define SQA_STORE_FAULTS_H

#include "helpers.h"

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

SQA_UNIT_SHARED bool hit(enum kind kind) {
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

/*
** The VFS: the default one, and in front of its files one of ours that passes everything on but
** what shall fail.
*/
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

/*
** Is this the code of such a fault? One that comes while SQLite plans a statement it only puts into
** words.
*/
static bool expected(int rc, const char *message, enum kind kind) {
    return (rc & 255) == (codes[kind] & 255) || rc == SQLITE_IOERR_NOMEM ||
           (kind == OPEN && (rc & 255) == SQLITE_IOERR) ||
           (rc == SQLITE_ERROR && strcmp(message, sqlite3_errstr(codes[kind] & 255)) == 0);
}

#endif

/* The POSIX interface to files. Included before anything else: what it defines decides what headers declare. */
#ifndef SQA_POSIX_H
#define SQA_POSIX_H

#define _GNU_SOURCE          /* NOLINT(bugprone-reserved-identifier): for sync_file_range() */
#define _FILE_OFFSET_BITS 64 /* NOLINT(bugprone-reserved-identifier): where off_t has 32 bits */

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#endif

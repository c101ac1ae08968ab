/*
** TAP for unit tests in C. ok() and the similar functions below return whether the check passed.
** main() ends with return done(). The name of a check is a printf format and must not contain
** '#'.
*/
#ifndef SQA_UNIT_H
#define SQA_UNIT_H

#include <inttypes.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if defined(__GNUC__)
#define SQA_UNIT_FORMAT(name, first) __attribute__((unused, format(printf, name, first)))
#else
#define SQA_UNIT_FORMAT(name, first)
#endif

/* True with the address or thread sanitizer, which keep freed memory and copy memory that grows */
#ifdef __has_feature
#define SQA_SANITIZED (__has_feature(address_sanitizer) || __has_feature(thread_sanitizer))
#elif defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SQA_SANITIZED 1
#else
#define SQA_SANITIZED 0
#endif

/*
** Returns true if everything is to be tested, as by make check. Otherwise tests that take seconds
** are left out.
*/
__attribute__((unused)) static bool unit_thorough(void) {
    return getenv("TEST_THOROUGH") != NULL;
}

static int unit_run, unit_failed;

static bool unit_report(bool passed, const char *name, va_list args) {
    printf("%sok %d - ", passed ? "" : "not ", ++unit_run);
    vprintf(name, args);
    putchar('\n');
    unit_failed += !passed;
    return passed;
}

SQA_UNIT_FORMAT(2, 3)
static bool ok(bool passed, const char *name, ...) {
    va_list args;
    va_start(args, name);
    unit_report(passed, name, args);
    va_end(args);
    return passed;
}

SQA_UNIT_FORMAT(3, 4)
static bool eq_int(int64_t got, int64_t expected, const char *name, ...) {
    va_list args;
    va_start(args, name);
    if (!unit_report(got == expected, name, args))
        printf("#      got: %" PRId64 "\n# expected: %" PRId64 "\n", got, expected);
    va_end(args);
    return got == expected;
}

SQA_UNIT_FORMAT(3, 4)
static bool eq_text(const char *got, const char *expected, const char *name, ...) {
    const bool passed = strcmp(got, expected) == 0;
    va_list args;
    va_start(args, name);
    if (!unit_report(passed, name, args))
        printf("#      got: %s\n# expected: %s\n", got, expected);
    va_end(args);
    return passed;
}

/*
** tests/mutate_expectations.py compiles the tests with this macro and runs them with
** $UNIT_TURNED_ROUND. Then checks report the opposite result and their position in the source,
** but still return the true result, so that the program runs as usual.
*/
#ifdef SQA_TURNED_ROUND
SQA_UNIT_FORMAT(3, 4)
static bool unit_turned_round(const char *place, bool passed, const char *name, ...) {
    const bool turned = getenv("UNIT_TURNED_ROUND") != NULL;
    va_list args;
    va_start(args, name);
    printf("%sok %d - @%s@ ", passed != turned ? "" : "not ", ++unit_run, place);
    vprintf(name, args);
    putchar('\n');
    va_end(args);
    unit_failed += passed == turned;
    return passed;
}

#define SQA_UNIT_AT        unit_place(__FILE__, __LINE__)
#define ok(passed, ...)    unit_turned_round(SQA_UNIT_AT, passed, __VA_ARGS__)
#define eq_int(a, b, ...)  unit_turned_round(SQA_UNIT_AT, (int64_t)(a) == (int64_t)(b), __VA_ARGS__)
#define eq_text(a, b, ...) unit_turned_round(SQA_UNIT_AT, strcmp(a, b) == 0, __VA_ARGS__)

static const char *unit_place(const char *file, int line) {
    static char place[200];
    const char *slash = strrchr(file, '/');
    snprintf(place, sizeof place, "%s:%d", slash != NULL ? slash + 1 : file, line);
    return place;
}
#endif

/* Reports a check that cannot be made on this machine or in this build as passed, and says why. */
__attribute__((unused)) static void skip(const char *name, const char *why) {
    printf("ok %d - %s # SKIP %s\n", ++unit_run, name, why);
}

/* Prints the plan and returns the exit code of main(). */
__attribute__((unused)) static int done(void) {
    printf("1..%d\n", unit_run);
    return unit_failed > 0;
}

#endif

# `make help` lists the targets, `make V=1 ...` shows the commands. What is built goes under $(BUILD).

BUILD = build
PREFIX = /usr/local
CFLAGS ?= -O2 -g
CPPFLAGS ?= -DNDEBUG
FAST = -O3
LDLIBS ?= -lm
MAKEFLAGS += --no-print-directory

WARNINGS = -Wall -Wextra -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes -Wvla
FLAGS = -std=c11 -fPIC -fvisibility=hidden $(WARNINGS) -Iext -Iinclude -MMD -MP
LINK_FLAGS = -Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack -Wl,--as-needed

# The kernels are compiled once per instruction set; which one runs is decided at load time.
MACHINE := $(firstword $(subst -, ,$(shell $(CC) -dumpmachine 2>/dev/null || uname -m)))
ISAS = base $(if $(filter x86_64,$(MACHINE)),avx2)
ISA_avx2 = -mavx2 -mbmi2 -mpopcnt

objects = $(patsubst %.c,$(BUILD)/%.o,$(wildcard $(1)))
KERNELS = $(patsubst %,$(BUILD)/ext/kernel/kernels_%.o,$(ISAS))
MODEL = $(KERNELS) $(filter-out %/kernels.o,$(call objects,ext/kernel/*.c ext/core/*.c))
EXTENSION = $(MODEL) $(call objects,ext/main.c ext/memory/*.c ext/functions/*.c ext/tables/*.c)
BENCH = $(call objects,tests/bench/*.c)

# A test is an SQL script, tests/*.t, or a C program, tests/unit_*.c; unit_sql_*.c need SQLite.
programs = $(patsubst %.c,$(BUILD)/%.t,$(sort $(1)))
SQL_UNITS = $(call programs,$(wildcard tests/unit_sql_*.c))
UNITS = $(filter-out $(SQL_UNITS),$(call programs,$(wildcard tests/unit_*.c)))
TESTS = $(call programs,$(or $(T),$(wildcard tests/*.t tests/unit_*.c) tests/model/run.py))
PROVE = BUILD='$(BUILD)' prove --exec tests/run -j$$(nproc)

.PHONY: all demo test test-units test-isa test-arm64 test-model bench asan ubsan valgrind lint format \
        format-check docs docs-check check install uninstall clean deps help everything
.SECONDARY:
.DELETE_ON_ERROR:
ifndef V
.SILENT:
endif

all: $(BUILD)/array.so ## build the extension, build/array.so (the default)

demo: all ## take the tour, sql/tour.sql, in the sqlite3 shell
	rm -f $(BUILD)/demo.db*
	sqlite3 -batch -bail -init /dev/null -cmd '.load $(BUILD)/array.so' $(BUILD)/demo.db <sql/tour.sql

test: all $(BUILD)/tests/tap.so $(filter $(BUILD)/%,$(TESTS)) ## run all tests, or some: T=tests/00_tap.t
	$(PROVE) $(TESTS)

test-units: $(UNITS)
	$(PROVE) $(UNITS)

test-isa: deps ## run all tests with each set of kernels
	+set -e; for isa in $(ISAS); do echo "SQLITE_ARRAY_ISA=$$isa"; SQLITE_ARRAY_ISA=$$isa $(MAKE) test; done

test-arm64: deps ## cross-compile the tests that need no SQLite for arm64, run them under qemu
	+RUNNER=qemu-aarch64 $(MAKE) test-units BUILD=$(BUILD)/arm64 CC=aarch64-linux-gnu-gcc LDFLAGS=-static

test-model: all ## compare all functions with a slow model: N=100000 calls, SEED= to repeat a run
	BUILD='$(BUILD)' prove --comments --exec /usr/bin/python3 tests/model/run.py :: $(or $(N),100000) $(or $(SEED),$$(date +%s))

bench: all $(BUILD)/tests/bench/bench ## measure against C loops, json_each, NumPy, vqsort
	$(BUILD)/tests/bench/bench $(BUILD)/array.so

# The sqlite3 shell is not instrumented, so it has to load the sanitizer's run-time library first.
# sanitize: which ones, gcc's library, clang's library
sanitize = +TEST_TIMEOUT=1200 PRELOAD=$$($(CC) -print-file-name=$(if $(findstring clang,$(CC)),$(3),$(2))) $(MAKE) test \
	BUILD=$(BUILD)/$@-$(notdir $(CC)) CPPFLAGS= WARNINGS= FAST=-O1 \
	CFLAGS='-O1 -g -fno-omit-frame-pointer -fsanitize=$(1) -fno-sanitize-recover=all'

asan: deps ## run all tests under the address, leak and undefined behaviour sanitizers
	$(call sanitize,address$(comma)undefined,libasan.so,libclang_rt.asan-$(MACHINE).so)

ubsan: deps ## run all tests under the undefined behaviour sanitizer alone
	$(call sanitize,undefined,libubsan.so,libclang_rt.ubsan_standalone-$(MACHINE).so)

valgrind: deps ## run the examples of all functions under valgrind, or T=
	+TEST_TIMEOUT=1800 RUNNER='valgrind -q --error-exitcode=9 --leak-check=full' \
	    $(MAKE) test T='$(or $(T),tests/00_tap.t tests/01_examples.t)'

comma = ,

lint: deps ## check layers, exports, globals and file sizes; build with warnings as errors
	+CC='$(CC)' BUILD='$(BUILD)' tests/lint.sh

FORMATTED = $(wildcard ext/*.c ext/*/*.[ch] include/*.h tests/*.[ch] tests/*/*.[ch])
format: deps ## format the C files
	clang-format -i $(FORMATTED)

format-check: deps ## fail if `make format` would change something
	clang-format --dry-run --Werror $(FORMATTED)

docs: all ## write the reference, in README.md and sql/api.sql, from the list of functions
	tests/docs.sh $(BUILD)
	cp $(BUILD)/docs/README.md README.md
	cp $(BUILD)/docs/api.sql sql/api.sql

docs-check: all ## fail if `make docs` would change something
	tests/docs.sh $(BUILD)
	diff -u README.md $(BUILD)/docs/README.md
	diff -u sql/api.sql $(BUILD)/docs/api.sql

check: deps ## all that a release has to pass
	+set -e; for goal in lint docs-check format-check test test-isa test-arm64 asan; do \
	    echo "make $$goal"; $(MAKE) $$goal; done

# Loaded from there with: .load /usr/local/lib/sqlite3/array
install: all ## install lib/sqlite3/array.so and include/sqlite_array.h under PREFIX (/usr/local)
	install -v -d $(DESTDIR)$(PREFIX)/lib/sqlite3 $(DESTDIR)$(PREFIX)/include
	install -v -m 644 $(BUILD)/array.so $(DESTDIR)$(PREFIX)/lib/sqlite3/
	install -v -m 644 include/sqlite_array.h $(DESTDIR)$(PREFIX)/include/

uninstall: ## remove what install has put there
	rm -fv $(DESTDIR)$(PREFIX)/lib/sqlite3/array.so $(DESTDIR)$(PREFIX)/include/sqlite_array.h

clean: ## remove build/
	rm -rf $(BUILD)

deps: ## install through apt what the goals need and the machine lacks
	CC='$(CC) $(CPPFLAGS) $(CFLAGS)' tests/deps.sh $(MAKECMDGOALS)

help: ## this list
	awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  %-13s %s\n", $$1, $$2 }' Makefile

everything: all $(BUILD)/tests/tap.so $(UNITS) $(SQL_UNITS) $(BENCH)

$(BUILD)/array.so: $(EXTENSION)
	echo "  LD    $@"
	$(CC) -shared $(CFLAGS) $(LINK_FLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)

$(BUILD)/tests/tap.so: $(BUILD)/tests/tap.o
	echo "  LD    $@"
	$(CC) -shared $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)

$(UNITS): %.t: %.o $(MODEL)
	echo "  LD    $@"
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)

$(SQL_UNITS): %.t: %.o $(EXTENSION)
	echo "  LD    $@"
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ -lsqlite3 $(LDLIBS)

$(BUILD)/tests/bench/bench: $(BENCH) $(BUILD)/tests/bench/sorts.o
	echo "  LD    $@"
	$(CXX) $(CFLAGS) $(LDFLAGS) -o $@ $^ -lsqlite3 -lhwy_contrib -lhwy $(LDLIBS)

$(BUILD)/tests/bench/sorts.o: tests/bench/sorts.cc Makefile | deps
	mkdir -p $(@D)
	echo "  CXX   $@"
	$(CXX) -std=c++17 -Wall -Wextra $(CPPFLAGS) $(CFLAGS) $(FAST) -c -o $@ $<

# What has to be fast is optimised for it whatever CFLAGS say; kernels stay apart from each other.
$(BENCH): LAST_FLAGS = $(FAST)
$(KERNELS): LAST_FLAGS = $(FAST) -fno-lto -DSQA_ISA=$* $(ISA_$*)

$(KERNELS): $(BUILD)/ext/kernel/kernels_%.o: ext/kernel/kernels.c Makefile | deps
	$(COMPILE)

$(BUILD)/%.o: %.c Makefile | deps
	$(COMPILE)

define COMPILE
mkdir -p $(@D)
echo "  CC    $@"
$(CC) $(FLAGS) $(CPPFLAGS) $(CFLAGS) $(LAST_FLAGS) -c -o $@ $<
endef

-include $(patsubst %.o,%.d,$(EXTENSION) $(BENCH) $(BUILD)/tests/tap.o) $(patsubst %.t,%.d,$(UNITS) $(SQL_UNITS))

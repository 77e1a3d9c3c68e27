/* SPDX-License-Identifier: MIT */
/*
 * The part of IGT's core that these tests use.
 *
 * With -DHAVE_IGT_HEADERS this is upstream's igt_core.h. Without, it declares by
 * hand what libigt.so.0 exports: Debian ships the library but no headers. Only
 * scalar and opaque entry points are here; their types have not changed between
 * 1.27.1 and 2.2. Nothing that takes one of IGT's structures may be added.
 */
#ifndef VDC_IGT_ABI_H
#define VDC_IGT_ABI_H

#ifdef HAVE_IGT_HEADERS
#include "igt_core.h"
#else

#include <setjmp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct option;

/* Exit statuses that runners know */
#define IGT_EXIT_SKIP		77
#define IGT_EXIT_FAILURE	98

/* What libigt shows as the test's description; the test defines it */
#define IGT_TEST_DESCRIPTION(text)	const char *__igt_test_description = (text)

/* igt_core: life of a test */
extern jmp_buf igt_subtest_jmpbuf;
int igt_subtest_init_parse_opts(int *argc, char **argv, const char *short_opts,
				const struct option *long_opts, const char *help,
				int (*handler)(int opt, int index, void *data), void *data);
bool __igt_fixture(void);
void __igt_fixture_complete(void);
bool __igt_run_subtest(const char *name, const char *file, const int line);
void igt_describe_f(const char *format, ...) __attribute__((format(printf, 1, 2)));
void igt_success(void);
__attribute__((noreturn)) void igt_exit(void);
void igt_install_exit_handler(void (*handler)(int sig));
void igt_set_timeout(unsigned int seconds, const char *what);
void igt_reset_timeout(void);

/* igt_core: results. A failure or a skip leaves the subtest by siglongjmp(). */
void igt_skip(const char *format, ...) __attribute__((noreturn, format(printf, 1, 2)));
void __igt_skip_check(const char *file, const int line, const char *function,
		      const char *check, const char *format, ...)
	__attribute__((noreturn, format(printf, 5, 6)));
void __igt_fail_assert(const char *domain, const char *file, const int line,
		       const char *function, const char *assertion, const char *format, ...)
	__attribute__((noreturn, format(printf, 6, 7)));

/* igt_core: log */
enum igt_log_level { IGT_LOG_DEBUG, IGT_LOG_INFO, IGT_LOG_WARN, IGT_LOG_CRITICAL, IGT_LOG_NONE };
void igt_log(const char *domain, enum igt_log_level level, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#define igt_debug(...)	igt_log(NULL, IGT_LOG_DEBUG, __VA_ARGS__)
#define igt_info(...)	igt_log(NULL, IGT_LOG_INFO, __VA_ARGS__)
#define igt_warn(...)	igt_log(NULL, IGT_LOG_WARN, __VA_ARGS__)

/* igt_core: children, which the library kills when the test ends early */
bool __igt_fork(void);
void igt_waitchildren(void);

#define igt_fork(child, count) \
	for (int child = 0; child < (count); child++) \
		for (; __igt_fork(); exit(0))

/*
 * Control flow. The macros below open a block: a fixture always runs, a subtest
 * when its name was chosen; both are left by siglongjmp() at the first failure.
 */
#define VDC_IGT_PASTE_(a, b)	a##b
#define VDC_IGT_PASTE(a, b)	VDC_IGT_PASTE_(a, b)
#define VDC_IGT_ONCE		VDC_IGT_PASTE(vdc_igt_once_, __LINE__)
#define VDC_IGT_MAIN		VDC_IGT_PASTE(vdc_igt_main_, __LINE__)

#define igt_fixture \
	for (int VDC_IGT_ONCE = 0; \
	     VDC_IGT_ONCE == 0 && __igt_fixture() && sigsetjmp(igt_subtest_jmpbuf, 1) == 0; \
	     VDC_IGT_ONCE = 1, __igt_fixture_complete())

#define igt_subtest(name) \
	for (; __igt_run_subtest((name), __FILE__, __LINE__) && \
	       sigsetjmp(igt_subtest_jmpbuf, 1) == 0; \
	     igt_success())

#define igt_describe(text)	igt_describe_f("%s", (text))

#define igt_main \
	static void VDC_IGT_MAIN(void); \
	int main(int argc, char **argv) \
	{ \
		igt_subtest_init_parse_opts(&argc, argv, NULL, NULL, NULL, NULL, NULL); \
		VDC_IGT_MAIN(); \
		igt_exit(); \
	} \
	static void VDC_IGT_MAIN(void)

/* Requirements: not met means SKIP */
#define igt_require_f(condition, ...) \
	do { \
		if (!(condition)) \
			__igt_skip_check(__FILE__, __LINE__, __func__, #condition, __VA_ARGS__); \
	} while (0)
#define igt_require(condition)	igt_require_f(condition, NULL)

/* Assertions: not met means FAIL, with both values where there are two */
#define igt_assert_f(condition, ...) \
	do { \
		if (!(condition)) \
			__igt_fail_assert(NULL, __FILE__, __LINE__, __func__, #condition, \
					  __VA_ARGS__); \
	} while (0)
#define igt_assert(condition)	igt_assert_f(condition, NULL)

#define VDC_IGT_COMPARE(type, format, a, op, b) \
	do { \
		type a_value = (a), b_value = (b); \
		if (!(a_value op b_value)) \
			__igt_fail_assert(NULL, __FILE__, __LINE__, __func__, \
					  #a " " #op " " #b, \
					  "left " format ", right " format "\n", \
					  a_value, b_value); \
	} while (0)

#define igt_assert_eq(a, b)		VDC_IGT_COMPARE(int, "%d", a, ==, b)
#define igt_assert_neq(a, b)		VDC_IGT_COMPARE(int, "%d", a, !=, b)
#define igt_assert_lt(a, b)		VDC_IGT_COMPARE(int, "%d", a, <, b)
#define igt_assert_lte(a, b)		VDC_IGT_COMPARE(int, "%d", a, <=, b)
#define igt_assert_eq_u32(a, b)		VDC_IGT_COMPARE(uint32_t, "%#x", a, ==, b)
#define igt_assert_neq_u32(a, b)	VDC_IGT_COMPARE(uint32_t, "%#x", a, !=, b)
#define igt_assert_eq_u64(a, b)		VDC_IGT_COMPARE(unsigned long long, "%#llx", a, ==, b)
#define igt_assert_eq_s64(a, b)		VDC_IGT_COMPARE(long long, "%lld", a, ==, b)
#define igt_assert_lte_s64(a, b)	VDC_IGT_COMPARE(long long, "%lld", a, <=, b)
#define igt_assert_lt_s64(a, b)		VDC_IGT_COMPARE(long long, "%lld", a, <, b)

#endif /* HAVE_IGT_HEADERS */
#endif /* VDC_IGT_ABI_H */

// SPDX-License-Identifier: MIT
/* fontconfig, below cairo, keeps caches until exit; the leak sanitizer is to look at ours only. */
const char *__lsan_default_suppressions(void);

const char *__lsan_default_suppressions(void)
{
	return "leak:libfontconfig.so";
}

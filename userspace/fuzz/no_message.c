// SPDX-License-Identifier: MIT
/* What a person would be told of bad input. */
#include "message.h"

void message(const char *format, ...)
{
	(void)format;
}

void message_error(int error, const char *format, ...)
{
	(void)error;
	(void)format;
}

// SPDX-License-Identifier: MIT
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cma/free_blocks.h"

bool free_blocks_parse(const char *line, struct free_blocks *blocks)
{
	int head = 0, type = 0;

	memset(blocks, 0, sizeof(*blocks));
	if (sscanf(line, "Node %u, zone %31[^, ]%n", &blocks->node, blocks->zone, &head) != 2)
		return false;
	line += head;
	if (sscanf(line, ", type %31s%n", blocks->type, &type) == 1)
		line += type;
	while (blocks->orders < FREE_BLOCKS_ORDERS) {
		char *end;

		line += strspn(line, " >");
		if (*line < '0' || *line > '9')
			break;
		blocks->blocks[blocks->orders++] = strtoull(line, &end, 10);
		line = end;
	}
	return blocks->orders > 0;
}

// SPDX-License-Identifier: GPL-2.0-only
/* Bandwidth: how much a pipe's layers may fetch. */

#include <drm/drm_modes.h>

#include <kunit/visibility.h>

#include "vdc_budget.h"

/**
 * vdc_budget_allows() - can a pipe fetch what its layers take?
 * @budget: its &vdc_pipe_caps.budget
 * @mode: the mode it scans
 * @line_bytes: what its layers take on each line, all together
 *
 * The formula is the manual's, see VDC_PIPE_BUDGET there.
 *
 * Return: false when the pipe would raise UNDERRUN.
 */
bool vdc_budget_allows(u32 budget, const struct drm_display_mode *mode, u64 line_bytes)
{
	/* kHz / htotal are thousands of lines a second. */
	return !budget || line_bytes * mode->clock <= (u64)budget * mode->htotal;
}
EXPORT_SYMBOL_IF_KUNIT(vdc_budget_allows);

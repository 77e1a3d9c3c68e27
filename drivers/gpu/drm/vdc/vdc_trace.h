/* SPDX-License-Identifier: GPL-2.0-only */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM vdc

#if !defined(VDC_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define VDC_TRACE_H

#include <linux/device.h>
#include <linux/tracepoint.h>

#include "vdc_backing.h"
#include "vdc_move.h"

TRACE_EVENT(vdc_alloc,
	TP_PROTO(struct device *dev, size_t size, const struct vdc_backing *backing, bool reused,
		 size_t reclaimed, const struct vdc_move_report *report, u64 ns),
	TP_ARGS(dev, size, backing, reused, reclaimed, report, ns),

	TP_STRUCT__entry(
		__string(dev, dev_name(dev))
		__field(u64, size)
		__field(u64, dma_addr)
		__field(int, origin)
		__field(bool, reused)
		__field(u64, reclaimed)
		__field(u64, moved)
		__field(u32, windows)
		__field(u64, ns)
		__field(int, error)
	),

	TP_fast_assign(
		__assign_str(dev);
		__entry->size = size;
		__entry->dma_addr = backing ? backing->dma_addr : 0;
		__entry->origin = backing ? (int)backing->origin : -1;
		__entry->reused = reused;
		__entry->reclaimed = reclaimed;
		__entry->moved = report->bytes;
		__entry->windows = report->windows;
		__entry->ns = ns;
		__entry->error = backing ? 0 : -ENOMEM;
	),

	TP_printk("%s size=%llu origin=%s reused=%d reclaimed=%llu moved=%llu windows=%u ns=%llu error=%d",
		  __get_str(dev), __entry->size,
		  __print_symbolic(__entry->origin, { -1, "none" }, { VDC_ORIGIN_CMA, "cma" },
				   { VDC_ORIGIN_POOL, "pool" }, { VDC_ORIGIN_PAGES, "pages" }),
		  __entry->reused, __entry->reclaimed, __entry->moved, __entry->windows,
		  __entry->ns, __entry->error)
);

TRACE_EVENT(vdc_move,
	TP_PROTO(struct device *dev, const struct vdc_backing *from, const struct vdc_backing *to,
		 u64 ns),
	TP_ARGS(dev, from, to, ns),

	TP_STRUCT__entry(
		__string(dev, dev_name(dev))
		__field(u64, size)
		__field(u64, from)
		__field(u64, to)
		__field(u64, ns)
	),

	TP_fast_assign(
		__assign_str(dev);
		__entry->size = from->size;
		__entry->from = from->dma_addr;
		__entry->to = to->dma_addr;
		__entry->ns = ns;
	),

	TP_printk("%s size=%llu from=%#llx to=%#llx ns=%llu", __get_str(dev), __entry->size,
		  __entry->from, __entry->to, __entry->ns)
);

#endif /* VDC_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE vdc_trace
#include <trace/define_trace.h>

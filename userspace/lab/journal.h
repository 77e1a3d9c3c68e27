/* SPDX-License-Identifier: MIT */
/*
 * The journal of an ageing run: what its programs found out, one JSON object a line, each written
 * with one write(), so that nothing reported is lost whoever is killed. Several processes, and
 * children, may write to one; on a serial line it leaves the machine at once.
 *
 * Every record has
 *
 *	ns	uint	time since the run's begin (lab_schedule.start_ns)
 *	who	string	the program: "lab", "age", "probe", "uptime"
 *	what	string	the kind of record, which says what else there is:
 *
 *	lab	start		seed, profile, hours, period_s, burst_s, mem_kb, cma_kb, kernel,
 *				arch, clock ("icount", "compressed", "real"), command (that repeats
 *				the run, left out if not known)
 *	lab	end		status (of vdc_uptime)
 *	lab	balance		when ("start", "end"), cma_free_kb, cma_used_pages, dmabufs, slab_kb
 *				(SUnreclaim), fds (open files, /proc/sys/fs/file-nr)
 *	age	filled		kb: memory taken before the first burst
 *	age	burst		burst, profile, operations, failures (refused by the kernel),
 *				held_kb
 *	age	skipped		profile, reason: it cannot run here
 *	age	killed		profile, signal (0: it ended by itself); it starts again at the next
 *				burst
 *	probe	allocation	burst, contender, pages, ns_taken, error (0 or negative errno)
 *	probe	failure		burst, contender, pages, align, error (of CMA itself where its trace
 *				events tell it, 0: they do not), retries (busy places tried, left
 *				out if not known), free_pages, max_run, max_aligned_run (all left
 *				out if not known), cause (cma_cause_name()), summary, evidence [],
 *				missing [] (what is not known)
 *	probe	memory		burst, when ("begin", "end" of the burst), cma_free_kb, mem_free_kb,
 *				slab_kb (SUnreclaim), kswapd_ns (CPU time), stalls (allocstall_*),
 *				compact_stalls, compact_fails, oom_kills, cma_fails (all these since
 *				boot), free [blocks of each order, of all zones], unusable and
 *				extfrag [index in thousandths for each order, extfrag -1000: would
 *				succeed], types {Unmovable, Movable, Reclaimable, CMA, ...: blocks
 *				of each order}, map (cells of the area, as cmascope report has them:
 *				. free, A allocated, B borrowed, P pinned, ? unknown)
 *	probe	wakeup		burst, during ("cma": an allocation of the probe from CMA, "other":
 *				from elsewhere, or giving back, "nothing": none of these), count,
 *				p50_ns, p99_ns, max_ns: lateness of a real-time thread; a record of
 *				each that there was
 *	uptime	frames		burst, frames, torn, repeated, lost, missed, skipped (1: no memory
 *				for the burst's flips)
 *	uptime	buffers		burst, allocated, failed, exported, imported, scanned, checked,
 *				wrong (of those checked), crc_mismatches (of those scanned)
 *	uptime	events		burst, modesets, unplugs, kills
 *	uptime	wrap		burst, counter ("frame": the controller's, "vblank": DRM's, "fence":
 *				of the CRTC's), from, to: it wrapped between two readings, of frames
 *				at begin and end of the burst, of the others at two flips
 *	uptime	complaint	name, path ("plain"), reproduced (bool), cause, summary; where it
 *				failed, what a probe's failure has, too
 *
 * Counters of a burst are of that burst alone.
 */
#ifndef LAB_JOURNAL_H
#define LAB_JOURNAL_H

#include <json-c/json.h>
#include <stdint.h>

struct journal;

/**
 * journal_open() - open a journal to append to
 * @path: a file or terminal; NULL: VDC_LAB_JOURNAL of the environment, and where there is none a
 *	journal that takes everything and keeps nothing
 * @who: the program, a constant
 * @start_ns: the run's begin
 * Return: the journal, NULL after a message.
 */
struct journal *journal_open(const char *path, const char *who, uint64_t start_ns);

/**
 * journal_record() - begin a record
 * @j: the journal
 * @what: its kind
 * Return: an object to add members to, which journal_write() takes; NULL: out of memory.
 */
struct json_object *journal_record(const struct journal *j, const char *what);

/**
 * journal_write() - write a record
 * @j: the journal
 * @record: from journal_record(), or NULL; it is gone afterwards
 * Return: 0 or a negative errno, after a message.
 */
int journal_write(struct journal *j, struct json_object *record);

/** journal_add() - add a whole number to a record, which may be NULL */
void journal_add(struct json_object *record, const char *name, int64_t value);

/** journal_add_text() - add a string to a record, which may be NULL */
void journal_add_text(struct json_object *record, const char *name, const char *value);

/** journal_close() - close; NULL is fine */
void journal_close(struct journal *j);

#endif /* LAB_JOURNAL_H */

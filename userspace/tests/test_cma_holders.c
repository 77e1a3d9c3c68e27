// SPDX-License-Identifier: MIT
/* Who is in an area: kinds of pages, owners of pages, buffers of display drivers and of heaps. */
#include <stdio.h>
#include <string.h>

#include "cma/page_kinds.h"
#include "cma/snapshot.h"
#include "tests/fake_machine.h"
#include "tests/harness.h"

#define CMA	"/sys/kernel/debug/cma"
#define DRI	"/sys/kernel/debug/dri"
#define BASE	0x1000

/* An area of 128 pages: 0..31 are allocated, 40..47 and 60..67 too. */
static int setup(void **state)
{
	char *root = fake_machine_create();

	fake_file(root, "/proc/meminfo",
		  "MemTotal: 999000 kB\nCmaTotal: 512 kB\nCmaFree: 100 kB\n");
	fake_number(root, CMA "/reserved/base_pfn", BASE);
	fake_number(root, CMA "/reserved/count", 128);
	fake_number(root, CMA "/reserved/order_per_bit", 0);
	fake_file(root, CMA "/reserved/bitmap", "4294967295 4026597120 15 0\n");
	*state = root;
	return 0;
}

static int teardown(void **state)
{
	fake_machine_destroy(*state);
	return 0;
}

static struct cma_snapshot take(const char *root, unsigned int look)
{
	struct cma_snapshot snapshot;

	assert_int_equal(cma_snapshot_take(root, look, &snapshot), 0);
	assert_int_equal(snapshot.area_count, 1);
	assert_true(snapshot.areas[0].map_known);
	assert_int_equal(cma_bitmap_free_bits(&snapshot.areas[0].map), 128 - 48);
	return snapshot;
}

/* All free in the buddy allocator, but for the given pages. */
static void add_flags(const char *root, uint64_t page, uint64_t flags, uint64_t count)
{
	uint64_t words[128];

	for (uint64_t i = 0; i < 128; i++)
		words[i] = i >= page && i < page + count ? flags : KPF_BUDDY;
	fake_words(root, "/proc/kpageflags", BASE, words, 128);
}

static void tells_kinds_by_flags(void **state)
{
	static const struct {
		uint64_t flags;
		enum cma_page kind;
		const char *what;
	} cases[] = {
		{ KPF_BUDDY, CMA_PAGE_FREE, "free" },
		{ 0, CMA_PAGE_FREE, "free" },
		{ KPF_LRU | KPF_ANON | KPF_MMAP | KPF_SWAPBACKED, CMA_PAGE_BORROWED, "anonymous" },
		{ KPF_LRU | KPF_UPTODATE, CMA_PAGE_BORROWED, "page cache" },
		{ KPF_LRU | KPF_SWAPBACKED, CMA_PAGE_BORROWED, "tmpfs" },
		{ KPF_LRU | KPF_ANON | KPF_MLOCKED | KPF_UNEVICTABLE, CMA_PAGE_BORROWED,
		  "mlocked" },
		{ KPF_LRU | KPF_WRITEBACK, CMA_PAGE_PINNED, "written" },
		{ KPF_LRU | KPF_LOCKED, CMA_PAGE_PINNED, "locked" },
		{ KPF_SLAB, CMA_PAGE_PINNED, "slab" },
		{ KPF_PGTABLE | KPF_MMAP, CMA_PAGE_PINNED, "page table" },
		{ KPF_MMAP, CMA_PAGE_PINNED, "driver" },
		{ KPF_NOPAGE, CMA_PAGE_UNKNOWN, "no memory" },
		{ 1ULL << 35, CMA_PAGE_UNKNOWN, "flags" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct page_kind kind = page_kind(cases[i].flags);

		assert_string_equal(cma_page_name(kind.kind), cma_page_name(cases[i].kind));
		assert_non_null(strstr(kind.what, cases[i].what));
	}
}

static void knows_kinds_of_pages(void **state)
{
	struct cma_snapshot s;
	const uint8_t *pages;

	/* Flags count only where the bitmap has no bit. */
	add_flags(*state, 30, KPF_LRU | KPF_WRITEBACK, 6);
	s = take(*state, CMA_LOOK_PAGES);
	pages = s.areas[0].pages;
	assert_non_null(pages);
	assert_int_equal(pages[31], CMA_PAGE_ALLOCATED);
	assert_int_equal(pages[32], CMA_PAGE_PINNED);
	assert_int_equal(pages[35], CMA_PAGE_PINNED);
	assert_int_equal(pages[36], CMA_PAGE_FREE);
	assert_int_equal(pages[127], CMA_PAGE_FREE);
	assert_int_equal(s.areas[0].holder_count, 1);
	assert_int_equal(s.areas[0].holders[0].pfn, BASE + 32);
	assert_int_equal(s.areas[0].holders[0].count, 4);
	assert_string_equal(s.areas[0].holders[0].what, "being written to disk");
	assert_int_equal(s.missing_count, 0);
	cma_snapshot_end(&s);
}

static void says_that_kinds_are_missing(void **state)
{
	struct cma_snapshot s = take(*state, CMA_LOOK_PAGES);

	assert_true(says_missing(&s, "CONFIG_PROC_PAGE_MONITOR"));
	assert_int_equal(s.areas[0].pages[0], CMA_PAGE_ALLOCATED);
	assert_int_equal(s.areas[0].pages[32], CMA_PAGE_UNKNOWN);
	cma_snapshot_end(&s);
	/* A file that ends too early. */
	fake_words(*state, "/proc/kpageflags", BASE + 47,
		   (const uint64_t[]){ KPF_BUDDY, KPF_BUDDY }, 2);
	s = take(*state, CMA_LOOK_PAGES);
	assert_true(says_missing(&s, "ends before"));
	assert_int_equal(s.areas[0].pages[48], CMA_PAGE_FREE);
	assert_int_equal(s.areas[0].pages[49], CMA_PAGE_UNKNOWN);
	cma_snapshot_end(&s);
}

#define STACK	" get_page_from_freelist+0x1/0x2\n __alloc_pages_noprof+0x1/0x2\n"

static void names_owners_of_pages(void **state)
{
	struct cma_snapshot s;

	add_flags(*state, 50, KPF_LRU | KPF_ANON, 4);
	s = take(*state, CMA_LOOK_OWNERS);
	assert_true(says_missing(&s, "page_owner=on"));
	cma_snapshot_end(&s);

	fake_file(*state, "/sys/kernel/debug/page_owner",
		  "Page allocated via order 0, mask 0x1(GFP), pid 9, tgid 8 (before), ts 5 ns\n"
		  "PFN 0x10 type Movable Block 0 type CMA Flags 0x0()\n" STACK " before+0x1/0x2\n\n"
		  "Page allocated via order 1, mask 0x1(GFP), pid 9, tgid 8 (a b) c), ts 5 ns\n"
		  "PFN 0x1032 type Movable Block 8 type CMA Flags 0x0()\n" STACK
		  " do_anonymous_page.part.0+0x1/0x2\n handle_mm_fault+0x1/0x2\n\n"
		  "Page allocated via order 3, mask 0x1(GFP), pid 7, tgid 7 (camera), ts 5 ns\n"
		  "PFN 0x103c type Unmovable Block 8 type CMA Flags 0x0()\n" STACK
		  " vb2_dc_alloc+0x1/0x2 [videobuf2]\nPage has been migrated, last migrate reason: x\n\n"
		  "Page allocated via order 0, mask 0x1(GFP), pid 9, tgid 8 (after), ts 5 ns\n"
		  "PFN 0x5000 type Movable Block 0 type CMA Flags 0x0()\n\n");
	s = take(*state, CMA_LOOK_OWNERS);
	assert_int_equal(s.missing_count, 0);
	assert_int_equal(s.areas[0].holder_count, 2);
	assert_int_equal(s.areas[0].holders[0].pfn, BASE + 50);
	assert_int_equal(s.areas[0].holders[0].count, 2);
	assert_int_equal(s.areas[0].holders[0].pid, 8);
	assert_string_equal(s.areas[0].holders[0].comm, "a b) c");
	assert_string_equal(s.areas[0].holders[0].what,
			    "anonymous memory, allocated in do_anonymous_page");
	assert_int_equal(s.areas[0].holders[1].pfn, BASE + 60);
	assert_int_equal(s.areas[0].holders[1].count, 8);
	assert_string_equal(s.areas[0].holders[1].what, "allocated in vb2_dc_alloc");
	cma_snapshot_end(&s);
}

/* vdc with two buffers: one is shown, one is shared, and one more lies elsewhere. */
static void add_vdc(const char *root)
{
	fake_file(root, DRI "/0/name", "vdc dev=0000:00:03.0 unique=0000:00:03.0\n");
	fake_file(root, DRI "/0/gem",
		  "bus address              size origin    name handles shared\n"
		  "0x0000000001000000      65536 cma          0       1     no\n"
		  "0x0000000001010000      65536 cma          0       1    yes\n"
		  "0x0000000007000000      65536 pages        0       1     no\n"
		  "total 131072\n");
	fake_file(root, DRI "/0/framebuffer",
		  "framebuffer[42]:\n\tallocated by = my player\n\trefcount=2\n"
		  "\tformat=XR24 little-endian (0x34325258)\n\tmodifier=0x0\n\tsize=128x128\n\tlayers:\n"
		  "\t\tsize[0]=128x128\n\t\tpitch[0]=512\n\t\toffset[0]=0\n\t\tobj[0]:\n"
		  "\t\t\tname=0\n\t\t\trefcount=3\n\t\t\tstart=00100000\n\t\t\tsize=65536\n"
		  "\t\t\timported=no\n\t\t\tdma_addr=0x0000000001000000\n\t\t\tvaddr=0000000012345678\n");
	fake_file(root, DRI "/0/state",
		  "plane[31]: plane-0\n\tcrtc=crtc-0\n\tfb=42\n\t\tallocated by = my player\n"
		  "plane[35]: plane-1\n\tcrtc=(null)\n\tfb=0\ncrtc[40]: crtc-0\n\tenable=1\n");
	fake_file(root, DRI "/0/clients",
		  "             command  tgid dev master a   uid      magic\n"
		  "           my player   120   0   n    y     0          0\n"
		  "           my player   123   0   y    y     0          0\n");
}

static void names_framebuffers(void **state)
{
	const struct cma_holder *holder;
	struct cma_snapshot s;

	add_vdc(*state);
	s = take(*state, CMA_LOOK_HOLDERS);
	assert_int_equal(s.areas[0].holder_count, 2);
	holder = &s.areas[0].holders[0];
	assert_int_equal(holder->pfn, BASE);
	assert_int_equal(holder->count, 16);
	assert_int_equal(holder->pid, 123);
	assert_string_equal(holder->comm, "my player");
	assert_string_equal(holder->what,
			    "framebuffer 42 of vdc, 128x128 XR24, on plane-0 of crtc-0");
	assert_string_equal(holder[1].what, "buffer of vdc; shared as a dma-buf");
	assert_int_equal(holder[1].pid, -1);
	cma_snapshot_end(&s);
}

/* A driver that shows no list of its buffers, only framebuffers. */
static void names_framebuffers_of_any_driver(void **state)
{
	struct cma_snapshot s;

	add_vdc(*state);
	fake_file(*state, DRI "/0/gem", NULL);
	fake_file(*state, DRI "/0/state", NULL);
	s = take(*state, CMA_LOOK_HOLDERS);
	assert_int_equal(s.areas[0].holder_count, 1);
	assert_int_equal(s.areas[0].holders[0].count, 16);
	assert_non_null(strstr(s.areas[0].holders[0].what, "not shown"));
	/* Two of that name, and nothing tells which: then none is named. */
	assert_int_equal(s.areas[0].holders[0].pid, -1);
	cma_snapshot_end(&s);
}

static void says_that_addresses_do_not_fit(void **state)
{
	struct cma_snapshot s;

	add_vdc(*state);
	fake_file(*state, DRI "/0/gem",
		  "0x00000000f1000000      65536 cma          0       1     no\n");
	s = take(*state, CMA_LOOK_HOLDERS);
	assert_true(says_missing(&s, "IOMMU"));
	cma_snapshot_end(&s);
}

static void add_dmabufs(const char *root)
{
	fake_file(root, "/sys/kernel/debug/dma_buf/bufinfo",
		  "\nDma-buf Objects:\n"
		  "size    \tflags   \tmode    \tcount   \texp_name\tino     \tname\n"
		  "00065536\t00000002\t00080007\t00000002\tdrm\t00000011\t<none>\n"
		  "\twrite fence:foo\n\tAttached Devices:\n\tvgem.0\n\tother\nTotal 2 devices attached\n\n"
		  "00032768\t00000002\t00080007\t00000001\treserved\t00000012\t<none>\n"
		  "\tAttached Devices:\nTotal 0 devices attached\n\n"
		  "\nTotal 2 objects, 98304 bytes\n");
	fake_file(root, "/proc/7/comm", "camera\n");
	fake_link(root, "/proc/7/fd/3", "/dmabuf:");
	fake_link(root, "/proc/7/fd/4", "/dev/null");
	fake_file(root, "/proc/7/fdinfo/3",
		  "pos:\t0\nflags:\t02000002\nmnt_id:\t12\nino:\t12\nsize:\t32768\ncount:\t1\n"
		  "exp_name:\treserved\n");
	fake_file(root, "/proc/8/comm", "reader\n");
	fake_link(root, "/proc/8/fd/5", "/dmabuf:");
	fake_file(root, "/proc/8/fdinfo/5", "ino:\t11\nsize:\t65536\ncount:\t1\nexp_name:\tdrm\n");
}

static void names_dma_bufs(void **state)
{
	const struct cma_holder *holder;
	struct cma_snapshot s;

	add_vdc(*state);
	add_dmabufs(*state);
	s = take(*state, CMA_LOOK_HOLDERS);
	assert_int_equal(s.areas[0].holder_count, 3);
	holder = &s.areas[0].holders[1];
	assert_string_equal(holder->what,
			    "buffer of vdc; dma-buf of drm, attached to vgem.0, other, open in reader[8]");
	assert_int_equal(holder->pid, 8);
	/* Of two runs of 8 pages one is the heap's, and which is not known. */
	holder = &s.areas[0].holders[2];
	assert_int_equal(holder->count, 8);
	assert_int_equal(holder->pid, 7);
	assert_string_equal(holder->what, "probably dma-buf of reserved, open in camera[7]");
	cma_snapshot_end(&s);
}

static void add_opener(const char *root, const char *pid, const char *fd, const char *ino)
{
	char path[64], text[96];

	snprintf(path, sizeof(path), "/proc/%s/comm", pid);
	fake_file(root, path, "reader\n");
	snprintf(path, sizeof(path), "/proc/%s/fd/%s", pid, fd);
	fake_link(root, path, "/dmabuf:");
	snprintf(path, sizeof(path), "/proc/%s/fdinfo/%s", pid, fd);
	snprintf(text, sizeof(text), "ino:\t%s\nsize:\t65536\nexp_name:\tdrm\n", ino);
	fake_file(root, path, text);
}

/* Of two DMA-BUFs of a size either may be the buffer; what is true of both is said. */
static void admits_that_dma_bufs_look_alike(void **state)
{
	struct cma_snapshot s;

	add_vdc(*state);
	fake_file(*state, DRI "/0/gem",
		  "0x0000000001000000      65536 cma          0       1    yes\n"
		  "0x0000000001010000      65536 cma          0       1    yes\n");
	add_opener(*state, "7", "5", "11");
	add_opener(*state, "8", "6", "12");
	s = take(*state, CMA_LOOK_HOLDERS);
	assert_int_equal(s.areas[0].holder_count, 2);
	assert_string_equal(s.areas[0].holders[1].what,
			    "buffer of vdc; probably dma-buf of drm, open in reader[8]");
	assert_int_equal(s.areas[0].holders[1].pid, -1);
	cma_snapshot_end(&s);

	add_opener(*state, "7", "6", "12");
	add_opener(*state, "8", "5", "11");
	s = take(*state, CMA_LOOK_HOLDERS);
	assert_string_equal(s.areas[0].holders[1].what,
			    "buffer of vdc; dma-buf of drm, open in reader[7], reader[8]");
	assert_int_equal(s.areas[0].holders[1].pid, 7);
	cma_snapshot_end(&s);
}

static void survives_damaged_files(void **state)
{
	static const char *const paths[] = {
		DRI "/0/gem", DRI "/0/framebuffer", DRI "/0/state", DRI "/0/clients", DRI "/0/name",
		"/sys/kernel/debug/dma_buf/bufinfo", "/proc/7/fdinfo/3", "/proc/7/comm",
		"/sys/kernel/debug/page_owner",
	};
	static const char *const texts[] = {
		"", "\n\n\n", "0x 0x 0x", "framebuffer[1]:\n dma_addr=0x1000000\n dma_addr=zz\n",
		"0x0000000001000000 18446744073709551615 cma 0 1 yes\n",
		"plane[1]: p\n\tcrtc=c\n\tfb=99999999999\n",
		"Page allocated via order 99, mask\nPFN 0x1000\nPFN 0xffffffffffffffffffff\n",
		"Page allocated via order 31, mask 0x0, tgid 1 (x), ts\nPFN 0x1001\n\t\n\t\t\n",
	};

	for (size_t p = 0; p < COUNT(paths); p++) {
		add_vdc(*state);
		for (size_t t = 0; t < COUNT(texts); t++) {
			struct cma_snapshot s;

			fake_file(*state, paths[p], texts[t]);
			s = take(*state, CMA_LOOK_PAGES | CMA_LOOK_HOLDERS | CMA_LOOK_OWNERS);
			for (size_t i = 0; i < s.areas[0].holder_count; i++)
				assert_in_range(s.areas[0].holders[i].pfn +
						s.areas[0].holders[i].count, 0, BASE + 128);
			cma_snapshot_end(&s);
		}
	}
}

#define TEST(f)	cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tells_kinds_by_flags),
		TEST(knows_kinds_of_pages),
		TEST(says_that_kinds_are_missing),
		TEST(names_owners_of_pages),
		TEST(names_framebuffers),
		TEST(names_framebuffers_of_any_driver),
		TEST(says_that_addresses_do_not_fit),
		TEST(names_dma_bufs),
		TEST(admits_that_dma_bufs_look_alike),
		TEST(survives_damaged_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

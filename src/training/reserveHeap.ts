/** Takes the addresses that a run's memory will need while nothing lies there.
 *
 *  glibc's heap grows upwards from the program, and V8 puts pages of its own anywhere at random. Where one of them stands in the way (of a heap of 3 GB in one
 *  run of some 15, with 500 pages), glibc gets its memory in pieces elsewhere, never gives any back, and a run of 2.2 GB takes 3.5. Addresses cost nothing
 *  until they are written to, so the heap is made large once, early, and a block at its end keeps it from shrinking.  (glibc's malloc: sysmalloc, systrim.)
 *  With another allocator nothing comes of it, and no harm. */
import os from 'node:os';
import { collectGarbage } from '../engine/collectGarbage';

/** From what size on glibc maps a block by itself, once a block of nearly this size was freed; its largest value. */
const MAPPED_FROM_BYTES = 32 * 2 ** 20;
const PIECE_BYTES = 31 * 2 ** 20;
const MOST_BYTES = 8 * 2 ** 30;

let end: ArrayBuffer | undefined;

/** About so many bytes, no more than half of the machine's memory, once in a process. Some 5 MB of each GB are written to. */
export function reserveHeap(bytes: number): void {
  if (process.platform !== 'linux' || end) return;
  const pieces = Math.floor(Math.min(bytes, os.totalmem() / 2, MOST_BYTES) / PIECE_BYTES);
  if (pieces === 0) return;
  try {
    allocate(MAPPED_FROM_BYTES - 2 ** 16, 1);
    collectGarbage('all');
    const all = allocate(PIECE_BYTES, pieces);
    end = all.pop();
    all.length = 0;
  } catch {
    // A limit on addresses (ulimit -v): the run may still fit.
  }
  collectGarbage('all');
}

function allocate(bytes: number, count: number): ArrayBuffer[] { return Array.from({ length: count }, () => new ArrayBuffer(bytes)); }

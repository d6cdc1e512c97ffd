/** What a program and the processes it starts use of memory and processor: Linux only, from /proc; elsewhere nothing is known (undefined). */
import { existsSync, readdirSync, readFileSync } from 'node:fs';

/** VmHWM only rises, so a reading this long before the end loses little. */
const SAMPLE_MS = 100;
/** Unit of utime and stime in /proc/PID/stat; 100 on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;

export class ProcessTree {
  private readonly peaks = new Map<number, number>();
  private readonly cpu = new Map<number, number>();
  private readonly timer: NodeJS.Timeout | undefined;

  constructor(private readonly root: number) {
    if (existsSync('/proc/self/status')) this.timer = setInterval(() => this.sample(), SAMPLE_MS);
  }

  /** Processor seconds so far of the whole tree, processes that ended included. */
  cpuSeconds(): number | undefined {
    this.sample();
    return this.timer && [...this.cpu.values()].reduce((sum, seconds) => sum + seconds, 0);
  }

  /** Highest resident memory of the largest process, bytes. */
  peakBytes(): number | undefined {
    return this.peaks.size === 0 ? undefined : Math.max(...this.peaks.values());
  }

  /** Resident memory of the largest process now, bytes. */
  residentBytes(): number | undefined {
    const resident = this.timer ? this.tree().map(pid => kilobytes(pid, 'VmRSS')).filter(value => value !== undefined) : [];
    return resident.length === 0 ? undefined : Math.max(...resident) * 1024;
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private sample(): void {
    if (!this.timer) return;
    for (const pid of this.tree()) {
      const peak = kilobytes(pid, 'VmHWM');
      if (peak !== undefined) this.peaks.set(pid, peak * 1024);
      const fields = statFields(pid);
      if (fields.length > 0) this.cpu.set(pid, (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND);
    }
  }

  private tree(): number[] {
    const childrenOf = new Map<number, number[]>();
    for (const name of readdirSync('/proc')) {
      if (!/^\d+$/.test(name)) continue;
      const parent = Number(statFields(Number(name))[1]);
      childrenOf.set(parent, [...childrenOf.get(parent) ?? [], Number(name)]);
    }
    const pids = [this.root];
    for (const pid of pids) pids.push(...childrenOf.get(pid) ?? []);
    return pids;
  }
}

/** One of the sizes in /proc/PID/status; undefined when the process is gone. */
function kilobytes(pid: number, name: 'VmHWM' | 'VmRSS'): number | undefined {
  const text = new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(read(pid, 'status'))?.[1];
  return text === undefined ? undefined : Number(text);
}

/** Fields of stat after the name, which may hold spaces: state, parent, …; utime is the 12th and stime the 13th. Empty when the process is gone. */
function statFields(pid: number): string[] {
  const text = read(pid, 'stat');
  return text === '' ? [] : text.slice(text.lastIndexOf(')') + 2).split(' ');
}

function read(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    // It ended between the listing and the reading.
    return '';
  }
}

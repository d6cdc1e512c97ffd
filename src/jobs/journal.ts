/** jobs.journal: the id of each job whose job.json changed, one a line, only ever appended to. A reader that remembers how far it read
 *  learns which jobs to look at again; a jobs.db that remembers less than is there is stale in just those. */
import fs from 'node:fs';
import path from 'node:path';

export class Journal {
  readonly file: string;

  constructor(dataDirectory: string) {
    this.file = path.join(dataDirectory, 'jobs.journal');
  }

  /** Written before the change: a change that did not happen costs a look, one that is not announced would be missed. */
  announce(jobId: string): void {
    fs.appendFileSync(this.file, `${jobId}\n`, { flush: true });
  }

  /** Undefined where the journal is shorter than `offset`: it was lost, and every job has to be looked at. */
  readFrom(offset: number): { jobIds: ReadonlySet<string>; offset: number } | undefined {
    let bytes: Buffer;
    try {
      const handle = fs.openSync(this.file, 'r');
      try {
        const { size } = fs.fstatSync(handle);
        if (size < offset) return undefined;
        bytes = Buffer.alloc(size - offset);
        bytes = bytes.subarray(0, fs.readSync(handle, bytes, 0, bytes.length, offset));
      } finally {
        fs.closeSync(handle);
      }
    } catch {
      return offset === 0 ? { jobIds: new Set(), offset: 0 } : undefined;
    }
    const end = bytes.lastIndexOf(10) + 1;
    return { jobIds: new Set(bytes.toString('utf8', 0, end).split('\n').filter(line => line !== '')), offset: offset + end };
  }
}

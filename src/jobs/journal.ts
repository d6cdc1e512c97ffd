/** jobs.journal: the id of each job whose job.json changed, one a line, only ever appended to. A reader that remembers how far it read
 *  learns which jobs to look at again; a jobs.db that remembers less than is there is stale in just those. The first line names the
 *  journal, so that one which was lost and began anew is not taken for the old one. */
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

const NAME_MARK = '#';

export interface JournalNews {
  readonly jobIds: ReadonlySet<string>;
  /** How far was read, and in which journal. */
  readonly mark: string;
}

export class Journal {
  readonly file: string;

  constructor(dataDirectory: string) {
    this.file = path.join(dataDirectory, 'jobs.journal');
  }

  /** Written before the change: a change that did not happen costs a look, one that is not announced would be missed. */
  announce(jobId: string): void {
    const isNew = (fs.statSync(this.file, { throwIfNoEntry: false })?.size ?? 0) === 0;
    fs.appendFileSync(this.file, `${isNew ? `${NAME_MARK}${randomBytes(8).toString('hex')}\n` : ''}${jobId}\n`, { flush: true });
  }

  /** `mark`: what an earlier reading gave; from the beginning without. Undefined where that journal was lost, and every job has to be looked at. */
  readFrom(mark?: string): JournalNews | undefined {
    const [, nameBefore = '', offset = '0'] = /^(.*):(\d+)$/.exec(mark ?? '') ?? [];
    const bytes = readWhole(this.file);
    const text = bytes.toString('utf8');
    const name = text.startsWith(NAME_MARK) ? text.slice(1, Math.max(1, text.indexOf('\n'))) : '';
    if (nameBefore !== '' && (name !== nameBefore || bytes.length < Number(offset))) return undefined;
    const start = nameBefore === '' ? 0 : Number(offset);
    const end = bytes.lastIndexOf(10) + 1;
    const lines = bytes.toString('utf8', start, Math.max(start, end)).split('\n');
    return { jobIds: new Set(lines.filter(line => line !== '' && !line.startsWith(NAME_MARK))), mark: `${name}:${Math.max(start, end)}` };
  }
}

function readWhole(file: string): Buffer {
  try {
    return fs.readFileSync(file);
  } catch {
    return Buffer.alloc(0);
  }
}

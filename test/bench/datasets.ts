/** How a dataset preview fares with a large file: `node --import tsx test/bench/datasets.ts [MEGABYTES | FILE]`. Without a file it makes a JSONL of
 *  1,000 MB, and measures in a fresh process. Times in ms; peak memory is the process's own; no assertion. */
import { execFileSync } from 'node:child_process';
import { createWriteStream, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { once } from 'node:events';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { openTable } from '../../src/datasets/table/openTable';
import type { Table } from '../../src/datasets/table/table';
import { Random } from '../../src/shared/random';
import { machine } from './machine';

const SEED = 42;
const VOCABULARY = 5_000;
const [target = '1000'] = process.argv.slice(2);

if (existsSync(target)) await measure(target);
else await measureMade(Number(target));

async function measureMade(megabytes: number): Promise<void> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'merlina-bench-'));
  try {
    const file = path.join(folder, 'pairs.jsonl');
    await makePairs(file, megabytes * 1e6);
    execFileSync(process.execPath, [...process.execArgv, fileURLToPath(import.meta.url), file], { stdio: 'inherit' });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Pairs of about 290 bytes, so that a gigabyte has more than three million rows. */
async function makePairs(file: string, bytes: number): Promise<void> {
  const random = Random.of(SEED);
  const words = Array.from({ length: VOCABULARY }, () => Array.from({ length: 2 + random.integer(8) }, () => String.fromCharCode(97 + random.integer(26))).join(''));
  const text = (length: number): string => Array.from({ length }, () => words[random.integer(VOCABULARY)]).join(' ');
  const out = createWriteStream(file);
  let [row, written] = [0, 0];
  while (written < bytes) {
    const rows = Array.from({ length: 2_000 }, () => JSON.stringify({
      id: row++, prompt: text(5 + random.integer(15)), chosen: `${text(5 + random.integer(20))}\n"${text(2)}"`, rejected: text(random.integer(10)),
    }));
    const chunk = `${rows.join('\n')}\n`;
    written += chunk.length;
    if (!out.write(chunk)) await once(out, 'drain');
  }
  out.end();
  await once(out, 'finish');
}

async function measure(file: string): Promise<void> {
  console.log(JSON.stringify(machine()));
  // A preview is not the first thing that a process does.
  await (await openTable(fileURLToPath(new URL('../fixtures/datasets/rows.parquet', import.meta.url)))).close();
  let table: Table | undefined;
  await timed('open, columns of 200 rows', async () => { table = await openTable(file); });
  const opened = table!;
  await timed('first 50 rows', () => opened.rows(0, 50));
  print('rows, estimated', opened.rowCount().value);
  await timed('index', () => opened.indexed);
  const rows = opened.rowCount().value;
  print('rows', rows);
  for (const row of [Math.min(3_000_000, rows - 50), Math.floor(rows / 2), rows - 50]) await timed(`50 rows from row ${row}`, () => opened.rows(row, 50));
  print('peak memory until here, MB', peakMegabytes());
  const cpu = process.cpuUsage();
  const seconds = await timed('statistics', () => opened.statistics()) / 1_000;
  const { user, system } = process.cpuUsage(cpu);
  print('statistics, MB/s of the file', opened.bytes / 1e6 / seconds);
  print('statistics, processor s', (user + system) / 1e6);
  print('peak memory, MB', peakMegabytes());
  await opened.close();
}

async function timed(what: string, work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  const ms = performance.now() - start;
  print(what, ms);
  return ms;
}

function peakMegabytes(): number {
  return process.resourceUsage().maxRSS * 1024 / 1e6;
}

function print(what: string, value: number): void {
  console.log(`${what.padEnd(32)}${value.toFixed(1)}`);
}

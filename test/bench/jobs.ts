/** How long the job history takes: `node --import tsx test/bench/jobs.ts [JOBS]`. Opening, listing, filtering, paging, saving.
 *  Medians of the times in ms; no assertion. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { JobManager, type MetricRow } from '../../src/jobs';
import { newJobId } from '../../src/jobs/jobRecord';
import { makeRecipe } from '../../src/recipe';

const JOBS = Number(process.argv[2] ?? 10_000);
const STATUSES = ['completed', 'failed', 'stopped'] as const;

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'merlina-bench-'));
try {
  makeRunDirectories();
  await measure();
} finally {
  fs.rmSync(folder, { recursive: true, force: true });
}

function makeRunDirectories(): void {
  for (let i = 0; i < JOBS; i++) {
    const created_at = new Date(Date.UTC(2026, 0, 1) + i * 60_000).toISOString();
    const job_id = newJobId(new Date(created_at), i.toString(16).padStart(6, '0'));
    const root = path.join(folder, 'runs', job_id);
    const status = STATUSES[i % 3]!;
    fs.mkdirSync(root, { recursive: true });
    fs.writeFileSync(path.join(root, 'recipe.json'), JSON.stringify(makeRecipe({ output_name: `wizard-${i}`, base_model: 'org/model' })));
    fs.writeFileSync(path.join(root, 'job.json'), JSON.stringify({
      version: 1, job_id, created_at, priority: 'normal', position: i, device: 'cpu', state: 'ended', attempt: 1, events_from: 0, stop_requested: false,
      end: status === 'completed' ? null : { status, error: null, at: created_at },
    }));
    if (status === 'completed') {
      fs.writeFileSync(path.join(root, 'events.ndjson'), `${JSON.stringify({ time: created_at, type: 'completed', output_dir: root, final_metrics: {} })}\n`);
    }
  }
}

async function measure(): Promise<void> {
  const startMs = performance.now();
  const first = await JobManager.open(folder);
  print('rebuild from run directories', performance.now() - startMs);
  const rows = hundredSteps();
  const insertMs = performance.now();
  const long = first.listJobs({ limit: 1 })[0]!.job_id;
  for (const row of rows) first.addMetric(long, row);
  print('100 single steps', performance.now() - insertMs);
  await first.close();
  print('jobs.db, bytes', fs.statSync(path.join(folder, 'jobs.db')).size);

  const openings: number[] = [];
  for (let i = 0; i < 5; i++) {
    const ms = performance.now();
    const manager = await JobManager.open(folder);
    openings.push(performance.now() - ms);
    await manager.close();
  }
  print('open', median(openings));
  const manager = await JobManager.open(folder);
  print('first page of 50', timed(() => manager.listJobs({ limit: 50 })));
  print('last page of 50', timed(() => manager.listJobs({ limit: 50, offset: JOBS - 50 })));
  print('failed, page of 50', timed(() => manager.listJobs({ status: ['failed'], limit: 50 })));
  print('search and count', timed(() => manager.countJobs({ text: 'wizard-77' })));
  print('search, page of 50', timed(() => manager.listJobs({ text: 'wizard-77', limit: 50 })));
  print('refresh, nothing new', timed(() => manager.refresh()));
  await manager.close();
}

function hundredSteps(): MetricRow[] {
  return Array.from({ length: 100 }, (_, i) => ({
    step: i + 1, timestamp: '', loss: 1, eval_loss: null, learning_rate: 1e-4, gpu_memory_used: null, epoch: 0, grad_norm: 1, tokens_per_second: 1, extra: null,
  }));
}

function timed(work: () => unknown): number {
  return median(Array.from({ length: 9 }, () => {
    const ms = performance.now();
    work();
    return performance.now() - ms;
  }));
}

function median(times: number[]): number {
  return [...times].sort((a, b) => a - b)[Math.floor(times.length / 2)]!;
}

function print(what: string, value: number): void {
  console.log(`${what.padEnd(32)}${value.toFixed(1)}`);
}

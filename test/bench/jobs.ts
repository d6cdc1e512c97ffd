/** How long the job history takes: `node --import tsx test/bench/jobs.ts [JOBS] [STEPS]`. Opening, listing, filtering, paging, saving; and one run
 *  of many steps: reading it anew in pieces, any range of its series, following it. Medians of the times in ms; no assertion. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { JobManager, type MetricRow } from '../../src/jobs';
import { newJobId } from '../../src/jobs/jobRecord';
import { makeRecipe } from '../../src/recipe';
import type { MetricsEvent } from '../../src/shared/events';
import { SeriesLog } from '../../src/training/seriesLog';

const JOBS = Number(process.argv[2] ?? 10_000);
const STEPS = Number(process.argv[3] ?? 1_000_000);
const WORKER = fileURLToPath(new URL('../jobs/databaseWorker.mjs', import.meta.url));
const LONG = 'job_20270101_000000_ffffff';
const STATUSES = ['completed', 'failed', 'stopped'] as const;

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'merlina-bench-'));
try {
  makeRunDirectories();
  await measure();
  await measureSaves('saves on this thread', undefined);
  await measureSaves('saves by a thread', WORKER);
  writeLongRun();
  await measureLongRun();
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

/** How long the host's thread is held up at most while it saves after each of twenty changes. */
async function measureSaves(what: string, workerFile: string | undefined): Promise<void> {
  const manager = await JobManager.open(folder, workerFile === undefined ? {} : { workerFile });
  const { job_id } = manager.listJobs({ limit: 1 })[0]!;
  manager.addMetric(job_id, hundredSteps()[0]!);
  await manager.flush();
  await new Promise(resolve => setTimeout(resolve, 200));
  const delays = monitorEventLoopDelay({ resolution: 1 });
  delays.enable();
  for (const row of hundredSteps().slice(0, 20)) {
    manager.addMetric(job_id, row);
    await manager.flush();
  }
  delays.disable();
  print(`${what}, 99 % held up`, delays.percentile(99) / 1e6);
  print(`${what}, longest`, delays.max / 1e6);
  await manager.close();
}

function metricsOf(step: number): MetricsEvent {
  const loss = 2 / Math.sqrt(step) + Math.sin(step * 12.9898) / 10;
  return {
    time: new Date(Date.UTC(2027, 0, 1) + step * 1000).toISOString(), type: 'metrics', step, epoch: step / 1000, loss, learning_rate: 1e-4, grad_norm: 1 + Math.cos(step),
    tokens_per_second: 1000, step_seconds: 0.1, memory_bytes: 1e9, peak_memory_bytes: 2e9, 'rewards/chosen': loss / 2, 'rewards/rejected': -loss,
    'rewards/margins': 1.5 * loss, 'rewards/accuracies': 1, 'logps/chosen': -1, 'logps/rejected': -2, nll_loss: loss,
  };
}

/** As a trainer leaves it. */
function writeLongRun(): void {
  const root = path.join(folder, 'runs', LONG);
  fs.mkdirSync(root, { recursive: true });
  fs.writeFileSync(path.join(root, 'recipe.json'), JSON.stringify(makeRecipe({ output_name: 'long', base_model: 'org/model' })));
  fs.writeFileSync(path.join(root, 'job.json'), JSON.stringify({
    version: 1, job_id: LONG, created_at: '2027-01-01T00:00:00.000Z', priority: 'normal', position: 0, device: 'cpu', state: 'ended', attempt: 1, events_from: 0,
    stop_requested: false, end: { status: 'stopped', error: null, at: '2027-01-02T00:00:00.000Z' },
  }));
  const events = fs.openSync(path.join(root, 'events.ndjson'), 'a');
  const started = { time: '2027-01-01T00:00:00.000Z', type: 'started', total_steps: STEPS, resumed_from_step: 0, device: 'cpu' };
  const lines = [JSON.stringify(started)];
  const log = new SeriesLog(root);
  log.goOnFrom(0);
  let logMs = 0;
  for (let step = 1; step <= STEPS; step++) {
    const event = metricsOf(step);
    lines.push(JSON.stringify(event));
    const ms = performance.now();
    log.append(event);
    logMs += performance.now() - ms;
    if (lines.length === 10_000 || step === STEPS) fs.writeSync(events, `${lines.splice(0).join('\n')}\n`);
  }
  log.close();
  fs.closeSync(events);
  print('series, microseconds a step', (logMs * 1000) / STEPS);
  print('events.ndjson, MB', fs.statSync(path.join(root, 'events.ndjson')).size / 1e6);
  print('series files, MB', fs.readdirSync(root).filter(name => name.startsWith('series')).reduce((sum, name) => sum + fs.statSync(path.join(root, name)).size, 0) / 1e6);
}

async function measureLongRun(): Promise<void> {
  const manager = await JobManager.open(folder, { refreshBudgetMs: 50 });
  const pieces: number[] = [];
  while (manager.isBehind || manager.requireJob(LONG).status !== 'stopped') {
    const ms = performance.now();
    manager.refresh();
    pieces.push(performance.now() - ms);
  }
  print('long run read, seconds', pieces.reduce((sum, ms) => sum + ms, 0) / 1000);
  print('long run read, longest piece', Math.max(...pieces));
  print('rows in training_metrics', manager.getMetrics(LONG).length);
  for (const [what, fromStep, toStep] of [['all', 0, STEPS], ['a half', STEPS / 4, (STEPS * 3) / 4], ['a tenth', STEPS / 2, STEPS * 0.6], ['1000 steps', STEPS / 3, STEPS / 3 + 1000]] as const) {
    print(`series, ${what}, 2000 points`, timed(() => manager.getSeries(LONG, { fromStep, toStep, maxPoints: 2000 })));
    print(`loss, ${what}, 2000 points`, timed(() => manager.getSeries(LONG, { fromStep, toStep, maxPoints: 2000, names: ['loss'] })));
  }
  const ms = performance.now();
  await new Promise<void>(resolve => {
    const end = manager.follow(LONG, () => { setTimeout(() => { end(); resolve(); }); });
  });
  print('snapshot to follow it', performance.now() - ms);
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

// A trainer that only pretends: the protocol of a run directory, at a speed that suits tests.
// node fakeTrainer.mjs RUN_DIRECTORY [--resume [--from STEP]]; recipe.fake = { steps, step_ms, save_ms, die_at, exit_code, say, ignore_stop, fail_at }
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { randomBytes } from 'node:crypto';

const root = process.argv[2];
const { fake } = JSON.parse(fs.readFileSync(path.join(root, 'recipe.json'), 'utf8'));
const { steps = 5, step_ms = 5, save_ms = 0, die_at, exit_code = 3, say, ignore_stop = false, fail_at } = fake;
const file = name => path.join(root, name);
const emit = event => fs.appendFileSync(file('events.ndjson'), `${JSON.stringify({ time: new Date().toISOString(), ...event })}\n`);
const wait = ms => new Promise(resolve => setTimeout(resolve, ms));

// One line for each start: a run that is trained twice at once shows here.
fs.appendFileSync(file('starts.txt'), `start ${[process.pid, ...process.argv.slice(3)].join(' ')}\n`);
const address = path.join(os.tmpdir(), `merlina-${randomBytes(8).toString('hex')}.sock`);
await new Promise(resolve => net.createServer(connection => connection.on('error', () => {}).write(`${JSON.stringify({ run: path.resolve(root), pid: process.pid, is_detached: true })}\n`)).listen(address, resolve).unref());
fs.writeFileSync(file('trainer.socket'), JSON.stringify({ address, pid: process.pid }));
fs.writeFileSync(file('trainer.pid'), `${process.pid}\n`);
if (ignore_stop) process.on('SIGTERM', () => {});

if (fs.existsSync(file('events.ndjson'))) {
  const text = fs.readFileSync(file('events.ndjson'));
  if (text.length > 0 && text.at(-1) !== 10) fs.appendFileSync(file('events.ndjson'), '\n');
}
fs.mkdirSync(file('checkpoints'), { recursive: true });
const done = fs.readdirSync(file('checkpoints')).filter(name => /^step-\d+$/.test(name)).map(name => Number(name.slice(5)));
const from = process.argv.includes('--from') ? Number(process.argv.at(-1)) : undefined;
let step = from ?? Math.max(0, ...done);
const save = () => {
  const temporary = file(`checkpoints/.unfinished-step-${step}`);
  fs.rmSync(temporary, { recursive: true, force: true });
  fs.mkdirSync(temporary);
  fs.writeFileSync(path.join(temporary, 'state.json'), JSON.stringify({ step }));
  if (save_ms > 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, save_ms);
  fs.rmSync(file(`checkpoints/step-${step}`), { recursive: true, force: true });
  fs.renameSync(temporary, file(`checkpoints/step-${step}`));
  emit({ type: 'checkpoint', step, path: file(`checkpoints/step-${step}`), is_best: false });
};
emit({ type: 'status_update', status: 'loading_model', progress: 0 });
emit({ type: 'started', run_id: 'fake', versions: {}, model: { id: 'fake', fingerprint: '' }, dataset: { fingerprint: '', rows: 1, eval_rows: 0 }, total_steps: steps, resumed_from_step: step, backend: 'embedded', device: 'cpu', threads: 1 });
emit({ type: 'status_update', status: 'training', progress: step / steps });
while (step < steps) {
  await wait(step_ms);
  if (!ignore_stop && fs.existsSync(file('control'))) {
    emit({ type: 'status_update', status: 'stopping', progress: step / steps });
    if (step > 0) save();
    emit({ type: 'stopped', step });
    fs.rmSync(file('control'), { force: true });
    process.exit(130);
  }
  step++;
  if (step === die_at) {
    if (say !== undefined) process.stderr.write(`${say}\n`);
    if (exit_code === 'SIGKILL') process.kill(process.pid, 'SIGKILL');
    process.exit(exit_code);
  }
  if (step === fail_at) {
    emit({ type: 'error', problem: { id: 'fake/failed', severity: 'error', text: 'The loss became NaN.' } });
    process.exit(1);
  }
  // The loss is a function of the step alone: a resumed run shows the losses of one that was never interrupted.
  emit({ type: 'metrics', step, epoch: step / steps, loss: 1 / step, learning_rate: 1e-4, pid: process.pid, grad_norm: 1, tokens_per_second: 100, step_seconds: step_ms / 1000, 'rewards/margins': step });
  if (step % 3 === 0) save();
}
emit({ type: 'completed', output_dir: file('adapter'), final_metrics: { loss: 1 / step } });

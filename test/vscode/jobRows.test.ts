/** What the sidebar says of jobs, and where they stand. */
import { strict as assert } from 'node:assert';
import { newRecord, type JobRecord } from '../../src/jobs/jobRecord';
import type { RunStatus } from '../../src/shared/events';
import { describeJob, groupByDay, jobContext, jobName, partOf } from '../../src/vscode/sidebar/jobRows';

const l10n = { t: (text: string, ...values: (string | number)[]) => text.replaceAll(/\{(\d)\}/g, (_, index: string) => String(values[Number(index)])) };
const job = (changes: Partial<JobRecord>): JobRecord => ({ ...newRecord('job_1', '2026-11-24T10:00:00.000Z', { output_name: 'wizard' }, '/runs/job_1'), ...changes });

const DESCRIPTIONS: [name: string, changes: Partial<JobRecord>, text: string][] = [
  ['training', { status: 'training', current_step: 120, total_steps: 400, loss: 1.8312, seconds_per_step: 0.8 }, 'step 120/400 · 1.831 · 4 min left'],
  ['nearly done', { status: 'training', current_step: 395, total_steps: 400, loss: 1.5, seconds_per_step: 2 }, 'step 395/400 · 1.5 · 10 s left'],
  ['hours to go', { status: 'training', current_step: 0, total_steps: 4000, loss: null, seconds_per_step: 2 }, 'step 0/4000 · 2 h 14 min left'],
  ['not yet training', { status: 'loading_model', message: 'Downloading model.safetensors: 30 % of 270 MB.' }, 'Downloading model.safetensors: 30 % of 270 MB.'],
  ['preparing, without words', { status: 'initializing' }, 'Preparing'],
  ['evaluating', { status: 'evaluating', current_step: 50, total_steps: 100, loss: 2, seconds_per_step: 1 }, 'Evaluating · step 50/100 · 2 · 50 s left'],
  ['stopping: nothing is left to wait for', { status: 'stopping', current_step: 50, total_steps: 100, loss: 2, seconds_per_step: 1 }, 'Stopping · step 50/100 · 2'],
  ['completed', { status: 'completed', loss: 1.25, eval_loss: 1.5, current_step: 10, total_steps: 10 }, 'eval 1.5'],
  ['completed without evaluation', { status: 'completed', loss: 1.25 }, '1.25'],
  ['failed', { status: 'failed', error: 'The loss is NaN at step 3. Lower learning_rate.\nnote' }, 'The loss is NaN at step 3. Lower learning_rate.'],
  ['stopped', { status: 'stopped', current_step: 3, total_steps: 10, loss: 2.5 }, 'Stopped · step 3/10 · 2.5'],
  ['cancelled', { status: 'cancelled' }, 'Cancelled'],
];

describe('vscode/sidebar/jobRows', () => {
  for (const [name, changes, text] of DESCRIPTIONS) it(`describes one that is ${name}`, () => assert.equal(describeJob(job(changes), l10n), text));

  it('says where a job waits', () => assert.equal(describeJob(job({ status: 'queued' }), l10n, 2), '#2 in the queue'));

  it('takes the name of the recipe, else the id', () => {
    assert.equal(jobName(job({})), 'wizard');
    for (const config of [null, {}, { output_name: '' }, { output_name: 3 }]) assert.equal(jobName(job({ config })), 'job_1');
  });

  it('groups by local day, in order', () => {
    const now = new Date(2026, 10, 24, 9);
    const at = (...parts: [number, number, number, number]): JobRecord => job({ created_at: new Date(...parts).toISOString() });
    const days = groupByDay([at(2026, 10, 24, 0), at(2026, 10, 23, 23), at(2026, 10, 23, 1), at(2025, 10, 24, 5)], now, 'en', l10n);
    assert.deepEqual(days.map(({ label, jobs }) => [label, jobs.length]), [['Today', 1], ['Yesterday', 2], ['Mon, Nov 24, 2025', 1]]);
  });

  it('has yesterday right on the first of a month', () => {
    const days = groupByDay([job({ created_at: new Date(2026, 9, 31, 12).toISOString() })], new Date(2026, 10, 1, 0, 5), 'en', l10n);
    assert.equal(days[0].label, 'Yesterday');
  });

  it('tells menus what can be done', () => {
    const contexts = (status: RunStatus, changes: Partial<JobRecord> = {}): string => jobContext(job({ status, ...changes }));
    assert.equal(contexts('training', { checkpoint: '/x' }), 'job running training stoppable chat folder');
    assert.equal(contexts('stopping'), 'job running stopping folder');
    assert.equal(contexts('failed'), 'job ended failed resumable folder');
    assert.equal(contexts('completed', { output_dir: '/x', run_dir: null }), 'job ended completed chat');
    assert.equal(contexts('queued'), 'job queued queued stoppable folder');
    assert.equal(partOf('saving'), 'running');
  });
});

/** What is told of a run's end: once, in one window, with what to do. */
import { strict as assert } from 'node:assert';
import { window, type MessageItem } from 'vscode';
import { RunWatch } from '../../src/vscode/runWatch';
import { openJobsHost, recipe, STARTED, STEP_120, type JobsHost } from './jobsHost';

const COMPLETED = { type: 'completed', output_dir: '/x/adapter', final_metrics: { loss: 1.5 } };
const FAILED = { type: 'error', problem: { id: 'training/not-finite', severity: 'error', text: 'The loss is NaN at step 120.', fix: { text: 'Lower learning_rate.' } } };

describe('the watch over runs', () => {
  let jobs: JobsHost;
  let told: string[][];
  const originals = [window.showInformationMessage, window.showErrorMessage] as const;
  beforeEach(async () => {
    jobs = await openJobsHost();
    told = [];
    const note = async (...texts: unknown[]): Promise<undefined> => void told.push(texts.map(text => (typeof text === 'string' ? text : (text as MessageItem).title)));
    Object.assign(window, { showInformationMessage: note, showErrorMessage: note });
  });
  afterEach(async () => {
    Object.assign(window, { showInformationMessage: originals[0], showErrorMessage: originals[1] });
    await jobs.close();
  });

  /** A run that goes on, then ends so, with as many windows watching; waits until they have had their turn to tell. */
  async function runTo(end: object, windows: number): Promise<void> {
    const { job_id: id } = await jobs.manager.createJob(recipe('wizard'));
    const watches = Array.from({ length: windows }, () => new RunWatch(jobs.host));
    await jobs.run(id, [STARTED, STEP_120]);
    await settle();
    await jobs.run(id, [STARTED, STEP_120, end]);
    await settle(2500);
    for (const watch of watches) watch.dispose();
  }

  it('tells of a completed run once, however many windows are open', async () => {
    await runTo(COMPLETED, 3);
    assert.deepEqual(told, [['wizard is ready', 'Chat', 'Open run']]);
  });

  it('says why a run failed, and what to do', async () => {
    await runTo(FAILED, 1);
    assert.deepEqual(told, [['wizard failed: The loss is NaN at step 120. Lower learning_rate.', 'Open run', 'Retry']]);
  });

  it('says nothing of runs that had ended before, or never ran', async () => {
    const { job_id: id } = await jobs.manager.createJob(recipe('cancelled'));
    await jobs.run((await jobs.manager.createJob(recipe('old'))).job_id, [STARTED, COMPLETED]);
    const watch = new RunWatch(jobs.host);
    await jobs.manager.stopJob(id);
    jobs.changed.fire(jobs.manager.listJobs().map(({ job_id }) => job_id));
    await settle(2000);
    watch.dispose();
    assert.deepEqual(told, []);
  });

  it('remembers for the next start of VS Code whether anything is open', async () => {
    const { job_id: id } = await jobs.manager.createJob(recipe('waiting'));
    const watch = new RunWatch(jobs.host);
    jobs.changed.fire([id]);
    await settle();
    assert.equal(jobs.state.get('merlina.hasOpenJobs'), true);
    await jobs.manager.stopJob(id);
    await settle();
    assert.equal(jobs.state.get('merlina.hasOpenJobs'), false);
    watch.dispose();
  });
});

/** Changes are taken in the next turns of the loop; a window without focus waits before it tells. */
function settle(milliseconds = 100): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, milliseconds));
}

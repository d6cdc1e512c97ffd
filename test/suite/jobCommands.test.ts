/** Commands on runs and models, with the answers that a user gives. */
import { strict as assert } from 'node:assert';
import { existsSync } from 'node:fs';
import { commands, Uri, window, workspace, TabInputWebview } from 'vscode';
import { ProblemError } from '../../src/shared/problem';
import { deleteJobs } from '../../src/vscode/commands/deleteJobs';
import { moveUp } from '../../src/vscode/commands/moveUp';
import { resume } from '../../src/vscode/commands/resume';
import { retry } from '../../src/vscode/commands/retry';
import { setPriority } from '../../src/vscode/commands/setPriority';
import { setTokens } from '../../src/vscode/commands/setTokens';
import { stop } from '../../src/vscode/commands/stop';
import { subjectOfJob } from '../../src/vscode/chat/chatSubject';
import { apprenticeItem } from '../../src/vscode/models/modelItems';
import { makeCheckpoint, openJobsHost, recipe, STARTED, STEP_120, type JobsHost } from './jobsHost';
import { waitFor } from './support';

/** What the user answers, by the function of `window` that asks; what was asked is kept. */
class Answers {
  readonly asked: unknown[][] = [];
  private readonly originals = new Map<string, unknown>();

  set(name: 'showWarningMessage' | 'showQuickPick' | 'showInputBox' | 'showInformationMessage', answer: (...args: never[]) => unknown): void {
    const target = window as unknown as Record<string, unknown>;
    if (!this.originals.has(name)) this.originals.set(name, target[name]);
    target[name] = async (...args: never[]) => {
      this.asked.push(args);
      return answer(...args);
    };
  }

  restore(): void {
    for (const [name, original] of this.originals) (window as unknown as Record<string, unknown>)[name] = original;
    this.originals.clear();
  }
}

/** The item of a quick pick whose label matches. */
const choose = (label: RegExp) => async (items: Promise<{ label: string }[]> | { label: string }[]) => (await items).find(item => label.test(item.label));

describe('commands on runs', () => {
  let jobs: JobsHost;
  const answers = new Answers();
  beforeEach(async () => { jobs = await openJobsHost(); });
  afterEach(async () => {
    answers.restore();
    answers.asked.length = 0;
    await jobs.close();
  });

  const submit = async (name: string): Promise<string> => (await jobs.manager.createJob(recipe(name))).job_id;
  const statusOf = (id: string): string | undefined => jobs.manager.getJob(id)?.status;

  it('stops what is selected in the tree: a queued job is cancelled, a running one asked to stop', async () => {
    const [queued, running] = [await submit('queued'), await submit('running')];
    await jobs.run(running, [STARTED, STEP_120]);
    await stop.run(jobs.host, { job_id: queued }, [{ job_id: queued }, { job_id: running }]);
    assert.equal(statusOf(queued), 'cancelled');
    assert.equal(statusOf(running), 'stopping');
  });

  it('asks from the palette which to stop, and offers only what can be', async () => {
    const [one, cancelled] = [await submit('one'), await submit('cancelled')];
    await jobs.manager.stopJob(cancelled);
    let offered: string[] = [];
    answers.set('showQuickPick', async (items: Promise<{ label: string }[]> | { label: string }[]) => {
      offered = (await items).map(({ label }) => label);
      return items;
    });
    await stop.run(jobs.host);
    assert.equal(offered.length, 1);
    assert.equal(statusOf(one), 'cancelled');
  });

  it('resumes from the checkpoint that is chosen', async () => {
    const id = await submit('long');
    await jobs.manager.stopJob(id);
    for (const step of [100, 200]) makeCheckpoint(jobs.manager, id, step);
    answers.set('showQuickPick', choose(/^Step 100$/));
    await resume.run(jobs.host, { job_id: id });
    assert.equal(statusOf(id), 'queued');
    assert.equal(jobs.manager.folderOf(id).read().resume_from, 100);
  });

  it('leaves a run alone where no checkpoint is chosen', async () => {
    const id = await submit('long');
    await jobs.manager.stopJob(id);
    for (const step of [100, 200]) makeCheckpoint(jobs.manager, id, step);
    answers.set('showQuickPick', () => undefined);
    await resume.run(jobs.host, id);
    assert.equal(statusOf(id), 'cancelled');
  });

  it('retries with the same recipe as another job that knows where it came from', async () => {
    const id = await submit('again');
    await jobs.manager.stopJob(id);
    answers.set('showQuickPick', choose(/same recipe/));
    await retry.run(jobs.host, id);
    const [newest] = jobs.manager.listJobs({ status: ['queued'] });
    assert.deepEqual([newest?.retry_of, newest?.config], [id, recipe('again')]);
  });

  it('retries with an edited recipe: it opens as a new file', async () => {
    const id = await submit('my: spell/../x');
    await jobs.manager.stopJob(id);
    const uri = (await retry.run(jobs.host, id, 'edit')) as Uri;
    assert.match(uri.path, /\/my-spell-\.\.-x\.merlina\.json$/);
    assert.deepEqual(JSON.parse(Buffer.from(await workspace.fs.readFile(uri)).toString()), recipe('my: spell/../x'));
    assert.equal(jobs.manager.countJobs(), 1);
  });

  it('deletes after a question that says how much, and nothing without a yes', async () => {
    const id = await submit('gone');
    await jobs.manager.stopJob(id);
    const folder = jobs.manager.folderOf(id).root;
    answers.set('showWarningMessage', () => undefined);
    await deleteJobs.run(jobs.host, { job_id: id });
    assert.ok(existsSync(folder));
    const [question, options] = answers.asked[0] as [string, { modal: boolean; detail: string }];
    assert.equal(question, 'Delete the run gone?');
    assert.match(options.detail, /take \d+ kB\. They go to the trash/);
    answers.set('showWarningMessage', () => 'Delete');
    await deleteJobs.run(jobs.host, { job_id: id });
    assert.equal(jobs.manager.getJob(id), undefined);
    assert.ok(!existsSync(folder));
  });

  it('refuses to delete what runs', async () => {
    const id = await submit('running');
    await jobs.run(id, [STARTED, STEP_120]);
    answers.set('showWarningMessage', () => 'Delete');
    await assert.rejects(async () => deleteJobs.run(jobs.host, id), (error: unknown) => error instanceof ProblemError && /is running/.test(error.message));
  });

  it('moves a job up, and gives it another priority', async () => {
    const [a, b, c] = [await submit('a'), await submit('b'), await submit('c')];
    await moveUp.run(jobs.host, { job_id: c });
    assert.deepEqual(jobs.manager.queue(), [a, c, b]);
    await moveUp.run(jobs.host, a);
    assert.deepEqual(jobs.manager.queue(), [a, c, b], 'the first stays');
    answers.set('showQuickPick', choose(/^High$/));
    await setPriority.run(jobs.host, { job_id: b }, undefined);
    assert.deepEqual(jobs.manager.queue(), [b, a, c]);
  });

  it('keeps tokens in the secret storage, shows none, and removes them', async () => {
    answers.set('showInformationMessage', () => undefined);
    answers.set('showQuickPick', choose(/Hugging Face/));
    answers.set('showInputBox', () => ' hf_secret ');
    await setTokens.run(jobs.host);
    assert.deepEqual([...jobs.secrets], [['HF_TOKEN', 'hf_secret']]);
    const [input] = answers.asked.filter(([options]) => typeof options === 'object' && options !== null && 'password' in options)[0] as [{ password: boolean; value?: string }];
    assert.deepEqual([input.password, input.value], [true, undefined]);
    answers.set('showInputBox', () => undefined);
    await setTokens.run(jobs.host);
    assert.equal(jobs.secrets.size, 1, 'turning back changes nothing');
    answers.set('showInputBox', () => '');
    await setTokens.run(jobs.host);
    assert.equal(jobs.secrets.size, 0);
    assert.ok(!JSON.stringify(answers.asked).includes('hf_secret'));
  });
});

describe('chat', () => {
  let jobs: JobsHost;
  beforeEach(async () => { jobs = await openJobsHost(); });
  afterEach(() => jobs.close());

  it('is with the newest checkpoint of an adapter while a run has no result', async () => {
    const { job_id: id } = await jobs.manager.createJob(recipe('wizard'));
    await jobs.run(id, [STARTED, STEP_120]);
    await assert.rejects(subjectOfJob(jobs.host, id), /has no adapter and no checkpoint of one yet/);
    for (const step of [50, 100]) await workspace.fs.writeFile(Uri.file(`${makeCheckpoint(jobs.manager, id, step)}/adapter_config.json`), Buffer.from('{}'));
    makeCheckpoint(jobs.manager, id, 120);
    const { title, sides } = await subjectOfJob(jobs.host, id);
    assert.equal(title, 'wizard, step 100');
    assert.deepEqual(sides.map(({ side, model, isBase }) => [side, model, isBase]), [['base', 'owner/tiny', true], ['tuned', 'owner/tiny', false]]);
    assert.equal((await subjectOfJob(jobs.host, id, 50)).title, 'wizard, step 50');
    await assert.rejects(subjectOfJob(jobs.host, id, 120), /no checkpoint of an adapter at step 120/);
  });

  it('opens beside the editors, once for the same model', async () => {
    const tabs = () => window.tabGroups.all.flatMap(group => group.tabs).filter(({ input }) => input instanceof TabInputWebview && input.viewType.endsWith('merlina.chat'));
    const item = apprenticeItem(jobs.host);
    await commands.executeCommand('merlina.chat', item);
    const [tab] = await waitFor(() => (tabs().length > 0 ? tabs() : undefined), 'the chat');
    assert.equal(tab!.label, 'Chat: The apprentice');
    await commands.executeCommand('merlina.chat', item);
    assert.equal(tabs().length, 1);
    await window.tabGroups.close(tabs());
  });
});

describe('Merlina: Doctor', () => {
  it('opens a report in Markdown', async function () {
    this.timeout(60_000);
    const report = await commands.executeCommand<string>('merlina.doctor');
    assert.match(report, /^# Merlina: Doctor[\s\S]*\| Merlina \| 0\.1\.0 \|[\s\S]*\| onnxruntime \|/);
    assert.equal(window.activeTextEditor?.document.getText(), report);
    await commands.executeCommand('workbench.action.closeActiveEditor');
  });
});

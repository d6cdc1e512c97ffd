/** What the sidebar's trees show, and how little they redraw. */
import { strict as assert } from 'node:assert';
import { TreeItemCollapsibleState, workspace, type ThemeIcon, type TreeItem } from 'vscode';
import type { JobFilter, JobRecord } from '../../src/jobs';
import type { Jobs } from '../../src/vscode/jobs';
import { apprenticeItem } from '../../src/vscode/models/modelItems';
import { JobsTree, type JobsNode } from '../../src/vscode/sidebar/jobsTree';
import { ModelsTree } from '../../src/vscode/sidebar/modelsTree';
import { SpellbookTree } from '../../src/vscode/sidebar/spellbookTree';
import { openJobsHost, recipe, STARTED, STEP_120, STOPPED, type JobsHost } from './jobsHost';
import { workspaceFile } from './support';

const textOf = (item: TreeItem): string => [item.label, item.description].filter(text => typeof text === 'string' && text !== '').map(String).join(' | ');

describe('the tree of jobs', () => {
  let jobs: JobsHost;
  let tree: JobsTree;
  let redrawn: (string | undefined)[];
  beforeEach(async () => {
    jobs = await openJobsHost();
    tree = new JobsTree(jobs.host.jobs);
    redrawn = [];
    tree.onDidChangeTreeData(node => redrawn.push(node?.kind === 'job' ? node.job_id : undefined));
  });
  afterEach(() => jobs.close());

  const submit = async (name: string): Promise<string> => (await jobs.manager.createJob(recipe(name))).job_id;
  const rows = async (node?: JobsNode): Promise<string[]> => (await tree.getChildren(node)).map(child => textOf(tree.getTreeItem(child)));

  it('opens no history where there is none', async () => {
    const none = new JobsTree({ ...jobs.host.jobs, managerIfAny: async () => undefined } as typeof jobs.host.jobs);
    assert.deepEqual(await none.getChildren(), []);
  });

  it('shows what runs, what waits in its order, then history by day', async () => {
    const running = await submit('running');
    const [first, second] = [await submit('first'), await submit('second')];
    const old = await submit('old');
    await jobs.run(running, [STARTED, STEP_120]);
    await jobs.run(old, [STARTED, STEP_120, STOPPED]);
    await jobs.manager.change(old, job => ({ ...job, state: 'ended' }));
    await jobs.manager.updateJob(second, { before: first });
    assert.deepEqual(await rows(), ['running | step 120/400 · 1.831 · 4 min left', 'second | #1 in the queue', 'first | #2 in the queue', 'Today | 1']);
    const day = (await tree.getChildren()).at(-1)!;
    assert.equal(tree.getTreeItem(day).collapsibleState, TreeItemCollapsibleState.Expanded);
    assert.deepEqual(await rows(day), ['old | Stopped · step 120/400 · 1.831']);
    const item = tree.getTreeItem((await tree.getChildren(day))[0]!);
    assert.equal(item.contextValue, 'job ended stopped resumable folder');
    assert.equal((item.iconPath as ThemeIcon).id, 'debug-pause');
    assert.deepEqual(item.command?.arguments, [old]);
  });

  it('redraws only the row of a job that goes on, and all when one moves', async () => {
    const [a, b] = [await submit('a'), await submit('b')];
    await jobs.run(a, [STARTED]);
    await tree.getChildren();
    await jobs.run(a, [STARTED, STEP_120]);
    await tree.update([a]);
    assert.deepEqual(redrawn, [a]);
    await jobs.manager.stopJob(b);
    await tree.update([b]);
    assert.deepEqual(redrawn, [a, undefined]);
    const c = await submit('c');
    await tree.update([c]);
    assert.deepEqual(redrawn, [a, undefined, undefined]);
  });

  it('shows a page of a long history, and more on request', async () => {
    const pattern = jobs.manager.requireJob(await submit('pattern'));
    const history = Array.from({ length: 450 }, (_, i): JobRecord => ({ ...pattern, job_id: `job_${i}`, created_at: new Date(2026, 0, 1, 0, -i).toISOString(), status: 'completed' }));
    const asked = ({ status }: JobFilter) => history.filter(job => status?.includes(job.status));
    const manager = { listJobs: (filter: JobFilter) => asked(filter).slice(0, filter.limit), countJobs: (filter: JobFilter) => asked(filter).length, queue: () => [] };
    tree = new JobsTree({ managerIfAny: async () => manager } as unknown as Jobs);
    const countShown = async (): Promise<number> => {
      const days = (await tree.getChildren()).filter(node => node.kind === 'day');
      return days.reduce((sum, day) => sum + day.jobs.length, 0);
    };
    assert.equal(await countShown(), 200);
    assert.equal((await rows()).at(-1), 'Show more… | 250 older');
    tree.showMore();
    tree.showMore();
    assert.equal(await countShown(), 450);
    assert.notEqual((await rows()).at(-1)?.startsWith('Show more'), true);
  });

  it('filters by text and status', async () => {
    const [wizard, pirate] = [await submit('wizard'), await submit('pirate')];
    await jobs.manager.stopJob(pirate);
    tree.setFilter({ text: 'WIZ', statuses: [] });
    assert.deepEqual((await tree.getChildren()).map(node => node.kind === 'job' && node.job_id), [wizard]);
    tree.setFilter({ text: '', statuses: ['cancelled'] });
    assert.deepEqual(await rows(), ['Today | 1']);
    tree.setFilter({ text: 'nothing has this name', statuses: [] });
    assert.deepEqual(await tree.getChildren(), []);
  });

  it('draws a hostile name as it is spelled', async () => {
    await submit('$(flame)\u202egnp\u001b[31m');
    const [node] = await tree.getChildren();
    assert.equal(tree.getTreeItem(node!).label, '$(flame)\\u{202e}gnp\\e[31m');
  });
});

describe('the tree of models', () => {
  let jobs: JobsHost;
  beforeEach(async () => { jobs = await openJobsHost(); });
  afterEach(() => jobs.close());

  it('has the apprentice, and GGUF files of the workspace', async () => {
    await workspace.fs.writeFile(workspaceFile('tiny.gguf'), Buffer.alloc(2048));
    const tree = new ModelsTree(jobs.host);
    const groups = await tree.getChildren();
    const labels = groups.map(node => textOf(tree.getTreeItem(node)));
    assert.ok(labels.includes('Built in') && labels.includes('GGUF files of the workspace'), labels.join());
    assert.ok(!labels.includes('Trained here'), 'a place with nothing in it is not shown');
    const [apprentice] = await tree.getChildren(groups[0]);
    assert.equal(tree.getTreeItem(apprentice!).contextValue, 'model apprentice');
    assert.deepEqual(apprentice, apprenticeItem(jobs.host));
    const files = await tree.getChildren(groups[labels.indexOf('GGUF files of the workspace')]);
    assert.deepEqual(files.map(node => textOf(tree.getTreeItem(node))), ['tiny.gguf | 3 kB']);
  });
});

describe('the Spellbook', () => {
  it('lists the recipes of the workspace; a click opens one', async () => {
    await workspace.fs.writeFile(workspaceFile('spells/owl.merlina.json'), Buffer.from('{}'));
    const tree = new SpellbookTree();
    const uris = await tree.getChildren();
    const items = uris.map(uri => tree.getTreeItem(uri));
    const owl = items.find(({ label }) => label === 'owl');
    assert.equal(owl?.description, 'spells');
    assert.equal(owl?.command?.command, 'vscode.open');
    tree.dispose();
  });
});

import { strict as assert } from 'node:assert';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gatherEnvironment, PreflightValidator } from '../../src/preflight';
import type { PreflightReport } from '../../src/preflight';
import { hasWandbKey } from '../../src/preflight/accounts';
import { makeRecipe } from '../../src/recipe';
import type { Recipe, RecipeInput } from '../../src/recipe';
import { renderProblem } from '../../src/shared/problem';
import { HubServer } from '../models/hubServer';
import { TINY_MODEL, tinyRecipe } from '../training/tinyRun';

type Hub = NonNullable<Parameters<typeof gatherEnvironment>[1]['hub']>;
const MODEL_FILES = ['config.json', 'tokenizer.json', 'tokenizer_config.json', 'model.safetensors', 'chat_template.jinja', 'generation_config.json'];

describe('preflight against the hub', function () {
  this.timeout(20_000);
  let folder: string, datasets: HubServer, models: HubServer, count = 0;
  before(() => { folder = mkdtempSync(path.join(tmpdir(), 'merlina-preflight-hub-')); });
  after(() => rmSync(folder, { recursive: true }));
  beforeEach(async () => {
    count++;
    const rows = readFileSync(tinyRecipe(folder).dataset.source.file_path!);
    datasets = new HubServer('tiny/rows', new Map([['train.jsonl', rows], ['test.jsonl', rows]]), 'dataset');
    models = new HubServer('tiny/llama', new Map(MODEL_FILES.flatMap(name => {
      const bytes = read(path.join(TINY_MODEL, name));
      return bytes ? [[name, bytes] as const] : [];
    })));
    await Promise.all([datasets.start(), models.start()]);
  });
  afterEach(() => Promise.all([datasets.stop(), models.stop()]));

  const report = async (recipe: Recipe, hub: Hub, timeoutMs?: number): Promise<PreflightReport> =>
    new PreflightValidator().validate(recipe, await gatherEnvironment(recipe, {
      baseDir: folder, runDirectory: path.join(folder, 'run'), runExists: false, backends: ['embedded'], environment: {}, hub: { cacheDir: path.join(folder, `cache-${count}`), token: 'hf_secret', retryDelayMs: 1, ...hub },
      ...(timeoutMs !== undefined && { timeoutMs }),
    }));
  const withSource = (source: object): Recipe => tinyRecipe(folder, { dataset: { source: { source_type: 'huggingface', repo_id: 'tiny/rows', ...source }, test_size: 0.2 } });
  const withModel = (): Recipe => tinyRecipe(folder, { base_model: 'tiny/llama' });
  const shown = ({ checks }: PreflightReport, check: string): string[] => checks[check]!.problems.map(renderProblem);

  describe('dataset', () => {
    const ask = (source: object = {}, hub: Hub = {}, timeoutMs?: number): Promise<PreflightReport> => report(withSource(source), { endpoint: datasets.endpoint, ...hub }, timeoutMs);

    it('passes with its rows read where it is small, and asks nobody the next time', async () => {
      const { checks } = await ask();
      assert.deepEqual([checks.dataset!.status, checks.dataset!.problems], ['pass', []]);
      assert.match(checks.dataset!.details, /^6 rows to train, 2 to evaluate;/);
      datasets.requests.length = 0;
      assert.equal((await ask()).checks.dataset!.status, 'pass');
      assert.deepEqual(datasets.requests, []);
    });

    it('is not brought where it is large: may it be read, and how much is it', async () => {
      datasets.files.set('train.jsonl', Buffer.alloc(9 * 2 ** 20, 0x20));
      datasets.files.set('README.md', Buffer.from('# Rows'));
      const { checks, valid } = await ask();
      assert.deepEqual([valid, checks.dataset!.status, checks.dataset!.details], [true, 'unknown', 'not read, 9 MB to download']);
      assert.match(checks.dataset!.problems[0]!.text, /^The rows of "tiny\/rows" could not be checked: 9 MB of it are still on the hub, and are downloaded when training begins\.$/);
      assert.deepEqual(datasets.transfers, ['README.md']);
      assert.equal((await ask()).checks.dataset!.status, 'unknown', 'its list is kept, its rows are not here');
      assert.deepEqual((await ask({}, { isOffline: true })).errors.map(({ id }) => id), ['dataset/offline']);
      datasets.fileRefusal = { status: 403, code: 'GatedRepo' };
      const refused = await ask();
      assert.deepEqual([refused.valid, refused.checks.dataset!.problems[0]!.id], [false, 'dataset/gated']);
    });

    const mendable: [string, object, string][] = [
      ['a split that is not there', { split: 'trian' }, 'dataset/no-such-split'],
      ['a part of a split', { split: 'train[:50%]' }, 'dataset/no-such-split'],
    ];
    for (const [what, source, id] of mendable) it(`fails for ${what}, and its fix makes it pass`, async () => {
      const failed = await ask(source);
      const [problem] = failed.errors;
      assert.deepEqual([failed.checks.dataset!.status, problem!.id], ['fail', id]);
      const { key, value } = problem!.fix!.set!;
      assert.equal((await ask({ ...source, [key.replace('dataset.source.', '')]: value })).checks.dataset!.status, 'pass');
    });

    it('fails for a configuration that has to be named, and its fix makes it pass', async () => {
      datasets.files.set('README.md', Buffer.from('---\nconfigs:\n- config_name: one\n  data_files: train.jsonl\n- config_name: two\n  data_files: test.jsonl\n---\n'));
      const { errors: [problem] } = await ask();
      assert.deepEqual([problem!.id, problem!.fix!.set], ['dataset/config-needed', { key: 'dataset.source.config_name', value: 'one' }]);
      assert.equal((await ask({ config_name: 'one' })).checks.dataset!.status, 'pass');
    });

    it('fails without a token where it is gated, and passes with one that has access', async () => {
      datasets.fileRefusal = { status: 401, code: 'GatedRepo' };
      assert.match(shown(await ask(), 'dataset')[0]!, /^"dataset\.source\.repo_id": "tiny\/rows" is gated: .* Accept its terms at http/);
      datasets.fileRefusal = undefined;
      assert.equal((await ask()).checks.dataset!.status, 'pass');
    });

    it('fails where there is no such dataset, in every source', async () => {
      datasets.refusal = { status: 404, code: 'RepoNotFound' };
      const recipe = tinyRecipe(folder);
      const other = { ...recipe.dataset.source, source_type: 'huggingface' as const, repo_id: 'tiny/rows', file_path: null };
      const found = await report(makeRecipe({ ...recipe, dataset: { ...recipe.dataset, additional_sources: [other], eval_source: other } } as RecipeInput), { endpoint: datasets.endpoint });
      assert.deepEqual(found.errors.map(({ id, where }) => [id, where?.field]), [['dataset/no-such-dataset', 'dataset.additional_sources.0.repo_id'], ['dataset/no-such-dataset', 'dataset.eval_source.repo_id']]);
    });

    it('fails offline where it is not cached', async () => {
      const { checks } = await ask({}, { isOffline: true });
      assert.deepEqual([checks.dataset!.status, checks.dataset!.problems[0]!.id], ['fail', 'dataset/offline']);
      assert.deepEqual(datasets.requests, []);
    });

    it('says that it could not be checked where the hub is not reached', async () => {
      const { endpoint } = datasets;
      await datasets.stop();
      const { checks, valid } = await ask({}, { endpoint });
      await datasets.start();
      assert.deepEqual([valid, checks.dataset!.status], [true, 'unknown']);
      assert.equal(checks.dataset!.problems[0]!.text, `The rows of "tiny/rows" could not be checked: it is not in the cache, and ${endpoint} could not be reached.`);
    });
  });

  describe('model', () => {
    const ask = (hub: Hub = {}, timeoutMs?: number): Promise<PreflightReport> => report(withModel(), { endpoint: models.endpoint, ...hub }, timeoutMs);

    it('passes with what its small files say, and its weights are not brought', async () => {
      const { checks } = await ask();
      assert.deepEqual([checks.model!.status, checks.model!.problems], ['pass', []]);
      assert.match(checks.model!.details, /^tiny\/llama is on the hub and will be downloaded \(1 MB\) \(llama, \d+ layers\)$/);
      assert.deepEqual(models.transfers.sort(), ['config.json', 'tokenizer_config.json']);
    });

    it('fails where it has no weights that are read, no tokenizer or no template, and warns without a stop token', async () => {
      models.files.delete('tokenizer.json');
      assert.deepEqual((await ask()).errors.map(({ id }) => id), ['preflight/no-tokenizer']);
      models.files.set('tokenizer.json', Buffer.from('{}'));
      const config = JSON.parse(models.files.get('tokenizer_config.json')!.toString()) as Record<string, unknown>;
      delete config.eos_token;
      delete config.chat_template;
      models.files.delete('chat_template.jinja');
      models.files.set('tokenizer_config.json', Buffer.from(JSON.stringify(config)));
      const found = await ask();
      assert.deepEqual(found.checks.model!.problems.map(({ id }) => id), ['preflight/no-chat-template', 'preflight/no-stop-token']);
      models.files.delete('model.safetensors');
      models.files.set('pytorch_model.bin', Buffer.from('x'));
      assert.deepEqual((await ask()).checks.model!.problems.map(({ id, where }) => [id, where?.field]), [['models/pytorch-only', 'base_model']]);
    });

    const refusals: [string, { status: number; code?: string }, string][] = [
      ['gated', { status: 403, code: 'GatedRepo' }, 'models/gated'], ['not there', { status: 404, code: 'RepoNotFound' }, 'models/no-such-model'], ['without access', { status: 403 }, 'models/no-access'],
    ];
    for (const [what, refusal, id] of refusals) it(`fails where it is ${what}, and no answer holds the token`, async () => {
      models.fileRefusal = refusal;
      const found = await ask();
      assert.deepEqual([found.checks.model!.status, found.errors[0]!.id, found.errors[0]!.where?.field], ['fail', id, 'base_model']);
      assert.ok(!JSON.stringify(found).includes('hf_secret'));
    });

    it('fails offline where it is not cached', async () => {
      const { checks } = await ask({ isOffline: true });
      assert.deepEqual([checks.model!.status, checks.model!.problems[0]!.id], ['fail', 'models/offline']);
    });

    it('says that it could not be checked where the hub is not reached', async () => {
      const { endpoint } = models;
      await models.stop();
      const { checks } = await ask({ endpoint });
      await models.start();
      assert.deepEqual([checks.model!.status, checks.model!.problems.map(({ text }) => text)], ['unknown', [`"tiny/llama" could not be checked: it is not in the cache, and ${endpoint} could not be reached.`]]);
    });
  });

  describe('a hub that does not answer', () => {
    let silent: Server;
    before(async () => {
      silent = createServer(() => undefined);
      await new Promise<void>(done => silent.listen(0, '127.0.0.1', done));
    });
    after(() => {
      silent.closeAllConnections();
      silent.close();
    });

    it('is waited for only so long, by all that ask it', async () => {
      const recipe = tinyRecipe(folder, { base_model: 'tiny/llama', push_to_hub: true, dataset: { source: { source_type: 'huggingface', repo_id: 'tiny/rows' } } });
      const { checks } = await report(recipe, { endpoint: `http://127.0.0.1:${(silent.address() as AddressInfo).port}` }, 200);
      for (const check of ['model', 'dataset', 'tokens']) {
        assert.equal(checks[check]!.status, 'unknown');
        assert.match(checks[check]!.problems[0]!.text, /could not be checked: .*http:\S+ did not answer within 0\.2 s\.$/);
      }
    });
  });

  describe('tokens', () => {
    const ask = (changes: Partial<RecipeInput> = {}, hub: Hub = {}): Promise<PreflightReport> => report(tinyRecipe(folder, { push_to_hub: true, ...changes }), { endpoint: datasets.endpoint, ...hub });
    const me = (accessToken: object): object => ({ name: 'me', orgs: [{ name: 'us', roleInOrg: 'write' }, { name: 'readers', roleInOrg: 'read' }], auth: { accessToken } });

    const accounts: [string, object | undefined, Partial<RecipeInput>, string, string?][] = [
      ['may write', me({ role: 'write' }), {}, 'pass'],
      ['may write to an organisation', me({ role: 'write' }), { hf_namespace: 'us' }, 'pass'],
      ['may not write to another', me({ role: 'write' }), { hf_namespace: 'readers' }, 'warn', 'preflight/hub-namespace'],
      ['may only read', me({ role: 'read' }), {}, 'warn', 'preflight/hub-token-read-only'],
      ['was given one organisation', me({ role: 'fineGrained', fineGrained: { scoped: [{ entity: { type: 'org', name: 'us' }, permissions: ['repo.content.read', 'repo.write'] }] } }), {}, 'warn', 'preflight/hub-namespace'],
      ['is not known', undefined, {}, 'fail', 'preflight/hub-token-refused'],
    ];
    for (const [what, account, changes, status, id] of accounts) it(`of which the hub says that it ${what}: ${status}${id === undefined ? '' : ', and its fix makes it pass'}`, async () => {
      datasets.account = account;
      const { checks } = await ask(changes), [problem] = checks.tokens!.problems;
      assert.deepEqual([checks.tokens!.status, problem?.id], [status, id]);
      if (!problem) return;
      const { key, value } = problem.fix!.set!;
      assert.equal((await ask({ ...changes, [key]: value })).checks.tokens!.status, 'pass');
    });

    it('is not asked about where nothing is uploaded', async () => {
      await ask({ push_to_hub: false });
      assert.deepEqual(datasets.requests, []);
    });

    it('of W&B are found where its own tools look', async () => {
      const netrc = path.join(folder, 'netrc');
      writeFileSync(netrc, 'machine api.wandb.ai\n  login user\n  password secret\n');
      const found = [{ NETRC: '/nowhere' }, { NETRC: '/nowhere', WANDB_API_KEY: 'k' }, { NETRC: netrc }, { NETRC: netrc, WANDB_BASE_URL: 'https://wandb.example' }, { NETRC: '/nowhere', WANDB_MODE: 'offline' }];
      assert.deepEqual(await Promise.all(found.map(hasWandbKey)), [false, true, true, false, true]);
    });
  });
});

function read(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}

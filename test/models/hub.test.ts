import assert from 'node:assert/strict';
import { existsSync, lstatSync, mkdirSync, readFileSync, readdirSync, readlinkSync, realpathSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { downloadModel } from '../../src/models/hub';
import { hubCacheDir, hubSettings } from '../../src/models/hub/settings';
import { openModel } from '../../src/models/openModel';
import { renderProblem } from '../../src/shared/problem';
import { HubServer, commit, gitId, sha256 } from './hubServer';
import { modelFolder, problemOf, temporaryFolder } from './support';

const id = 'tiny/mistral', shards = ['model-00001-of-00002.safetensors', 'model-00002-of-00002.safetensors'];
const texts = ['chat_template.jinja', 'config.json', 'generation_config.json', 'model.safetensors.index.json', 'tokenizer.json', 'tokenizer_config.json'];

describe('a model from the hub', () => {
  const folder = temporaryFolder();
  let server: HubServer, cacheDir: string, count = 0;
  const repo = (): string => join(cacheDir, 'models--tiny--mistral');
  const options = (): { cacheDir: string; endpoint: string; token: string; retryDelayMs: number } => ({ cacheDir, endpoint: server.endpoint, token: 'hf_secret', retryDelayMs: 1 });

  beforeEach(async () => {
    const files = new Map([...texts, ...shards].map(name => [name, readFileSync(join(modelFolder('mistral'), name))]));
    for (const name of ['README.md', 'pytorch_model.bin', 'model.gguf', 'tf_model.h5', 'onnx_model.onnx']) files.set(name, Buffer.from(name));
    server = new HubServer(id, files);
    await server.start();
    cacheDir = join(folder, `cache-${count++}`);
  });
  afterEach(() => server.stop());

  it('is laid out as Python tools lay it out, and is the model', async () => {
    const model = await openModel(id, options());
    assert.equal(model.revision, commit);
    assert.equal(model.config.model_type, 'mistral');
    assert.equal(model.tensors.size, 21);
    assert.equal(readFileSync(join(repo(), 'refs/main'), 'utf8'), commit);
    assert.deepEqual(readdirSync(join(repo(), 'snapshots', commit)).sort(), [...shards, ...texts].sort());
    for (const name of [...texts, ...shards]) {
      const bytes = server.files.get(name)!, link = join(repo(), 'snapshots', commit, name), etag = bytes.length >= 2000 ? sha256(bytes) : gitId(bytes);
      assert.ok(lstatSync(link).isSymbolicLink());
      assert.equal(readlinkSync(link), join('..', '..', 'blobs', etag));
      assert.deepEqual(readFileSync(link), bytes);
    }
    assert.deepEqual(readdirSync(join(repo(), 'blobs')).filter(name => name.endsWith('.incomplete')), []);
  });

  it('brings only what a model needs, once', async () => {
    assert.ok((await downloadModel(id, options())).downloadedBytes > 200_000);
    assert.deepEqual(server.transfers.sort(), [...shards, ...texts].sort());
    server.requests.length = 0;
    const again = await downloadModel(id, options());
    assert.deepEqual([again.downloadedBytes, again.isFromCache, server.transfers], [0, false, []]);
  });

  it('uses blobs that another program brought', async () => {
    const bytes = server.files.get(shards[0]!)!;
    mkdirSync(join(repo(), 'blobs'), { recursive: true });
    writeFileSync(join(repo(), 'blobs', sha256(bytes)), bytes);
    await downloadModel(id, options());
    assert.deepEqual(server.transfers.sort(), [shards[1], ...texts].sort());
  });

  it('is brought once by two that start together, and a lock that a dead process left does not stop it', async () => {
    const [first] = shards, lock = join(repo(), 'blobs', `${sha256(server.files.get(first!)!)}.incomplete.lock`);
    mkdirSync(join(repo(), 'blobs'), { recursive: true });
    writeFileSync(lock, '1');
    utimesSync(lock, 0, 0);
    await Promise.all([downloadModel(id, options()), downloadModel(id, options())]);
    assert.deepEqual(server.transfers.sort(), [...shards, ...texts].sort());
    assert.deepEqual(readdirSync(join(repo(), 'blobs')).filter(name => name.includes('.incomplete')), []);
  });

  it('sends the token to the hub and to no other host', async () => {
    await downloadModel(id, options());
    assert.deepEqual(new Set(server.requests.map(({ host, authorization }) => `${host} ${authorization}`)), new Set(['hub Bearer hf_secret', 'cdn undefined']));
  });

  it('tells how far it is', async () => {
    const seen: { file: string; doneBytes: number; totalBytes: number }[] = [];
    await downloadModel(id, { ...options(), onProgress: progress => { seen.push(progress); } });
    const weights = seen.filter(({ file }) => shards.includes(file)), total = shards.reduce((sum, name) => sum + server.files.get(name)!.length, 0);
    assert.deepEqual(weights.at(-1), { file: shards[1], doneBytes: total, totalBytes: total });
    weights.slice(1).forEach(({ doneBytes }, i) => assert.ok(doneBytes >= weights[i]!.doneBytes));
  });

  describe('interrupted', () => {
    it('goes on by itself from the byte where the connection broke', async () => {
      server.cuts.set(shards[0]!, [50_000, 30_000]);
      await downloadModel(id, options());
      const ranges = server.requests.filter(({ path, host }) => host === 'cdn' && path.includes(shards[0]!)).map(({ range }) => range);
      const size = server.files.get(shards[0]!)!.length;
      assert.deepEqual(ranges, [undefined, `bytes=50000-${size - 1}`, `bytes=80000-${size - 1}`]);
    });

    it('gives up with a Problem where nothing more comes, and resumes the next time', async () => {
      server.cuts.set(shards[0]!, [50_000, ...Array<number>(20).fill(0)]);
      assert.match(renderProblem(await problemOf(() => downloadModel(id, options()))), /cannot reach http:.* to load "tiny\/mistral".* what was downloaded is kept/);
      const partial = join(repo(), 'blobs', `${sha256(server.files.get(shards[0]!)!)}.incomplete`);
      assert.equal(readFileSync(partial).length, 50_000);
      server.cuts.clear();
      server.requests.length = 0;
      const { downloadedBytes } = await downloadModel(id, options());
      assert.equal(downloadedBytes, shards.reduce((sum, name) => sum + server.files.get(name)!.length, 0) - 50_000);
      assert.ok(server.requests.some(({ range }) => range?.startsWith('bytes=50000-')));
      assert.ok(!existsSync(partial));
    });

    it('begins again where the server does not resume', async () => {
      server.cuts.set(shards[0]!, [50_000]);
      server.ignoresRanges = true;
      await downloadModel(id, options());
      assert.deepEqual(readFileSync(join(repo(), 'snapshots', commit, shards[0]!)), server.files.get(shards[0]!));
    });

    it('begins again where the part on disk is of something else', async () => {
      const partial = join(repo(), 'blobs', `${sha256(server.files.get(shards[0]!)!)}.incomplete`);
      mkdirSync(join(repo(), 'blobs'), { recursive: true });
      writeFileSync(partial, Buffer.alloc(1000, 7));
      await downloadModel(id, options());
      assert.deepEqual(readFileSync(join(repo(), 'snapshots', commit, shards[0]!)), server.files.get(shards[0]!));
    });

    it('stops at once when asked to, and keeps what came', async () => {
      const stop = new AbortController();
      await assert.rejects(downloadModel(id, { ...options(), signal: stop.signal, onProgress: ({ file }) => { if (file === shards[0]) stop.abort(); } }), { name: 'AbortError' });
      assert.ok(!existsSync(join(repo(), 'refs/main')));
    });
  });

  describe('damaged', () => {
    for (const [what, name] of [['a large file', shards[0]!], ['a small file', 'config.json']] as const)
      it(`is refused: ${what} with another checksum`, async () => {
        const wrong = Buffer.from(server.files.get(name)!);
        wrong[wrong.length - 9]! ^= 1;
        server.replaced.set(name, wrong);
        const problem = await problemOf(() => downloadModel(id, options()));
        assert.match(renderProblem(problem), new RegExp(`^${name}: what was downloaded has not the (SHA-256|git object id) [0-9a-f]+ that the hub states\\.`));
        assert.ok(!existsSync(join(repo(), 'snapshots', commit, name)));
        assert.ok(!existsSync(join(repo(), 'refs/main')));
        server.replaced.clear();
        await downloadModel(id, options());
      });

    it('is refused: a file longer than stated', async () => {
      server.replaced.set(shards[1]!, Buffer.concat([server.files.get(shards[1]!)!, Buffer.alloc(10)]));
      assert.match(renderProblem(await problemOf(() => downloadModel(id, options()))), /model-00002-of-00002\.safetensors: the server sends more than the \d+ bytes that the hub states/);
    });
  });

  describe('offline', () => {
    it('comes from the cache and asks nobody', async () => {
      await downloadModel(id, options());
      server.requests.length = 0;
      const cached = await downloadModel(id, { ...options(), isOffline: true });
      assert.deepEqual([cached.commit, cached.isFromCache, server.requests.length], [commit, true, 0]);
      assert.equal((await downloadModel(id, { ...options(), isOffline: true, revision: commit })).commit, commit);
    });

    it('says so where it is not there', async () => {
      assert.match(renderProblem(await problemOf(() => downloadModel(id, { ...options(), isOffline: true }))), /^"tiny\/mistral" \(revision "main"\) is not in the cache .*, and offline mode is on\. Unset HF_HUB_OFFLINE/);
    });

    it('comes from the cache where the hub cannot be reached', async () => {
      await downloadModel(id, options());
      const asked = options();
      await server.stop();
      const cached = await downloadModel(id, asked);
      await server.start();
      assert.deepEqual([cached.commit, cached.isFromCache], [commit, true]);
    });
  });

  describe('refused', () => {
    const cases: [string, { status: number; code?: string }, RegExp][] = [
      ['gated', { status: 403, code: 'GatedRepo' }, /"tiny\/mistral" is gated: the token that was sent has no access to it \(HTTP 403\)\. Accept its terms at http:.*\/tiny\/mistral, then set HF_TOKEN/],
      ['without access', { status: 401 }, /the hub refuses "tiny\/mistral" \(HTTP 401\): the token that was sent is not valid or may not read it\./],
      ['not there', { status: 404, code: 'RepoNotFound' }, /no such model: "tiny\/mistral" at http:.* \(HTTP 404\)\. Check the spelling, and that the token may read it\./],
      ['as if not there, without a token', { status: 401, code: 'RepoNotFound' }, /no such model: "tiny\/mistral"/],
      ['for too many requests', { status: 429 }, /answers with HTTP 429.* Too many requests: wait a few minutes/],
      ['for trouble at the hub', { status: 503 }, /answers with HTTP 503 for "tiny\/mistral"\. Try again later/],
    ];
    for (const [what, refusal, text] of cases) it(what, async () => {
      server.refusal = refusal;
      assert.match(renderProblem(await problemOf(() => downloadModel(id, options()))), text);
    });

    it('for a revision that is not there, or not a name', async () => {
      assert.match(renderProblem(await problemOf(() => downloadModel(id, { ...options(), revision: 'v9' }))), /"tiny\/mistral" has no revision "v9" \(HTTP 404\)/);
      assert.match(renderProblem(await problemOf(() => downloadModel(id, { ...options(), revision: '../../x' }))), /"\.\.\/\.\.\/x" is not the name of a branch, tag or commit/);
    });

    it('where there is no network', async () => {
      const asked = options();
      await server.stop();
      assert.match(renderProblem(await problemOf(() => openModel(id, asked))), /cannot reach http:\/\/127\.0\.0\.1:\d+ to load "tiny\/mistral" \(ECONNREFUSED\)\. Check the connection and proxy/);
      await server.start();
    });

    it('where it has no safetensors, or not all', async () => {
      for (const name of [...shards, 'model.safetensors.index.json', 'model.gguf']) server.files.delete(name);
      assert.match(renderProblem(await problemOf(() => downloadModel(id, options()))), /has its weights in pytorch_model\.bin only, a pickle/);
      server.files.set('model.safetensors.index.json', readFileSync(join(modelFolder('mistral'), 'model.safetensors.index.json')));
      assert.match(renderProblem(await problemOf(() => downloadModel(id, options()))), /lacks 2 of 2 shards that its index names/);
      server.files.set('model.safetensors.index.json', Buffer.from('{"weight_map":{"a":"../../evil.safetensors"}}'));
      assert.match(renderProblem(await problemOf(() => downloadModel(id, options()))), /has no usable "weight_map"/);
    });
  });

  it('lies on this disk where its links lead', async () => {
    const { tensors } = await openModel(id, options()), blobs = join(realpathSync(cacheDir), 'models--tiny--mistral', 'blobs');
    for (const { file } of tensors.values()) assert.ok(file.startsWith(blobs));
  });

  it('is looked for as Python tools do: variables, token file, endpoint', async () => {
    assert.equal(hubCacheDir({ HF_HUB_CACHE: '/a', HUGGINGFACE_HUB_CACHE: '/b', HF_HOME: '/c' }), '/a');
    assert.equal(hubCacheDir({ HUGGINGFACE_HUB_CACHE: '/b', HF_HOME: '/c' }), '/b');
    assert.equal(hubCacheDir({ HF_HOME: '/c' }), join('/c', 'hub'));
    assert.match(hubCacheDir({}), /\.cache[/\\]huggingface[/\\]hub$/);
    mkdirSync(join(folder, 'home'));
    writeFileSync(join(folder, 'home/token'), 'hf_from_file\n');
    const settings = await hubSettings({}, { HF_HOME: join(folder, 'home'), HF_ENDPOINT: 'https://mirror.example/', HF_HUB_OFFLINE: 'yes' });
    assert.deepEqual([settings.token, settings.endpoint, settings.isOffline], ['hf_from_file', 'https://mirror.example', true]);
    assert.equal((await hubSettings({}, { HF_HOME: join(folder, 'home'), HF_TOKEN: 'hf_from_environment' })).token, 'hf_from_environment');
  });
});

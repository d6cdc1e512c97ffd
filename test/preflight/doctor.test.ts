import { strict as assert } from 'node:assert';
import os from 'node:os';
import { diagnose, examine } from '../../src/preflight/doctor';
import type { DoctorReport } from '../../src/preflight/doctor';
import { doctorMarkdown } from '../../src/preflight/doctorReport';

const GiB = 2 ** 30;
const WELL: Omit<DoctorReport, 'problems'> = {
  system: { platform: 'linux-x64', cpu: 'a processor', cpuFeatures: ['avx2'], node: '20.20.2' },
  machine: { cores: 4, memoryBytes: 16 * GiB, freeMemoryBytes: 8 * GiB, freeDiskBytes: 100 * GiB },
  runtime: { version: '1.30.0', providers: [{ name: 'cpu', works: true }] },
  pythons: [], tokens: { huggingFace: false, wandb: false },
  hub: { endpoint: 'https://huggingface.co', cache: '~/.cache', isOffline: false, isReachable: true },
  network: [],
};
const ids = (changes: Partial<typeof WELL>): string[] => diagnose({ ...WELL, ...changes }).map(({ id }) => id);

describe('the doctor', function () {
  this.timeout(40_000);

  it('finds nothing wrong with a machine that is well', () => assert.deepEqual(ids({}), []));
  it('names an old Node', () => assert.deepEqual(ids({ system: { ...WELL.system, node: '18.19.0' } }), ['doctor/node']));
  it('names a processor without AVX2', () => assert.deepEqual(ids({ system: { ...WELL.system, cpuFeatures: ['avx'] } }), ['doctor/cpu']));
  it('names a runtime that does not load', () => assert.deepEqual(ids({ runtime: { version: undefined, providers: [], error: 'no binary' } }), ['doctor/runtime']));
  it('takes a missing GPU for a note, a broken CPU provider for an error', () => {
    const found = diagnose({ ...WELL, runtime: { version: '1', providers: [{ name: 'cpu', works: false }, { name: 'cuda', works: false, error: 'no library' }] } });
    assert.deepEqual(found.map(({ severity }) => severity), ['error', 'info']);
  });
  it('names little memory, little disk and a hub out of reach', () =>
    assert.deepEqual(ids({ machine: { ...WELL.machine, freeMemoryBytes: 1, freeDiskBytes: 1 }, hub: { ...WELL.hub, isReachable: false } }), ['doctor/memory', 'doctor/disk', 'doctor/hub']));

  it('writes a report for an issue: problems with what to do, then what was found', () => {
    const sick = { ...WELL, hub: { ...WELL.hub, endpoint: 'https://a|b', isReachable: false } };
    const markdown = doctorMarkdown({ ...sick, problems: diagnose(sick) }, [['Merlina', '0.1.0 in VS Code 1.100']]);
    assert.match(markdown, /^# Merlina: Doctor\n\n- \*\*warning\*\*: https:\/\/a\|b could not be reached within 5 s\. Check the connection/);
    assert.match(markdown, /\| Merlina \| 0\.1\.0 in VS Code 1\.100 \|\n\| system \| linux-x64, Node 20\.20\.2 \|/);
    assert.match(markdown, /\| hub \| https:\/\/a\\\|b not reachable/);
    assert.match(doctorMarkdown({ ...WELL, problems: [] }), /\n\nAll is well\.\n\n/);
  });

  it('runs the CPU provider here, and tells neither tokens nor proxy passwords', async () => {
    const environment = {
      PATH: process.env.PATH, HOME: os.tmpdir(), HF_TOKEN: 'hf_SECRET1', WANDB_API_KEY: 'SECRET2', HTTPS_PROXY: 'http://user:SECRET3@proxy:8080', HF_ENDPOINT: 'https://user:SECRET4@mirror.example',
    };
    const report = await examine({ folder: os.tmpdir(), environment, fetch: () => Promise.resolve(new Response(null, { status: 200 })) });
    assert.ok(report.runtime.providers.some(({ name, works }) => name === 'cpu' && works), JSON.stringify(report.runtime));
    assert.deepEqual(report.tokens, { huggingFace: true, wandb: true });
    assert.deepEqual(report.network, ['HTTPS_PROXY']);
    assert.doesNotMatch(JSON.stringify(report), /SECRET/);
  });
});

import { strict as assert } from 'node:assert';
import os from 'node:os';
import { featuresOfLinux, featuresOfMacos } from '../../src/preflight/cpuFeatures';
import { diagnose, examine } from '../../src/preflight/doctor';
import type { DoctorReport } from '../../src/preflight/doctor';
import { doctorLines, doctorMarkdown } from '../../src/preflight/doctorReport';
import { CARD } from './literals';

const GiB = 2 ** 30;
const WELL: Omit<DoctorReport, 'problems'> = {
  system: { platform: 'linux-x64', cpu: 'a processor', cpuFeatures: ['avx2'], node: '20.20.2' },
  machine: { cores: 4, memoryBytes: 16 * GiB, freeMemoryBytes: 8 * GiB, freeDiskBytes: 100 * GiB },
  runtime: { version: '1.30.0', providers: [{ name: 'cpu', works: true }] },
  device: { device: 'cpu', reason: 'The CPU computes: there is no graphics card.' }, gpus: [], missingFiles: [], pythons: [], tokens: { huggingFace: false, wandb: false },
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
  it('names a certificate file that is not there', () => assert.deepEqual(ids({ missingFiles: ['NODE_EXTRA_CA_CERTS'] }), ['doctor/certificates']));
  it('tells of a card that no torch computes on', () => {
    const python = { executable: 'python3', version: '3.11.7', packages: { torch: '2.13.0' } };
    assert.deepEqual(ids({ gpus: [CARD], pythons: [python] }), ['doctor/torch-without-cuda']);
    assert.deepEqual(ids({ gpus: [CARD], pythons: [python, { ...python, cuda: '12.8' }] }), []);
    assert.deepEqual(ids({ gpus: [CARD], pythons: [{ ...python, packages: {} }] }), []);
  });
  it('shows cards with driver and memory, and one that shares the machine\'s', () => {
    const lines = new Map(doctorLines({ ...WELL, gpus: [CARD, { ...CARD, name: 'NVIDIA GB10', memoryBytes: undefined, freeBytes: undefined }], problems: [] }));
    assert.equal(lines.get('graphics'), 'NVIDIA GeForce RTX 4090 (compute capability 8.9, driver 550.54.14): 23.0 GB of 24.0 GB free; NVIDIA GB10 (compute capability 8.9, driver 550.54.14): shares the machine\'s memory');
  });
  it('reads the instructions of each kind of processor', () => {
    assert.deepEqual(featuresOfLinux('processor : 0\nflags\t\t: fpu sse avx avx2 fma avx512f\n'), ['avx', 'avx2', 'fma', 'avx512f']);
    assert.deepEqual(featuresOfLinux('Features\t: fp asimd sve\n'), ['asimd', 'sve']);
    assert.deepEqual(featuresOfMacos('machdep.cpu.features: FPU SSE AVX1.0 FMA F16C\nmachdep.cpu.leaf7_features: BMI1 AVX2\nhw.optional.avx512f: 0\n'), ['avx', 'avx2', 'fma', 'f16c']);
    assert.deepEqual(featuresOfMacos('machdep.cpu.brand_string: Apple M2\nhw.optional.AdvSIMD: 1\nhw.optional.arm.FEAT_BF16: 1\n'), ['asimd', 'bf16']);
    assert.deepEqual(featuresOfLinux(''), []);
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

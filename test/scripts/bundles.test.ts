/** What runs when the extension activates and when the command line starts, measured on the bundles themselves. */
import { strict as assert } from 'node:assert';
import { build, type BuildOptions, type Metafile } from 'esbuild';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { hostOptions, nodeOptions } from '../../esbuild.mjs';

/** Measured 10 kB; a library that slips into activation is ten times that. */
const ACTIVATION_LIMIT_BYTES = 60_000;

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

describe('the bundle of the extension host', () => {
  let metafile: Metafile;
  before(async () => { metafile = await bundled(hostOptions); });

  it('runs no package, no native module and no wasm on activation', () => {
    const foreign = eagerInputs(metafile, 'src/extension.ts').filter(file => !/^src\/(?:extension\.ts|vscode\/|shared\/)/.test(file));
    assert.deepEqual(foreign, []);
  });

  it(`runs less than ${ACTIVATION_LIMIT_BYTES} bytes on activation`, () => {
    const [output] = Object.values(metafile.outputs).filter(({ entryPoint }) => entryPoint === 'src/extension.ts');
    const sizeBytes = eagerInputs(metafile, 'src/extension.ts').reduce((sum, file) => sum + (output.inputs[file]?.bytesInOutput ?? 0), 0);
    assert.ok(sizeBytes > 0 && sizeBytes < ACTIVATION_LIMIT_BYTES, `${sizeBytes} bytes`);
  });

  it('leaves the native modules outside', () => {
    const bundled = Object.keys(metafile.inputs).filter(file => /\.node$|\.wasm$|onnxruntime/.test(file));
    assert.deepEqual(bundled, []);
  });
});

describe('the bundle of command line and trainer', () => {
  let metafile: Metafile;
  before(async () => { metafile = await bundled(nodeOptions); });

  it('starts with words only: each command brings its own code, and packages', () => {
    const foreign = eagerInputs(metafile, 'src/cli.ts').filter(file => !/^src\/(?:cli\.ts|cli\/|shared\/)/.test(file));
    assert.deepEqual(foreign, []);
  });

  it('never imports the native runtime as it loads, only when it computes', () => {
    const importers = Object.entries(metafile.inputs).filter(([, { imports }]) =>
      imports.some(({ path: imported, kind }) => imported === 'onnxruntime-node' && kind === 'import-statement'));
    assert.deepEqual(importers.map(([file]) => file), []);
  });
});

async function bundled(options: BuildOptions): Promise<Metafile> {
  const { metafile } = await build({ ...options, absWorkingDir: ROOT, write: false, metafile: true });
  return metafile;
}

/** The files that run as soon as `entry` does: those behind a dynamic import wait until it is reached. */
function eagerInputs({ inputs }: Metafile, entry: string): string[] {
  const reached = new Set<string>();
  const visit = (file: string): void => {
    if (reached.has(file) || !inputs[file]) return;
    reached.add(file);
    for (const { path: imported, kind } of inputs[file].imports) if (kind !== 'dynamic-import') visit(imported);
  };
  visit(entry);
  return [...reached].sort();
}

/** What each platform's package holds of the native runtime. */
import { strict as assert } from 'node:assert';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { isNeeded, ownTarget, TARGETS } from '../../scripts/packaging/targets';
import { ROOT } from '../../scripts/ensureInstalled.mjs';

const RUNTIME = path.join(ROOT, 'node_modules/onnxruntime-node');

/** Native files of the target, as installed. */
function binariesOf(name: string): string[] {
  const target = TARGETS.find(one => one.name === name);
  assert.ok(target, name);
  const files = readdirSync(RUNTIME, { recursive: true, encoding: 'utf8' }).map(file => file.replaceAll(path.sep, '/'));
  return files.filter(file => /\.(?:node|dll|dylib|so(?:\.\d+)*)$/.test(file) && isNeeded(file, target)).map(file => path.posix.basename(file)).sort();
}

describe('the package of a platform', () => {
  it('holds its own binaries and no other platform\'s', () => {
    assert.deepEqual(binariesOf('linux-x64'), ['libonnxruntime.so.1', 'onnxruntime_binding.node']);
    assert.deepEqual(binariesOf('win32-x64'), ['DirectML.dll', 'dxcompiler.dll', 'dxil.dll', 'onnxruntime.dll', 'onnxruntime_binding.node']);
  });

  it('holds the one of two equal libraries that is linked', () => {
    assert.deepEqual(binariesOf('darwin-arm64'), ['libonnxruntime.1.dylib', 'onnxruntime_binding.node']);
  });

  it('holds none where none exist', () => {
    for (const name of ['darwin-x64', 'alpine-x64', 'alpine-arm64']) assert.deepEqual(binariesOf(name), []);
  });

  it('never holds the script that fetches CUDA', () => {
    for (const target of TARGETS) assert.ok(!isNeeded('script/install.js', target) && !isNeeded('script/install-metadata.js', target));
  });

  it('exists for the machine that runs the tests', () => {
    assert.ok(TARGETS.includes(ownTarget()));
  });
});

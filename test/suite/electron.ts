/** `npm run test:electron`: the same suite in a downloaded desktop VS Code, where that can be had. */
import { runTests } from '@vscode/test-electron';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { bundleSuite, ROOT } from './bundle';

const workspace = await mkdtemp(path.join(tmpdir(), 'merlina-suite-'));
await runTests({
  extensionDevelopmentPath: ROOT,
  extensionTestsPath: await bundleSuite(),
  launchArgs: [workspace, '--disable-extensions', '--disable-workspace-trust'],
});

/** What the extension does when VS Code starts, and when its first command runs. */
import { strict as assert } from 'node:assert';
import { commands, extensions, type Extension } from 'vscode';

/** Activation only joins; measured at 1–3 ms, so this leaves room for a busy machine. */
const ACTIVATION_LIMIT_MS = 250;

describe('the extension', () => {
  it('never keeps VS Code from starting, nor looks at every file', () => {
    const { activationEvents } = merlina().packageJSON as { activationEvents: string[] };
    assert.deepEqual(activationEvents.filter(event => event !== 'onStartupFinished' && !event.startsWith('onWebviewPanel:')), []);
  });

  it('activates fast, and loads no native module', async () => {
    const start = performance.now();
    await merlina().activate();
    const elapsedMs = performance.now() - start;
    assert.deepEqual(nativeModules(), []);
    assert.ok(elapsedMs < ACTIVATION_LIMIT_MS, `activation took ${elapsedMs.toFixed(1)} ms`);
  });

  it('registers every command that package.json declares', async () => {
    const { contributes } = merlina().packageJSON as { contributes: { commands: { command: string }[]; views: Record<string, { id: string }[]> } };
    // VS Code adds commands of its own to each view: "merlina.jobs.focus".
    const views = Object.values(contributes.views).flat().map(({ id }) => `${id}.`);
    const declared = contributes.commands.map(({ command }) => command).sort();
    const registered = (await commands.getCommands(true)).filter(id => id.startsWith('merlina.') && !views.some(view => id.startsWith(view))).sort();
    assert.deepEqual(registered, declared);
  });
});

function merlina(): Extension<unknown> {
  const extension = extensions.getExtension('schneewolf-labs.merlina');
  assert.ok(extension, 'the extension is not there');
  return extension;
}

/** Shared libraries of this process that lie in the extension's folder. */
function nativeModules(): string[] {
  const { sharedObjects } = process.report.getReport() as unknown as { sharedObjects: string[] };
  return sharedObjects.filter(file => file.startsWith(merlina().extensionPath) && !file.includes('.vscode-test'));
}

/** Recipes as documents: the starters, and the help that the JSON Schema gives while typing. */
import { strict as assert } from 'node:assert';
import { commands, languages, window, workspace, type Diagnostic, type Uri } from 'vscode';
import { waitFor, workspaceFile } from './support';

describe('Merlina: New Recipe', () => {
  it('writes a starter and opens it', async () => {
    const uri = await commands.executeCommand<Uri>('merlina.newRecipe', 'orpo');
    assert.equal(uri.fsPath, workspaceFile('my-tune.merlina.json').fsPath);
    assert.equal(window.activeTextEditor?.document.uri.fsPath, uri.fsPath);
    assert.equal((JSON.parse(window.activeTextEditor?.document.getText() ?? '') as { training_mode: string }).training_mode, 'orpo');
  });

  it('never writes over a recipe that is there', async () => {
    const first = await commands.executeCommand<Uri>('merlina.newRecipe', 'sft');
    const second = await commands.executeCommand<Uri>('merlina.newRecipe', 'sft');
    assert.deepEqual([first, second].map(uri => uri.path.split('/').pop()), ['my-instruct.merlina.json', 'my-instruct-2.merlina.json']);
  });
});

describe('a recipe in the editor', () => {
  for (const starter of ['orpo', 'sft']) {
    it(`has nothing to complain about in the starter "${starter}"`, async () => {
      const uri = await commands.executeCommand<Uri>('merlina.newRecipe', starter);
      await workspace.fs.writeFile(workspaceFile('broken.merlina.json'), Buffer.from('{ "lora_r": 0 }'));
      await window.showTextDocument(workspaceFile('broken.merlina.json'));
      // The schema works once the broken one is marked; then silence about the other means something.
      await diagnosed(workspaceFile('broken.merlina.json'));
      assert.deepEqual(languages.getDiagnostics(uri).map(({ message }) => message), []);
    });
  }

  it('marks a value out of bounds', async () => {
    const uri = workspaceFile('bounds.merlina.json');
    await workspace.fs.writeFile(uri, Buffer.from('{ "output_name": "x", "lora_r": 100000 }'));
    await window.showTextDocument(uri);
    assert.match((await diagnosed(uri)).map(({ message }) => message).join('\n'), /512/);
  });
});

async function diagnosed(uri: Uri): Promise<Diagnostic[]> {
  return waitFor(() => {
    const found = languages.getDiagnostics(uri);
    return found.length > 0 ? found : undefined;
  }, `diagnostics of ${uri.path}`);
}

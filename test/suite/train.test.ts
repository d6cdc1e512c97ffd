/** Merlina: Train, from the command to the job. */
import { strict as assert } from 'node:assert';
import { commands, languages, window, workspace } from 'vscode';
import { workspaceFile } from './support';

describe('Merlina: Train', () => {
  it('starts nothing for a recipe that cannot run, and says why at its keys', async () => {
    const uri = workspaceFile('no-data.merlina.json');
    const recipe = { base_model: './no-such-model', output_name: 'no-data', dataset: { source: { source_type: 'local_file', file_path: 'missing.jsonl' } } };
    await workspace.fs.writeFile(uri, Buffer.from(JSON.stringify(recipe)));
    const editor = await window.showTextDocument(uri);
    await editor.edit(edit => edit.insert(editor.document.positionAt(0), '\n'));

    assert.equal(await commands.executeCommand('merlina.train', uri), undefined);
    // What the user sees is what would be trained.
    assert.equal(editor.document.isDirty, false);
    const codes = languages.getDiagnostics(uri).filter(({ source }) => source === 'Merlina').map(({ code }) => code);
    assert.ok(codes.includes('models/no-such-model') && codes.includes('preflight/dataset-missing'), JSON.stringify(codes));
  });
});

/** Recipes as documents: the wizard, the text, and the help that the JSON Schema gives while typing. */
import { strict as assert } from 'node:assert';
import { commands, languages, Position, Range, TabInputCustom, TabInputText, TabInputTextDiff, window, workspace, type CodeAction, type Diagnostic, type Uri } from 'vscode';
import { waitFor, workspaceFile } from './support';

const PAIRS = ['red', 'blue', 'green'].map(colour => JSON.stringify({ prompt: `Say ${colour}.`, chosen: `It is ${colour}.`, rejected: 'No.' })).join('\n');

describe('Merlina: New Recipe', () => {
  it('writes a starter and opens the wizard', async () => {
    const uri = await commands.executeCommand<Uri>('merlina.newRecipe', 'orpo');
    assert.equal(uri.fsPath, workspaceFile('my-tune.merlina.json').fsPath);
    assert.equal(openWizard()?.fsPath, uri.fsPath);
    assert.equal((await jsonOf(uri)).training_mode, 'orpo');
  });

  it('never writes over a recipe that is there', async () => {
    const first = await commands.executeCommand<Uri>('merlina.newRecipe', 'sft');
    const second = await commands.executeCommand<Uri>('merlina.newRecipe', 'sft');
    assert.deepEqual([first, second].map(uri => uri.path.split('/').pop()), ['my-instruct.merlina.json', 'my-instruct-2.merlina.json']);
  });
});

describe('a recipe in VS Code', () => {
  const uri = workspaceFile('shown.merlina.json');
  before(() => write(uri, '{\n  "output_name": "shown"\n}\n'));

  it('opens in the wizard, and as text where that is asked for', async () => {
    await commands.executeCommand('vscode.open', uri);
    assert.equal(openWizard()?.fsPath, uri.fsPath);
    await commands.executeCommand('merlina.showRecipeText');
    assert.ok(window.tabGroups.activeTabGroup.activeTab?.input instanceof TabInputText);
    await commands.executeCommand('merlina.openRecipeForm');
    assert.equal(openWizard()?.fsPath, uri.fsPath);
  });

  it('is compared as text with what git has', async () => {
    // As the git extension names a version: its scheme, the file's path, the commit in the query.
    const old = workspace.registerTextDocumentContentProvider('gitlens', { provideTextDocumentContent: () => '{\n  "output_name": "before"\n}\n' });
    try {
      await commands.executeCommand('vscode.diff', uri.with({ scheme: 'gitlens', query: '{"ref":"HEAD"}' }), uri, 'shown (HEAD)');
      const input = await waitFor(() => window.tabGroups.activeTabGroup.activeTab?.input, 'the diff');
      assert.ok(input instanceof TabInputTextDiff, `the diff is ${input?.constructor.name}`);
    } finally {
      old.dispose();
    }
  });
});

describe('a recipe in the text editor', () => {
  for (const starter of ['orpo', 'sft']) {
    it(`has nothing to complain about in the starter "${starter}"`, async () => {
      const uri = await commands.executeCommand<Uri>('merlina.newRecipe', starter);
      await write(workspaceFile('broken.merlina.json'), '{ "lora_r": 0 }');
      await window.showTextDocument(workspaceFile('broken.merlina.json'));
      // The schema works once the broken one is marked; then silence about the other means something.
      await diagnosed(workspaceFile('broken.merlina.json'));
      assert.deepEqual(languages.getDiagnostics(uri).map(({ message }) => message), []);
    });
  }

  it('marks a value out of bounds', async () => {
    const uri = workspaceFile('bounds.merlina.json');
    await write(uri, '{ "output_name": "x", "lora_r": 100000 }');
    await window.showTextDocument(uri);
    assert.match((await diagnosed(uri)).map(({ message }) => message).join('\n'), /512/);
  });
});

describe('Merlina: Validate Recipe', () => {
  const uri = workspaceFile('unfit.merlina.json');
  const TEXT = '{\n  "output_name": "unfit",\n  "max_length": 256,\n  "max_prompt_length": 512\n}\n';

  it('puts each problem at its key, with a quick fix that mends it', async () => {
    await write(uri, TEXT);
    const problems = await commands.executeCommand<{ id: string }[]>('merlina.validateRecipe', uri);
    assert.deepEqual(problems.map(({ id }) => id), ['recipe/prompt-too-long', 'recipe/source-incomplete']);
    const [found] = languages.getDiagnostics(uri).filter(({ source }) => source === 'Merlina');
    assert.deepEqual(found?.range, new Range(new Position(3, 2), new Position(3, 21)));
    assert.equal(found?.code, 'recipe/prompt-too-long');

    const actions = await commands.executeCommand<CodeAction[]>('vscode.executeCodeActionProvider', uri, found.range, 'quickfix');
    const fix = actions.find(({ edit }) => edit?.has(uri));
    assert.ok(fix?.edit, 'there is a fix');
    await workspace.applyEdit(fix.edit);
    const document = await workspace.openTextDocument(uri);
    assert.equal(document.getText(), TEXT.replace('512', '128'));
    // They were of the text before.
    assert.deepEqual(languages.getDiagnostics(uri).filter(({ source }) => source === 'Merlina'), []);
    await document.save();
  });

  it('looks at model and dataset too where the recipe itself is sound', async () => {
    const sound = workspaceFile('sound.merlina.json');
    await write(sound, '{ "output_name": "sound", "base_model": "./no-such-model", "dataset": { "source": { "source_type": "local_file", "file_path": "missing.jsonl" } } }');
    const problems = await commands.executeCommand<{ id: string }[]>('merlina.validateRecipe', sound);
    const ids = problems.map(({ id }) => id);
    assert.ok(ids.includes('models/no-such-model') && ids.includes('preflight/dataset-missing'), ids.join());
  });
});

describe('Merlina: Train with This Dataset', () => {
  it('proposes the method that fits the rows, and names the recipe after the file', async () => {
    const rows = workspaceFile('My pairs.jsonl');
    await write(rows, PAIRS);
    const uri = await commands.executeCommand<Uri>('merlina.trainWithDataset', rows);
    assert.equal(uri.path.split('/').pop(), 'My-pairs.merlina.json');
    assert.equal(openWizard()?.fsPath, uri.fsPath);
    const { training_mode, output_name, dataset } = await jsonOf(uri);
    assert.deepEqual({ training_mode, output_name, dataset }, { training_mode: 'orpo', output_name: 'My-pairs', dataset: { source: { source_type: 'local_file', file_path: 'My pairs.jsonl' } } });
  });

  it('takes single answers for sft', async () => {
    const rows = workspaceFile('answers.csv');
    await write(rows, 'prompt,response\nSay red.,It is red.\nSay blue.,It is blue.\n');
    assert.equal((await jsonOf(await commands.executeCommand<Uri>('merlina.trainWithDataset', rows))).training_mode, 'sft');
  });
});

describe('share codes', () => {
  it('carry a recipe to another file, and no secret', async () => {
    const uri = workspaceFile('secret.merlina.json');
    await write(uri, '{ "output_name": "shared", "lora_r": 24, "hf_token": "hf_verysecret", "wandb_key": "alsosecret" }');
    const code = await commands.executeCommand<string>('merlina.copyShareCode', uri);
    assert.match(code, /^merlina-config-v1:/);
    const copy = await commands.executeCommand<Uri>('merlina.importShareCode', code);
    const text = Buffer.from(await workspace.fs.readFile(copy)).toString();
    assert.equal((JSON.parse(text) as { lora_r: number }).lora_r, 24);
    assert.doesNotMatch(text, /secret(?!\.merlina)/);
    assert.equal(copy.path.split('/').pop(), 'shared.merlina.json');
  });
});

/** The recipe that the active tab shows in the wizard. */
function openWizard(): Uri | undefined {
  const input = window.tabGroups.activeTabGroup.activeTab?.input;
  return input instanceof TabInputCustom && input.viewType === 'merlina.recipe' ? input.uri : undefined;
}

async function jsonOf(uri: Uri): Promise<Record<string, unknown>> {
  return JSON.parse(Buffer.from(await workspace.fs.readFile(uri)).toString()) as Record<string, unknown>;
}

async function write(uri: Uri, text: string): Promise<void> {
  await workspace.fs.writeFile(uri, Buffer.from(text));
}

async function diagnosed(uri: Uri): Promise<Diagnostic[]> {
  return waitFor(() => {
    const found = languages.getDiagnostics(uri);
    return found.length > 0 ? found : undefined;
  }, `diagnostics of ${uri.path}`);
}

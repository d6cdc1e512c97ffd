/** Merlina: Train, from the command to the end of the process in the terminal. */
import { strict as assert } from 'node:assert';
import { commands, tasks, window, workspace, type ProcessExecution, type TaskProcessEndEvent } from 'vscode';
import { workspaceFile } from './support';

describe('Merlina: Train', () => {
  it('opens the recipe, saves what was typed, and runs the CLI on it', async () => {
    const uri = workspaceFile('no-data.merlina.json');
    const recipe = { base_model: './no-such-model', output_name: 'no-data', dataset: { source: { source_type: 'local_file', file_path: 'missing.jsonl' } } };
    await workspace.fs.writeFile(uri, Buffer.from(JSON.stringify(recipe)));
    const editor = await window.showTextDocument(uri);
    await editor.edit(edit => edit.insert(editor.document.positionAt(0), '\n'));

    const ended = endOfTask();
    await commands.executeCommand('merlina.train', uri);
    assert.equal(window.activeTextEditor?.document.uri.fsPath, uri.fsPath);
    assert.equal(editor.document.isDirty, false);

    const { execution, exitCode } = await ended;
    const { args } = execution.task.execution as ProcessExecution;
    assert.match(args[0], /dist.cli\.mjs$/);
    assert.deepEqual(args.slice(1), ['train', uri.fsPath]);
    // No such model is bad input: the CLI's exit code 2, not a crash.
    assert.equal(exitCode, 2);
  });
});

function endOfTask(): Promise<TaskProcessEndEvent> {
  return new Promise(resolve => {
    const subscription = tasks.onDidEndTaskProcess(event => {
      subscription.dispose();
      resolve(event);
    });
  });
}

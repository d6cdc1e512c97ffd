/** `merlina chat`, talked with through its standard input. */
import { strict as assert } from 'node:assert';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { ROOT } from '../../scripts/ensureInstalled.mjs';

const APPRENTICE = path.join(ROOT, 'media/apprentice');
const LLAMA = path.join(ROOT, 'test/fixtures/reference/training/models/llama');

function chat(args: readonly string[], lines: readonly string[]): { code: number | null; out: string; error: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', path.join(ROOT, 'src/cli.ts'), 'chat', ...args], { input: lines.map(line => `${line}\n`).join(''), encoding: 'utf8' });
  return { code: status, out: stdout, error: stderr };
}

describe('cli/chat', () => {
  it('answers line by line, again on request, and anew with another system message', () => {
    const { code, out } = chat(['--model', APPRENTICE, '--temperature', '0'], ['Who are you?', '/again', '/system You are a pirate.', 'Who are you?', '/exit', 'never read']);
    assert.equal(code, 0);
    const answers = out.trimEnd().split('\n');
    assert.equal(answers.length, 3);
    assert.match(answers[0], /apprentice/);
    assert.equal(answers[1], answers[0]);
    assert.notEqual(answers[2], answers[0]);
  });

  it('lets the base answer beside the adapter', () => {
    const { code, out } = chat(['--model', LLAMA, '--adapter', path.join(LLAMA, 'adapter'), '--compare', '--temperature', '0', '--max-new-tokens', '8'], ['Say red.']);
    assert.equal(code, 0);
    // The tiny model answers with halves of characters; that the two differ is told by test/inference/session.test.ts.
    assert.match(out, /^base: .+\ntuned: .+\n$/);
  });

  it('goes on after an unknown word, and says which there are', () => {
    const { code, out, error } = chat(['--model', APPRENTICE, '--temperature', '0'], ['/again', '/forget', 'Who are you?']);
    assert.equal(code, 0);
    assert.match(error, /error: Nothing was asked yet\.\n/);
    assert.match(error, /error: There is no "\/forget"\. Here are: \/again, \/system TEXT, \/clear, \/exit\.\n/);
    assert.match(out, /apprentice/);
  });

  it('refuses --compare without an adapter', () => {
    const { code, error } = chat(['--model', APPRENTICE, '--compare'], []);
    assert.equal(code, 2);
    assert.match(error, /--compare needs --adapter\./);
  });
});

/** The checks that read text: words, places, lockfile, generated parts, sizes. */
import { strict as assert } from 'node:assert';
import { checkGenerated, place } from '../../scripts/checks/generated';
import { checkLockfile } from '../../scripts/checks/lockfile';
import { checkPlaces } from '../../scripts/checks/places';
import { renderSizes, roomSizes } from '../../scripts/checks/sizes';
import { checkWords, WORDS } from '../../scripts/checks/words';
import { renderProblem } from '../../src/shared/problem';

/** One sentence for each entry of WORDS that it must refuse, in order. */
const WRONG = [
  '// one microbatch at a time', '// the last ckpt', '// to finetune a model', 'The training configuration is a file.', '// the recipe config',
  '// the training worker', 'Trains a Lora adapter.', '// a hyper-parameter', 'Runs in vscode.', 'On Github.', '// TODO: later',
];

describe('the words check', () => {
  it('has a sentence for each word', () => assert.equal(WRONG.length, WORDS.length));
  WRONG.forEach((text, index) => {
    it(`refuses "${text}"`, () => {
      const file = WORDS[index].in === 'prose' ? 'README.md' : 'src/x.ts';
      assert.deepEqual(checkWords([{ file, text }]).map(({ fix }) => fix?.text), [`Write ${WORDS[index].right}.`]);
    });
  });
  it('accepts the project\'s words, names in code, and code quoted in prose', () => {
    assert.deepEqual(
      checkWords([
        { file: 'src/x.ts', text: '// a micro-batch of the recipe\nconst microBatch = new Lora();' },
        { file: 'README.md', text: 'The LoRA adapter of `vscode` in [VS Code](https://github.com).\n```\nLora\n```\n' },
      ]),
      [],
    );
  });
  it('says where', () => {
    assert.deepEqual(checkWords([{ file: 'src/x.ts', text: '\n// ckpt' }]).map(renderProblem), ['src/x.ts, line 2: "ckpt". Write checkpoint.']);
  });
});

describe('the places check', () => {
  for (const text of ["open('/root/data.json')", 'see /home/ada/models/x', '/Users/ada/x', '/work/main/x', 'C:\\Users\\ada', 'https://registry.npmjs.org/zod', 'pypi.org/simple']) {
    it(`refuses ${text}`, () => assert.equal(checkPlaces([{ file: 'src/x.ts', text }]).length, 1));
  }
  for (const text of ['src/work/file.ts', 'https://example.org/home/ada/x', "path.join(home, 'x')", 'pip install trl', '/tmp/x']) {
    it(`accepts ${text}`, () => assert.deepEqual(checkPlaces([{ file: 'src/x.ts', text }]), []));
  }
});

describe('the lockfile check', () => {
  it('refuses an address and a missing integrity', () => {
    const problems = checkLockfile({ packages: { '': {}, 'node_modules/a': { resolved: 'https://host/a.tgz', integrity: 'sha512-x' }, 'node_modules/b': {} } });
    assert.deepEqual(problems.map(({ text }) => text), ['"node_modules/a" carries the address "https://host/a.tgz".', '"node_modules/b" has no integrity.']);
  });
  it('accepts integrity alone', () => assert.deepEqual(checkLockfile({ packages: { '': {}, 'node_modules/a': { integrity: 'sha512-x' } } }), []));
});

describe('the check of generated files', () => {
  const whole = { file: 'a.json', text: '{}\n' };
  const part = { file: 'README.md', part: 'losses', text: '| orpo |' };
  const readme = '# Title\n<!-- generated:losses -->\n| orpo |\n<!-- /generated:losses -->\nEnd\n';

  it('finds what is missing and what is stale', () => {
    const read = (file: string): string | undefined => (file === 'README.md' ? readme.replace('orpo', 'old') : undefined);
    assert.deepEqual(checkGenerated([whole, part], read).map(renderProblem), [
      'a.json: is missing. Run `npm run generate` and commit.',
      'README.md: is stale (part "losses"). Run `npm run generate` and commit.',
    ]);
  });
  it('accepts what is fresh', () => assert.deepEqual(checkGenerated([whole, part], file => (file === 'README.md' ? readme : '{}\n')), []));
  it('keeps what stands around a part', () => assert.equal(place(part, readme.replace('| orpo |', 'old\nlines')), readme));
  it('says which markers are missing', () => assert.throws(() => place(part, '# Title\n'), /README.md lacks the markers <!-- generated:losses -->/));
});

describe('the sizes', () => {
  it('count files and lines of a room, and name the long files', () => {
    const sizes = roomSizes([
      { file: 'src/a/x.ts', text: 'one\ntwo\n' }, { file: 'src/a/deep/y.ts', text: 'line\n'.repeat(301) },
      { file: 'src/cli.ts', text: 'one\n' }, { file: 'test/z.ts', text: 'one\n' },
    ]);
    assert.equal(renderSizes(sizes), '  src                 1 files      1 lines\n  src/a               2 files    303 lines   long: deep/y.ts 301');
  });
});

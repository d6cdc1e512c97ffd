import assert from 'node:assert/strict';
import fc from 'fast-check';
import { readCardConfigs } from '../../../src/datasets/loaders/huggingFace/datasetCard';
import { ProblemError } from '../../../src/shared/problem';
import { problemsOf } from '../helpers';

const card = (yaml: string): string => `---\n${yaml}\n---\n# Rows\n`;

describe('the card of a dataset', () => {
  it('names configurations with their splits and patterns', () => {
    assert.deepEqual(readCardConfigs(card(`license: mit
configs:
- config_name: english
  default: true
  data_files:
  - split: train
    path: en/train-*
  - split: test
    path: [en/a.csv, en/b.csv]
- config_name: 2024
  data_dir: ./new/
- config_name: all
  data_files: "*.jsonl"
- config_name: two
  data_files: [a.csv, b.csv]`), 'README.md'), [
      { name: 'english', isDefault: true, dataDir: '', dataFiles: new Map([['train', ['en/train-*']], ['test', ['en/a.csv', 'en/b.csv']]]) },
      { name: '2024', isDefault: false, dataDir: 'new', dataFiles: undefined },
      { name: 'all', isDefault: false, dataDir: '', dataFiles: new Map([['train', ['*.jsonl']]]) },
      { name: 'two', isDefault: false, dataDir: '', dataFiles: new Map([['train', ['a.csv', 'b.csv']]]) },
    ]);
  });

  it('may say nothing of files, be empty, or have no YAML at all', () => {
    for (const text of ['', '# Rows', '---\n---\n', card('license: mit'), card('configs: []'), '\ufeff---\r\nlicense: mit\r\n---\r\n', 'a\n---\nconfigs: 3\n---\n']) assert.deepEqual(readCardConfigs(text, 'README.md'), []);
  });

  const broken: [string, string, RegExp][] = [
    ['YAML that is broken', 'license: mit\nconfigs: [a, b', /^README\.md, line 3, column 15: The dataset's card cannot be read: its YAML is broken: .*\. Tell its author/],
    ['a key twice', 'license: mit\nlicense: apache', /^README\.md, line 3, column 1: .* Map keys must be unique/],
    ['configs that are no list', 'configs: 3', /^README\.md: .* "configs" is not as it must be/],
    ['a split of a name that cannot be one', 'configs:\n- config_name: a\n  data_files:\n  - split: my-split\n    path: a', /"configs\.0\.data_files.*" is not as it must be/],
  ];
  for (const [what, yaml, text] of broken) it(`is refused with its place: ${what}`, async () => {
    const [problem, ...others] = await problemsOf(() => Promise.resolve().then(() => readCardConfigs(card(yaml), 'README.md')));
    assert.match(problem!, text);
    assert.deepEqual(others, []);
  });

  it('is read or refused with a Problem, whatever it is', () => {
    const line = fc.constantFrom('configs:', '- config_name: a', '  data_files:', '  - split: train', '    path: a', '  data_dir: [', '? x', '&a', '*a', ': {', '\t- b', 'configs: {}', '---');
    fc.assert(fc.property(fc.array(line, { maxLength: 8 }), lines => {
      try {
        readCardConfigs(card(lines.join('\n')), 'README.md');
      } catch (error) {
        assert.ok(error instanceof ProblemError, String(error));
      }
    }), { numRuns: 1000, seed: 7 });
  });
});

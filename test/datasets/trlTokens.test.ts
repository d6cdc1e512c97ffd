/** Rows of six real chat templates beside what TRL makes of them (trl_tokens.py): 200 preference pairs and 200 instructions. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { brotliDecompressSync } from 'node:zlib';
import { loadTokenizer } from '../../src/models';
import type { Tokenizer } from '../../src/models';
import type { PairRow, SequenceRow } from '../../src/shared/rows';
import { pipelineOf } from './helpers';
import type { Choices } from './helpers';

interface Digest { hashes: string[]; shortest: { row: number; ids: number[][] } }
interface Family {
  folder: string;
  template: string;
  added_tokens?: object[];
  /** Whether the template takes a system message; pairs with one are left out else. */
  has_system: boolean;
  sft: Digest;
  dpo: Digest;
  orpo: Digest;
  /** Every answer of a conversation, by trl's own marked variant of the template. */
  turns?: Digest;
}
interface Pair { conversations: { from: string; value: string }[] }
interface Template { name: string; template: string; special_tokens: Record<string, string> }

const { families } = JSON.parse(readFileSync('test/fixtures/datasets/trl_tokens.json', 'utf8')) as { families: Record<string, Family> };
const { templates } = JSON.parse(readFileSync('test/fixtures/text/templates.json', 'utf8')) as { templates: Template[] };
const rows = JSON.parse(brotliDecompressSync(readFileSync('test/fixtures/datasets/rows.json.br')).toString()) as { pairs: Pair[]; instructions: object[] };

/** A newline that the template writes after the stop token. TRL learns it, although the model has stopped by then; we do not. */
const LEARNT_NEWLINE = ['qwen3', 'gemma3', 'smollm2'];
/** TRL's ORPO puts a BOS in front where the template writes none; its SFT and DPO do not, and nor do we: the model is asked without one. */
const ADDED_BOS = ['phi3'];

for (const [name, family] of Object.entries(families)) {
  describe(`tokens of ${name} beside TRL's`, function () {
    this.timeout(60_000);
    const { template, special_tokens: specialTokens } = templates.find(one => one.name === family.template)!;
    let tokenizer: Tokenizer;
    before(() => { tokenizer = tokenizerOf(family, specialTokens); });
    const newline = (): number[] => (LEARNT_NEWLINE.includes(name) ? tokenizer.encode('\n') : []);
    const pairs = rows.pairs.filter(({ conversations }) => family.has_system || conversations[0]!.from !== 'system');
    const trained = async (data: readonly object[], choices: Choices) => (await pipelineOf(data, {
      // As transformers does where nothing is said of thinking.
      format: { format_type: 'tokenizer', auto_detect_thinking: false, enable_thinking: true },
      tokenizer, chatTemplate: template, maxLength: 100_000, maxPromptLength: 100_000, test_size: 0, ...choices,
    }).prepare()).train;

    it('sft learns the answer to an instruction, the same tokens', async () => {
      const made = await trained(rows.instructions, { method: 'sft' }) as SequenceRow[];
      same(made.map(({ ids, labels }) => [[...ids, ...newline()], [...labels, ...newline()]]), family.sft);
    });

    it('dpo has the same prompts and answers', async () => {
      const made = await trained(pairs, { method: 'dpo' }) as PairRow[];
      same(made.map(({ prompt, chosen, rejected }) => [prompt, [...chosen, ...newline()], [...rejected, ...newline()]]), family.dpo);
    });

    it('orpo too, but for the BOS and the second stop token that TRL adds there', async () => {
      const made = await trained(pairs, { method: 'orpo' }) as PairRow[];
      const end = newline().length > 0 ? [...newline(), tokenizer.eos!.id] : [];
      const start = ADDED_BOS.includes(name) ? [tokenizer.bos!.id] : [];
      same(made.map(({ prompt, chosen, rejected }) => [[...start, ...prompt], [...chosen, ...end], [...rejected, ...end]]), family.orpo);
    });

    if (family.turns) {
      it('sft learns every answer of a conversation, the same tokens', async () => {
        const made = await trained(pairs, { method: 'sft' }) as SequenceRow[];
        same(made.map(({ ids, labels }) => withNewlines([...ids, ...newline()], [...labels, ...newline()], newline())), family.turns!);
      });
    }
  });
}

/** The newline after every answer learnt too. */
function withNewlines(ids: number[], labels: number[], [newline]: readonly number[]): number[][] {
  return [ids, labels.map((label, at) => (label < 0 && ids[at] === newline && (labels[at - 1] ?? -1) >= 0 ? ids[at]! : label))];
}

function tokenizerOf({ folder, added_tokens = [] }: Family, specialTokens: Record<string, string>): Tokenizer {
  const definition = JSON.parse(readFileSync(`${folder}/tokenizer.json`, 'utf8')) as { added_tokens: object[] };
  return loadTokenizer({ tokenizerJson: JSON.stringify({ ...definition, added_tokens: [...definition.added_tokens, ...added_tokens] }), tokenizerConfig: JSON.stringify(specialTokens) });
}

/** The shortest row in full first: its difference can be read. */
function same(made: number[][][], { hashes, shortest }: Digest): void {
  assert.equal(made.length, hashes.length);
  assert.deepEqual(made[shortest.row], shortest.ids);
  const hash = (row: number[][]): string => createHash('sha256').update(row.map(ids => ids.join(',')).join('|')).digest('hex').slice(0, 12);
  assert.deepEqual(made.map(hash), hashes);
}

/** An invented dataset for the preview's page: rows of every kind, some of them hostile. */
import type { DatasetStatistics, Distribution, Figure, PreviewPage, RawRowPreview, TokenPreview } from '../../src/shared/datasetPreview';
import type { DatasetState } from '../../src/shared/panels/dataset';

/** What a dataset may hold, and a page must only show. */
export const HOSTILE = '<img src=x onerror="window.hacked=1"></script><script>window.hacked=1</script>\u001b[31mred\u202Eevil\u0000';

export const exact = (value: number): Figure => ({ value, isExact: true });
const FILE = '/data/pairs.jsonl';

export function datasetState(change: Partial<DatasetState> = {}): DatasetState {
  return {
    title: 'pairs.jsonl',
    opened: 1,
    source: {
      name: FILE, format: 'jsonl', sizeBytes: 1_234_567, rows: exact(3_000_000),
      shape: { name: 'columns', title: 'Preference pairs', confidence: 0.98, rowsLookedAt: 200 },
      columns: ['question', 'chosen', 'rejected', 'score'].map((name, i) => ({
        name, kinds: [i === 3 ? 'number' : 'text'], role: ([ 'prompt', 'chosen', 'rejected', null ] as const)[i]!, isMapped: i === 0, filledFraction: 1,
      })),
    },
    problems: [{ id: 'dataset/empty-chosen', severity: 'warning', text: 'The chosen answer is empty.', where: { file: FILE, line: 13, row: 12 }, fix: { text: 'Fill it in, or remove the row.' } }],
    settings: { method: 'orpo', format: 'tokenizer', model: '/models/SmolLM2-135M-Instruct', maxLength: 1024, maxPromptLength: 512, mapping: { question: 'prompt' } },
    methods: ['sft', 'orpo', 'dpo'],
    formats: ['chatml', 'tokenizer'],
    canTrain: true,
    ...change,
  };
}

export function pageOf({ view, offset, count }: { view: PreviewPage['view']; offset: number; count: number }): PreviewPage {
  const indices = Array.from({ length: count }, (_, i) => offset + i).filter(index => index < 3_000_000);
  const base = { offset, total: exact(3_000_000), problems: [] };
  const place = (row: number): { file: string; line: number; row: number } => ({ file: FILE, line: row + 1, row });
  if (view === 'raw') return { view, ...base, rows: indices.map(rawRow) };
  if (view === 'formatted') {
    return { view, ...base, format: 'chatml', rows: indices.map(row => ({ place: place(row), problems: [], sequences: (['chosen', 'rejected'] as const).map(response => ({
      response, parts: [{ kind: 'prompt', text: `<|im_start|>user\nQuestion ${row} ${HOSTILE}<|im_end|>\n`, length: 120 }, { kind: 'response', text: `Answer ${row}<|im_end|>`, length: 20 }],
    })) })) };
  }
  return { view, ...base, format: 'chatml', model: 'SmolLM2', limits: { maxLength: 1024, maxPromptLength: 512 }, rows: indices.map(row => ({
    place: place(row), problems: [], isKept: true,
    sequences: (['chosen', 'rejected'] as const).map(response => {
      const tokens = tokensOf(response === 'chosen');
      return {
        response, tokens, hiddenTokens: 0, promptTokens: 6, responseTokens: tokens.length - 6, promptTokensCut: 1, responseTokensCut: 0,
        trainedTokens: tokens.filter(({ isTrained }) => isTrained).length, stop: response === 'chosen' ? '<|im_end|>' : null, bosCount: response === 'chosen' ? 1 : 2,
      };
    }),
  })) };
}

function rawRow(row: number): RawRowPreview {
  const text = (value: string): { kind: 'text'; text: string; length: number } => ({ kind: 'text', text: value, length: value.length });
  return {
    place: { file: FILE, line: row + 1, row },
    cells: {
      question: text(`Question ${row}: what follows?`), chosen: text(row === 3 ? HOSTILE : `Because of ${row}.`), rejected: text('No idea.'),
      ...(row % 2 === 0 && { score: { kind: 'number' as const, text: String(row / 10), length: 3 } }),
    },
    problems: row === 12 ? [{ id: 'dataset/empty-chosen', severity: 'warning', text: 'The chosen answer is empty.', where: { file: FILE, line: 13, row } }] : [],
  };
}

function tokensOf(endsWell: boolean): TokenPreview[] {
  const token = (text: string, change: Partial<TokenPreview> = {}): TokenPreview => ({ id: text.length * 17, text, part: 'prompt', isSpecial: false, isCut: false, isTrained: false, ...change });
  const trained = { part: 'response', isTrained: true } as const;
  return [
    token('<|im_start|>', { isSpecial: true }), token('user', { isCut: true }), token('\n'), token('What'), token(' is'), token(' red?\u202E'),
    token(' A', trained), token(' bana', trained), token('.\n', trained), ...(endsWell ? [token('<|im_end|>', { ...trained, isSpecial: true })] : []),
  ];
}

function distribution(isExact: boolean, scale = 1): Distribution {
  const counts = [2, 9, 30, 61, 80, 55, 30, 14, 6, 1];
  return {
    isExact, count: 288, min: 3 * scale, mean: 210 * scale, p50: 190 * scale, p95: 520 * scale, max: 990 * scale,
    histogram: { edges: counts.map((_, i) => i * 100 * scale).concat(1000 * scale), counts },
  };
}

export function statisticsOf(phase: 'sample' | 'done'): DatasetStatistics {
  const isExact = phase === 'done';
  const about = (value: number): Figure => ({ value, isExact });
  const first = { file: FILE, line: 13, row: 12 };
  return {
    progress: { phase, rowsDone: isExact ? 300 : 120, rowsTotal: exact(300) },
    rows: {
      read: about(300), usable: about(288), leftOut: [{ problemId: 'dataset/empty-chosen', text: 'The chosen answer is empty', rows: about(12), first }],
      duplicates: about(4), removesDuplicates: false, sameAnswers: about(1), empty: about(12),
    },
    text: {
      promptCharacters: distribution(isExact, 4), responseCharacters: { chosen: distribution(isExact, 5), rejected: distribution(isExact, 3) }, chosenToRejected: distribution(isExact, 0.002),
      languages: [{ code: 'eng', name: 'English', fraction: 0.92 }, { code: 'und', name: 'undetermined', fraction: 0.08 }], controlCharacters: about(1), controlCharacterRows: [first],
    },
    tokens: {
      rows: about(288), lengths: distribution(isExact), promptLengths: distribution(isExact), responseLengths: { chosen: distribution(isExact), rejected: distribution(isExact) },
      chosenToRejected: distribution(isExact, 0.002), total: about(123_456), trained: about(67_890), truncatedFraction: about(0.031), promptsCut: about(7), responsesCut: about(2),
      tooLong: about(0), withoutStop: about(0), severalBos: about(0),
      step: { rows: 8, microBatchRows: 1, accumulationSteps: 8, meanTokens: about(3400), largestTokens: about(8100), stepsPerEpoch: about(36) },
    },
    problems: [],
  };
}

/** columns.json of the text references: conversations, required columns, row checks and the text half of the pipeline. */
import type { ParityCase } from '../shared/parity';
import type { Problem } from '../shared/problem';
import { ProblemError, renderProblem } from '../shared/problem';
import { readRow } from './columns';
import { getFormatter } from './formatters/getFormatter';
import { ProblemLog } from './problemLog';
import { refuse } from './refuse';
import type { RawRow, TextRow } from './rows';
import { detectShape } from './shape';
import { selectTextRows } from './textRows';
import type { TextOptions, TextSource } from './textRows';
import { checkRow, missingColumns } from './validate';

type Cells = Record<string, unknown>;
type Result = Omit<ParityCase, 'name'>;
interface Case { id: string; upstream_defect?: string; error?: { message?: string } }

interface ColumnsFixture {
  convert: (Case & { row: { messages?: Cells[]; tools?: unknown[] }; tokenizer?: string; expected?: Cells })[];
  detect: (Case & { rows: Cells[]; has_messages_format: boolean; expected_rows?: Cells[] })[];
  schema: { columns: string[]; training_mode: string; ok?: boolean; error?: { missing: string[] } }[];
  samples: (Case & { rows: Cells[]; options: { training_mode?: string; [limit: string]: unknown }; expected: { issues: string[] } })[];
  pipeline: (Case & { rows: Cells[]; additional: Cells[][]; options: PipelineCaseOptions; train?: Cells[]; eval?: Cells[] | null })[];
}
interface PipelineCaseOptions {
  column_mapping?: Record<string, string>;
  system_prompt?: string;
  system_prompt_mode?: 'fill_empty' | 'replace_all';
  deduplicate?: boolean;
  dedupe_strategy?: 'prompt' | 'chosen' | 'prompt_chosen' | 'exact';
  max_samples?: number;
  training_mode?: string;
  test_size?: number;
  shuffle?: boolean;
  seed?: number;
  format_type?: string;
}

const TEXT_COLUMNS = ['system', 'prompt', 'chosen', 'rejected'] as const;
const FILE = 'rows';
const raw = (rows: readonly Cells[]): RawRow[] => rows.map((cells, row) => ({ cells, origin: { file: FILE, row } }));

export async function columnsParity(fixture: unknown): Promise<ParityCase[]> {
  const { convert, detect, schema, samples, pipeline } = fixture as ColumnsFixture;
  const cases: ParityCase[] = [
    ...convert.map(one => ({ name: `columns/convert/${one.id}`, ...convertCase(one) })),
    ...detect.map(one => ({ name: `columns/detect/${one.id}`, ...detectCase(one) })),
    ...schema.map(one => ({ name: `columns/schema/${one.columns.join('+')}/${one.training_mode}`, ...same(missingColumns(new Set(one.columns), one.training_mode).sort(), one.error?.missing ?? []) })),
    ...samples.map(one => ({ name: `columns/samples/${one.id}`, ...samplesCase(one) })),
  ];
  for (const one of pipeline) cases.push({ name: `columns/pipeline/${one.id}`, ...(await pipelineCase(one)) });
  return cases;
}

function convertCase({ row, expected, upstream_defect, tokenizer }: ColumnsFixture['convert'][number]): Result {
  if (tokenizer !== undefined && expected !== undefined) return { ok: true, skipped: 'shows tools as text in the prompt; here they go through the chat template' };
  const got = attempt(() => {
    let unanswered = false;
    const [first] = raw([row]);
    const read = readRow(first!, detectShape(raw([{ messages: [{ role: 'user', content: '' }] }])), ({ id }) => { unanswered ||= id === 'dataset/unanswered'; });
    const [problem] = checkRow(read, 'sft');
    if (problem) throw new ProblemError([problem]);
    const tools = attempt(() => getFormatter('chatml').format(row.tools === undefined ? read : { ...read, tools: row.tools }));
    if (typeof tools === 'string') throw refuse('dataset/tools', tools, read.origin, 'messages', '');
    return { ...read, unanswered };
  });
  if (upstream_defect !== undefined) return typeof got === 'string' ? refusedRightly(got, upstream_defect, row.messages ?? []) : keepsTurns(got, row.messages ?? []);
  if (expected === undefined) return typeof got === 'string' ? { ok: true } : { ok: false, detail: 'read, but should be refused' };
  if (typeof got === 'string') return { ok: false, detail: `refused: ${got}` };
  return same({ system: got.system, prompt: got.prompt, chosen: got.chosen }, expected);
}

/** Right where upstream is not: the turns in their order, an unanswered end and empty turns left out. */
function keepsTurns(got: { system: string; history: { content: string }[]; prompt: string; chosen: string; unanswered: boolean }, messages: readonly Cells[]): Result {
  const contents = messages.map(message => message['content'] ?? message['value']).map(content => (Array.isArray(content) ? content.map((part: { text?: string }) => part.text).join('') : content))
    .filter(content => typeof content === 'string' && content !== '');
  const kept = [...(got.system === '' ? [] : [got.system]), ...got.history.map(turn => turn.content), got.prompt, got.chosen];
  return same(kept, got.unanswered ? contents.slice(0, kept.length) : contents);
}

/** A refusal is right where the fixture allows one, and names the role where that is the fault. */
function refusedRightly(got: string, defect: string, messages: readonly Cells[]): Result {
  if (!/refuse|report the row|name the row/.test(defect)) return { ok: false, detail: `refused: ${got}` };
  const role = messages.map(message => message['role']).find(name => !['user', 'assistant', 'system'].includes(String(name)));
  if (/and the role/.test(defect) && !got.includes(JSON.stringify(role))) return { ok: false, detail: `does not name the role: ${got}` };
  return /row 0/.test(got) ? { ok: true } : { ok: false, detail: `does not name the row: ${got}` };
}

function detectCase({ rows, has_messages_format, expected_rows, upstream_defect }: ColumnsFixture['detect'][number]): Result {
  const shape = detectShape(raw(rows));
  const problems: Problem[] = [];
  const read = raw(rows).flatMap(row => {
    const got = attempt(() => readRow(row, shape, problem => problems.push(problem)));
    if (typeof got !== 'string') return [got];
    problems.push({ id: 'refused', severity: 'error', text: got });
    return [];
  });
  const isConversation = shape.columns.conversation !== undefined;
  if (upstream_defect !== undefined) {
    if (!isConversation) return { ok: false, detail: 'the conversation was not seen' };
    if (/warn|name bad ones|name the row/.test(upstream_defect)) return problems.some(({ text, where }) => where?.row !== undefined || /row \d/.test(text)) ? { ok: true } : { ok: false, detail: 'nothing was said' };
    return read.length === rows.length ? { ok: true } : { ok: false, detail: problems[0]?.text ?? 'no row was read' };
  }
  if (isConversation !== has_messages_format) return { ok: false, detail: `has_messages_format ${String(isConversation)}` };
  return expected_rows === undefined ? { ok: true } : same(read.map(known), expected_rows.map(known));
}

function samplesCase({ rows, options, expected, upstream_defect }: ColumnsFixture['samples'][number]): Result {
  if (Object.keys(options).some(key => key.startsWith('max_'))) return { ok: true, skipped: 'lengths in characters are not counted by this version' };
  const shape = detectShape(raw(rows));
  const faults = raw(rows).flatMap(row => checkRow(readRow(row, shape, () => undefined), options.training_mode ?? 'orpo'));
  if (upstream_defect !== undefined) return faults.length > 0 ? { ok: true } : { ok: false, detail: 'the empty text passed' };
  const names: Record<string, string> = { prompt: 'prompt', chosen: 'chosen response', rejected: 'rejected response' };
  return same(faults.map(({ where }) => `Row ${where?.row ?? ''}: Empty ${names[String(where?.column)] ?? ''}`), expected.issues);
}

async function pipelineCase({ rows, additional, options, train, eval: evaluation, upstream_defect, error }: ColumnsFixture['pipeline'][number]): Promise<Result> {
  const source = (list: readonly Cells[]): TextSource => ({ loader: { name: FILE, rows: async function* () { yield* raw(list); } }, columnMapping: options.column_mapping ?? null });
  const log = new ProblemLog();
  const textOptions: TextOptions = {
    method: options.training_mode ?? 'orpo', convertMessages: true, systemPrompt: options.system_prompt ?? null, systemPromptMode: options.system_prompt_mode ?? 'fill_empty',
    dedupeStrategy: options.deduplicate ? options.dedupe_strategy ?? 'prompt_chosen' : null, nearDuplicateThreshold: 1, maxSamples: options.max_samples ?? null,
    testSize: options.test_size ?? 0.01, seed: options.seed ?? 42, shuffle: options.shuffle ?? true,
  };
  try {
    const got = await selectTextRows([source(rows), ...additional.map(source)], undefined, textOptions, log, row => [row]);
    if (error !== undefined) return log.list().length > 0 ? { ok: true } : { ok: false, detail: 'nothing was said' };
    if (log.hasErrors()) return { ok: false, detail: renderProblem(log.list()[0]!) };
    if (upstream_defect !== undefined && /keep both/.test(upstream_defect)) return same(got.train.length, rows.length);
    if (textOptions.testSize > 0 && textOptions.shuffle) return same([got.train.length, got.evaluation.length], [train?.length, evaluation?.length]);
    return same([got.train, got.evaluation].map(side => side.map(row => formattedOr(row, options.format_type))), [train ?? [], evaluation ?? []].map(side => side.map(known)));
  } catch (refusal) {
    if (!(refusal instanceof ProblemError)) throw refusal;
    const text = refusal.message;
    if (error === undefined) return { ok: false, detail: `refused: ${text}` };
    const names = upstream_defect !== undefined && /name both columns/.test(upstream_defect) ? Object.entries(options.column_mapping ?? {}).flat() : [];
    return names.every(name => text.includes(`"${name}"`)) ? { ok: true } : { ok: false, detail: `does not name both columns: ${text}` };
  }
}

function formattedOr(row: TextRow, formatType: string | undefined): Cells {
  return known(formatType === undefined ? { ...row } : { ...getFormatter(formatType).format(row) });
}

/** The columns that a reference row and ours share; nothing and empty text are the same. */
function known(row: Cells | TextRow): Cells {
  return Object.fromEntries(TEXT_COLUMNS.map(column => [column, row[column] ?? '']));
}

function attempt<T>(act: () => T): T | string {
  try {
    return act();
  } catch (error) {
    if (error instanceof ProblemError) return error.message;
    throw error;
  }
}

function same(got: unknown, want: unknown): Result {
  const [ours, theirs] = [JSON.stringify(got), JSON.stringify(want)];
  return ours === theirs ? { ok: true } : { ok: false, detail: `${ours} instead of ${theirs}` };
}

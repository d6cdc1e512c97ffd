/** formatters.json of the text references: each format over each row; where upstream is wrong, what a right output is. */
import { firstDifference } from '../shared/parity';
import type { ParityCase } from '../shared/parity';
import { ProblemError } from '../shared/problem';
import { getFormatter } from './formatters/getFormatter';
import type { CustomTemplates } from './formatters/customFormatter';
import type { FormatRow, FormattedRow } from './rows';

interface FormatterFixture {
  tokenizers: Record<string, { special_tokens: Record<string, string>; chat_template: string | null }>;
  rows: Record<string, Record<string, unknown>>;
  cases: FormatterCase[];
}
interface FormatterCase {
  id: string;
  format_type: string;
  options: { tokenizer?: string; enable_thinking?: boolean; auto_detect_thinking?: boolean; custom_templates?: CustomTemplates };
  row: string;
  expected?: FormattedRow;
  error?: { message: string };
  upstream_defect?: { why: string; right?: string; right_output?: FormattedRow; full?: { chosen: string; rejected: string } };
}
type Result = Omit<ParityCase, 'name'>;

/** transformers' clock when the fixtures were made. */
const FROZEN = new Date('2025-03-14T09:26:53');

export function formatterParity(fixture: unknown): ParityCase[] {
  const { tokenizers, rows, cases } = fixture as FormatterFixture;
  return cases.map(one => ({ name: `formatters/${one.id}/${one.row}`, ...run(one, rows[one.row] ?? {}, tokenizers) }));
}

function run(one: FormatterCase, row: Record<string, unknown>, tokenizers: FormatterFixture['tokenizers']): Result {
  if (Object.values(row).some(value => value !== null && typeof value !== 'string')) return { ok: true, skipped: "shows Python's str() of non-strings" };
  let got: FormattedRow | string;
  try {
    got = formatted(one, row, tokenizers);
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    got = error.message;
  }
  return one.upstream_defect ? judgeDefect(one, row, got) : judge(one, got);
}

function formatted({ format_type, options }: FormatterCase, row: Record<string, unknown>, tokenizers: FormatterFixture['tokenizers']): FormattedRow {
  const tokenizer = options.tokenizer === undefined ? undefined : tokenizers[options.tokenizer];
  const formatter = getFormatter(format_type, {
    ...(tokenizer?.chat_template ? { chatTemplate: tokenizer.chat_template, specialTokens: tokenizer.special_tokens } : {}),
    ...(options.enable_thinking === undefined ? {} : { enableThinking: options.enable_thinking }),
    ...(options.auto_detect_thinking === undefined ? {} : { autoDetectThinking: options.auto_detect_thinking }),
    ...(options.custom_templates ? { customTemplates: options.custom_templates } : {}),
    now: FROZEN,
  });
  return formatter.format(Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null)) as FormatRow);
}

function judge(one: FormatterCase, got: FormattedRow | string): Result {
  if (one.expected === undefined) return typeof got === 'string' ? { ok: true } : { ok: false, detail: `formatted, but should refuse with "${one.error?.message ?? ''}"` };
  return typeof got === 'string' ? { ok: false, detail: `refused: ${got}` } : same(got, one.expected);
}

/** The named way in which a right output differs from upstream's. */
function judgeDefect(one: FormatterCase, row: Record<string, unknown>, got: FormattedRow | string): Result {
  const { right_output, full, right = '' } = one.upstream_defect!;
  if (right_output) return typeof got === 'string' ? { ok: false, detail: `refused: ${got}` } : same(got, right_output);
  if (/refuse|report the row/.test(right) && typeof got === 'string') return { ok: true };
  if (typeof got === 'string') return { ok: false, detail: `refused: ${got}` };
  if (full) return same({ prompt: '', chosen: got.prompt + got.chosen, rejected: got.prompt + got.rejected }, { prompt: '', ...full });
  if (one.format_type === 'custom') return same(got, literally(one.options.custom_templates ?? {}, row));
  if (right.startsWith('append eos')) return one.expected !== undefined && got.chosen.length > one.expected.chosen.length ? { ok: true } : { ok: false, detail: 'no EOS was added' };
  if (one.format_type === 'qwen3') {
    const blocks = (got.prompt + got.chosen).split('<think>').length - 1;
    return blocks === 1 ? { ok: true } : { ok: false, detail: `${blocks} think blocks instead of 1` };
  }
  return { ok: false, detail: `no rule for this defect: ${one.upstream_defect!.why}` };
}

/** Only the known names replaced. */
function literally(templates: CustomTemplates, row: Record<string, unknown>): FormattedRow {
  const put = (template: string, names: string[]): string =>
    template.split(new RegExp(`(\\{(?:${names.join('|')})\\})`)).map((part, i) => (i % 2 === 0 ? part : textOf(row[part.slice(1, -1)]))).join('');
  return {
    prompt: put(templates.prompt_template ?? '{prompt}', ['system', 'prompt']),
    chosen: put(templates.chosen_template ?? '{chosen}', ['chosen']),
    rejected: put(templates.rejected_template ?? '{rejected}', ['rejected']),
  };
}

const textOf = (cell: unknown): string => (typeof cell === 'string' ? cell : '');

function same(got: FormattedRow, want: FormattedRow): Result {
  const key = (['prompt', 'chosen', 'rejected'] as const).find(column => got[column] !== want[column]);
  return key === undefined ? { ok: true } : { ok: false, detail: `${key} ${firstDifference(got[key], want[key])}` };
}

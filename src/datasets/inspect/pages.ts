/** Pages of rows for a view: as they are in the file, as formatted text, as tokens. */
import type { FormattedRowPreview, FormattedSequence, PreviewPage, PreviewView, RawRowPreview, RowPlace, TokenRowPreview } from '../../shared/datasetPreview';
import type { Problem } from '../../shared/problem';
import { hasText } from '../formatters/datasetFormatter';
import type { FormattedRow, RawRow, TextRow } from '../rows';
import { cellPreview, cutText } from './cellPreview';
import type { InspectSettings } from './inspectSettings';
import type { RowReading, RowStages } from './rowStages';
import type { TokenSequences } from './tokenSequences';

/** A row that was read, or the place of one that could not be. */
export type PageRow = { raw: RawRow; reading: RowReading; problems: Problem[] } | { place: RowPlace; problems: Problem[] };

export interface PageParts {
  settings: InspectSettings;
  stages: RowStages;
  /** Undefined without a model. */
  sequences: TokenSequences | undefined;
}

export function pageOf(view: PreviewView, rows: readonly PageRow[], head: Pick<PreviewPage, 'offset' | 'total' | 'problems'>, { settings, stages, sequences }: PageParts): PreviewPage {
  switch (view) {
    case 'raw': return { view, ...head, rows: rows.map(row => rawRow(row, stages)) };
    case 'formatted': return { view, ...head, format: stages.format, rows: rows.map(row => formattedRow(row, stages)) };
    case 'tokens': return {
      view, ...head, format: stages.format, model: settings.model?.name ?? '',
      limits: { maxLength: settings.maxLength, maxPromptLength: settings.maxPromptLength },
      rows: rows.map(row => tokenRow(row, stages, sequences)),
    };
    default: return view satisfies never;
  }
}

function rawRow(row: PageRow, stages: RowStages): RawRowPreview {
  if (!('raw' in row)) return { ...row, cells: {} };
  const { raw, reading, problems } = row;
  const cells = Object.fromEntries(Object.entries(raw.cells).filter(([, cell]) => cell !== undefined).map(([name, cell]) => [name, cellPreview(cell)]));
  return { place: raw.origin, cells, problems: [...problems, ...stages.read(raw, reading).problems] };
}

function formattedRow(row: PageRow, stages: RowStages): FormattedRowPreview {
  const { place, text, formatted, problems } = written(row, stages);
  return { place, sequences: text && formatted ? sequencesOf(formatted, text) : [], problems };
}

function tokenRow(row: PageRow, stages: RowStages, sequences: TokenSequences | undefined): TokenRowPreview {
  const { place, text, formatted, problems } = written(row, stages);
  if (!text || !formatted || !sequences) return { place, sequences: [], isKept: false, problems };
  const { value: tokens, problems: ofTokens } = stages.tokenise(formatted, text);
  return { place, sequences: tokens?.traces().map(trace => sequences.of(trace)) ?? [], isKept: (tokens?.rows.length ?? 0) > 0, problems: [...problems, ...ofTokens] };
}

function written(row: PageRow, stages: RowStages): { place: RowPlace; text?: TextRow | undefined; formatted?: FormattedRow | undefined; problems: Problem[] } {
  if (!('raw' in row)) return row;
  const { value: text, problems: ofReading } = stages.read(row.raw, row.reading);
  const problems = [...row.problems, ...ofReading];
  if (!text) return { place: row.raw.origin, problems };
  const { value: formatted, problems: ofFormat } = stages.write(text);
  return { place: row.raw.origin, text, formatted, problems: [...problems, ...ofFormat] };
}

function sequencesOf(formatted: FormattedRow, { rejected }: TextRow): FormattedSequence[] {
  const { prompt, chosen, rejected: worse } = formatted;
  return [
    { response: 'chosen', parts: partsOf(prompt + chosen, formatted.answers ?? [{ start: prompt.length, end: (prompt + chosen).length }]) },
    ...(hasText(rejected) ? [{ response: 'rejected' as const, parts: partsOf(prompt + worse, [{ start: prompt.length, end: (prompt + worse).length }]) }] : []),
  ];
}

/** The text cut at the ranges where the assistant speaks. */
function partsOf(text: string, answers: readonly { start: number; end: number }[]): FormattedSequence['parts'] {
  const parts: FormattedSequence['parts'] = [];
  let from = 0;
  const add = (kind: 'prompt' | 'response', to: number): void => {
    if (to > from) parts.push({ kind, ...cutText(text.slice(from, to)) });
    from = Math.max(from, to);
  };
  for (const { start, end } of answers) {
    add('prompt', start);
    add('response', end);
  }
  add('prompt', text.length);
  return parts;
}

/** A dataset preview as text. What comes from the data is shown with its control characters written out. */
import type {
  CellPreview, DatasetStatistics, FormattedPage, FormattedSequence, PreviewPage, RawPage, RowPlace, SourcePreview, TextStatistics, TokenPage, TokenStatistics,
} from '../shared/datasetPreview';
import { renderProblem } from '../shared/problem';
import type { Problem } from '../shared/problem';
import { visibleText } from '../shared/visibleText';
import { bars, bytes, counted, figure, percent, quantiles } from './figures';
import { COLOUR_LEGEND, sequenceSummary, TOKEN_LEGEND, tokenLines } from './previewTokens';

export interface Screen {
  columns: number;
  hasColours: boolean;
}

/** What is shown of a cell or text. */
const [CELL_LINES, SHOWN_CHARACTERS] = [12, 1200];

export function sourceText({ name, format, sizeBytes, revision, rows, shape, columns }: SourcePreview): string {
  const facts = [format, ...(sizeBytes === undefined ? [] : [bytes(sizeBytes)]), ...(rows ? [`${figure(rows)} ${rows.value === 1 ? 'row' : 'rows'}`] : []), ...(revision === undefined ? [] : [`revision ${revision.slice(0, 12)}`])];
  const width = Math.max(...columns.map(column => visibleText(column.name).length), 0);
  const lines = columns.map(column => {
    const role = column.role === null ? '  (not used)' : `→ ${column.role}${column.isMapped ? ' (mapped)' : ''}`;
    const filled = column.filledFraction < 1 ? `, in ${percent(column.filledFraction)} of the rows` : '';
    return `  ${visibleText(column.name).padEnd(width)}  ${role.padEnd(24)} ${column.kinds.join(' or ')}${filled}\n`;
  });
  return `${visibleText(name)}: ${facts.join(', ')}\n${shape.title} (${percent(shape.confidence)} of the first ${counted(shape.rowsLookedAt)})\n${lines.join('')}`;
}

export function pageText(page: PreviewPage, screen: Screen): string {
  switch (page.view) {
    case 'raw': return rawText(page);
    case 'formatted': return formattedText(page);
    case 'tokens': return tokensText(page, screen);
    default: return page satisfies never;
  }
}

function rawText({ rows, offset }: RawPage): string {
  return rows.map(({ place, cells, problems }, i) => heading(offset + i, place)
    + Object.entries(cells).map(([name, cell]) => `${visibleText(name)}:\n${cellText(cell)}`).join('') + problemText(problems)).join('');
}

function formattedText({ rows, offset }: FormattedPage): string {
  return rows.map(({ place, sequences, problems }, i) => heading(offset + i, place) + sequences.map(sequenceText).join('') + problemText(problems)).join('');
}

/** The prompt of a pair is shown once. */
function sequenceText({ response, parts }: FormattedSequence): string {
  const shown = response === 'rejected' ? parts.filter(({ kind }) => kind === 'response') : parts;
  return shown.map(({ kind, text, length }) => `${kind === 'prompt' ? 'prompt' : response}:\n${cellText({ kind: 'text', text, length })}`).join('');
}

function tokensText({ rows, offset, model, limits }: TokenPage, { columns, hasColours }: Screen): string {
  const legend = `Tokens of ${visibleText(model)}, at most ${counted(limits.maxLength)} a row and ${counted(limits.maxPromptLength)} a prompt. ${hasColours ? COLOUR_LEGEND : TOKEN_LEGEND}\n`;
  const shown = rows.map(({ place, sequences, problems, isKept }, i) => heading(offset + i, place, isKept ? '' : ', left out')
    + sequences.map(one => `${sequenceSummary(one)}\n${tokenLines(one.tokens, columns, hasColours)}${one.hiddenTokens > 0 ? `  … ${counted(one.hiddenTokens)} more\n` : ''}`).join('')
    + problemText(problems));
  return legend + shown.join('');
}

function heading(index: number, { row, line, file }: RowPlace, note = ''): string {
  const place = line === undefined ? '' : `, line ${counted(line)}`;
  return `\nRow ${counted(index)}${row === index ? '' : ` (row ${counted(row)} of ${visibleText(file)})`}${place}${note}\n`;
}

function cellText({ text, length }: CellPreview): string {
  const lines = visibleText(text.slice(0, SHOWN_CHARACTERS), '\n').split('\n');
  const shown = lines.slice(0, CELL_LINES).map(line => `  ${line}\n`).join('');
  const isCut = lines.length > CELL_LINES || length > SHOWN_CHARACTERS;
  return `${shown}${isCut ? `  … ${counted(length)} characters in all\n` : ''}`;
}

function problemText(problems: readonly Problem[]): string {
  return problems.map(problem => `${problem.severity}: ${visibleText(renderProblem(problem), '\n')}\n`).join('');
}

export function statisticsText({ progress, rows, text, tokens }: DatasetStatistics): string {
  const lines: [string, string][] = [
    ['rows', `${figure(rows.read)}, usable ${figure(rows.usable)}`],
    ...rows.leftOut.map(({ problemId, text: why, rows: count, first }): [string, string] => ['left out', `${figure(count)}: ${visibleText(why)} First in row ${counted(first.row)} (${problemId})`]),
    ['duplicates', `${figure(rows.duplicates)}${rows.removesDuplicates ? ', removed' : ', kept'}`],
    ...(rows.sameAnswers ? [['chosen = rejected', figure(rows.sameAnswers)] as [string, string]] : []),
    ...textLines(text),
    ...(tokens ? tokenStatistics(tokens) : []),
  ];
  const head = progress.phase === 'done' ? 'Statistics of all rows' : `Statistics of a sample of ${counted(progress.rowsDone)} rows (≈; --exact counts all)`;
  return `\n${head}\n${lines.map(([name, value]) => `  ${name.padEnd(18)} ${value}\n`).join('')}`;
}

function textLines({ promptCharacters, responseCharacters, chosenToRejected, languages, controlCharacters, controlCharacterRows }: TextStatistics): [string, string][] {
  const places = controlCharacterRows.map(({ row }) => counted(row)).join(', ');
  return [
    ['prompt', `${quantiles(promptCharacters)} characters`],
    ...Object.entries(responseCharacters).map(([name, lengths]): [string, string] => [name, `${quantiles(lengths)} characters`]),
    ...(chosenToRejected ? [['chosen / rejected', `${quantiles(chosenToRejected, ratio => ratio.toFixed(2))} times as long`] as [string, string]] : []),
    ['languages', languages.map(({ name, fraction }) => `${name} ${percent(fraction)}`).join(', ')],
    ['control characters', `${figure(controlCharacters)} rows${places === '' ? '' : ` (${places}${controlCharacters.value > controlCharacterRows.length ? ', …' : ''})`}`],
  ];
}

function tokenStatistics({ lengths, truncatedFraction, promptsCut, responsesCut, tooLong, withoutStop, severalBos, total, trained, step }: TokenStatistics): [string, string][] {
  return [
    ['tokens a row', `${quantiles(lengths)}  ${bars(lengths)}`],
    ['truncated', `${truncatedFraction.isExact ? '' : '≈ '}${percent(truncatedFraction.value)} of the rows: ${figure(promptsCut)} prompts, ${figure(responsesCut)} responses, ${figure(tooLong)} left out`],
    ['no stop token', `${figure(withoutStop)} responses`],
    ...(severalBos.value > 0 ? [['several BOS', `${figure(severalBos)} rows`] as [string, string]] : []),
    ['an epoch', `${figure(total)} tokens, ${figure(trained)} learnt, ${figure(step.stepsPerEpoch)} steps`],
    ['a step', `${counted(step.rows)} rows (${step.microBatchRows} × ${step.accumulationSteps}), ${figure(step.meanTokens)} tokens, at most ${figure(step.largestTokens)}`],
  ];
}

/** One row through the stages of training, each with what is wrong: read, formatted, tokenised. The same functions as the pipeline's. */
import { ProblemError, problemError } from '../../shared/problem';
import type { Problem } from '../../shared/problem';
import { mapColumns } from '../columns';
import { formatRow, givenTexts } from '../formatRow';
import type { DatasetFormatter } from '../formatters/datasetFormatter';
import { formatterOf } from '../formatters/getFormatter';
import { lengthProblems } from '../lengthProblems';
import type { FormattedRow, Origin, RawRow, TextRow } from '../rows';
import type { Shape } from '../shape';
import { readTextRow } from '../textRows';
import { rowMaker } from '../trainingRows';
import type { TokenisedRow } from '../trainingRows';
import { rowKind } from '../validate';
import type { InspectSettings } from './inspectSettings';

/** A result, or undefined where an error is among the problems. */
export interface Staged<T> {
  value: T | undefined;
  problems: Problem[];
}

/** What a source says of its rows. */
export interface RowReading {
  shape: Shape;
  columnMapping: Readonly<Record<string, string>>;
}

export class RowStages {
  private readonly formatter: DatasetFormatter | undefined;
  /** Why there is no formatter. */
  readonly formatProblems: Problem[] = [];
  private readonly makeRow: ReturnType<typeof rowMaker> | undefined;

  constructor(private readonly settings: InspectSettings) {
    const { model } = settings;
    try {
      this.formatter = makeFormatter(settings);
      if (model) this.makeRow = rowMaker(model.tokenizer, this.formatter, { ...settings, kind: rowKind(settings.method) });
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      this.formatProblems = error.problems;
    }
  }

  /** The formatter's name; the one that was asked for where there is none. */
  get format(): string {
    return this.formatter?.name ?? this.settings.dataset.format.format_type;
  }

  get stopText(): string | undefined {
    return this.formatter?.stopText;
  }

  read(raw: RawRow, { shape, columnMapping }: RowReading): Staged<TextRow> {
    const { method, dataset } = this.settings;
    const options = { method, convertMessages: dataset.convert_messages_format ?? true, systemPrompt: dataset.system_prompt ?? null, systemPromptMode: dataset.system_prompt_mode ?? 'fill_empty' };
    return staged(raw.origin, note => {
      const { text, problems } = readTextRow(mapColumns(raw, columnMapping), shape, options);
      problems.forEach(note);
      return text;
    });
  }

  /** Problem dataset/no-model where the format needs one. */
  write(row: TextRow): Staged<FormattedRow> {
    const { formatter } = this;
    if (!formatter) return { value: undefined, problems: this.formatProblems };
    return staged(row.origin, note => {
      const { text, problems } = formatRow(row, formatter, this.settings);
      problems.forEach(note);
      return text;
    });
  }

  /** Undefined without a model. */
  tokenise(text: FormattedRow, row: TextRow): Staged<TokenisedRow> {
    if (!this.makeRow) return { value: undefined, problems: [] };
    const made = this.makeRow(text, givenTexts(row));
    return { value: made, problems: lengthProblems(made, row.origin, this.settings) };
  }
}

function makeFormatter({ dataset, model, now }: InspectSettings): DatasetFormatter {
  if (!model && dataset.format.format_type === 'tokenizer') {
    throw problemError('dataset/no-model', 'Format "tokenizer" is the model\'s own chat template, and no model is named.',
      { where: { field: 'dataset.format.format_type' }, fix: { text: 'Name a model, or choose another format, such as "chatml".' } });
  }
  return formatterOf(dataset.format, { specialTokens: model?.tokenizer.specialTokens, chatTemplate: model?.chatTemplate, now });
}

/** Runs a stage; what it notes and throws is placed at the row. */
function staged<T>(origin: Origin, act: (note: (problem: Problem) => void) => T): Staged<T> {
  const problems: Problem[] = [];
  const note = (problem: Problem): void => void problems.push({ ...problem, where: { ...origin, ...problem.where } });
  let value: T | undefined;
  try {
    value = act(note);
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    error.problems.forEach(note);
  }
  return { value: problems.some(({ severity }) => severity === 'error') ? undefined : value, problems };
}

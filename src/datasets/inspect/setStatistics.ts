/** Figures of a set, gathered row by row over the stages of training. */
import type { DatasetStatistics, Figure, RowPlace, StatisticsProgress } from '../../shared/datasetPreview';
import type { Problem } from '../../shared/problem';
import { duplicateTest } from '../dedupe';
import { DEFAULT_NEAR_THRESHOLD } from '../pipeline';
import type { TextRow } from '../rows';
import { rowKind } from '../validate';
import { estimateOf } from './estimate';
import type { InspectSettings } from './inspectSettings';
import { LeftOutTally } from './leftOut';
import type { PageRow } from './pages';
import type { RowStages } from './rowStages';
import { TextGatherer } from './textStatistics';
import { TokenGatherer } from './tokenStatistics';

export class SetGatherer {
  private read = 0;
  private usable = 0;
  private duplicates = 0;
  private sameAnswers = 0;
  private readonly repeats: (row: TextRow) => boolean;
  private readonly leftOut = new LeftOutTally();
  private readonly texts = new TextGatherer();
  private readonly tokens: TokenGatherer | undefined;

  constructor(private readonly settings: InspectSettings, private readonly stages: RowStages) {
    const { model, dataset, seed } = settings;
    this.repeats = duplicateTest(dataset.dedupe_strategy ?? 'prompt_chosen', { threshold: dataset.near_duplicate_threshold ?? DEFAULT_NEAR_THRESHOLD, seed });
    this.tokens = model && stages.formatProblems.length === 0 ? new TokenGatherer(settings, model.tokenizer, stages.stopText) : undefined;
  }

  get rows(): number { return this.read; }

  add(row: PageRow): void {
    this.read++;
    if (!('raw' in row)) return this.leftOut.add(row.place, row.problems, true);
    const { value: text, problems: ofReading } = this.stages.read(row.raw, row.reading);
    const problems = [...row.problems, ...ofReading];
    if (!text) return this.leftOut.add(row.raw.origin, problems, true);
    this.texts.add(text);
    if (text.rejected !== undefined && text.rejected.trim() === text.chosen.trim()) this.sameAnswers++;
    const isDuplicate = this.repeats(text);
    if (isDuplicate) this.duplicates++;
    if (isDuplicate && this.settings.dataset.deduplicate) return this.leftOut.add(row.raw.origin, problems, false);
    this.addTokens(text, problems);
  }

  /** `total`: rows of the set; `problems` of the set as a whole come first. */
  async finish(total: Figure, phase: StatisticsProgress['phase'], problems: readonly Problem[]): Promise<DatasetStatistics> {
    const estimate = estimateOf(this.read, total);
    const { deduplicate = false } = this.settings.dataset;
    return {
      progress: { phase, rowsDone: this.read, rowsTotal: total },
      rows: {
        read: total,
        usable: estimate(this.usable),
        leftOut: this.leftOut.list(estimate),
        duplicates: estimate(this.duplicates),
        removesDuplicates: deduplicate,
        sameAnswers: rowKind(this.settings.method) === 'pair' ? estimate(this.sameAnswers) : null,
        empty: estimate(this.leftOut.empty),
      },
      text: await this.texts.finish(estimate),
      tokens: this.tokens?.finish(estimate) ?? null,
      problems: [...problems, ...this.leftOut.problems()],
    };
  }

  private addTokens(text: TextRow, ofReading: readonly Problem[]): void {
    const { value: formatted, problems: ofFormat } = this.tokens ? this.stages.write(text) : { value: undefined, problems: [] };
    const tokenised = formatted && this.stages.tokenise(formatted, text);
    if (tokenised?.value) this.tokens?.add(tokenised.value);
    const isLeftOut = this.tokens !== undefined && !tokenised?.value;
    if (!isLeftOut) this.usable++;
    const isTooLong = tokenised?.value?.rows.length === 0;
    this.leftOut.add(text.origin as RowPlace, [...ofReading, ...ofFormat, ...(tokenised?.problems ?? [])], isLeftOut || isTooLong);
  }
}

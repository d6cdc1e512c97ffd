/** Figures of tokens, gathered row by row: lengths, what is cut, what a step holds. */
import type { Tokenizer } from '../../models';
import type { ResponseName, TokenStatistics } from '../../shared/datasetPreview';
import type { TrainingRow } from '../../shared/rows';
import { LengthHistogram } from '../lengthHistogram';
import { DEFAULT_TEST_SIZE } from '../pipeline';
import { stopsOf } from '../tokenise';
import type { TokenisedRow } from '../trainingRows';
import type { Estimate } from './estimate';
import { NO_DISTRIBUTION, scaled } from './estimate';
import type { InspectSettings } from './inspectSettings';
import { RATIO_UNIT } from './textStatistics';
import { bosIdOf } from './tokenSequences';

export class TokenGatherer {
  private rows = 0;
  private total = 0;
  private trained = 0;
  private truncated = 0;
  private promptsCut = 0;
  private responsesCut = 0;
  private tooLong = 0;
  private withoutStop = 0;
  private severalBos = 0;
  private readonly lengths = new LengthHistogram();
  private readonly prompts = new LengthHistogram();
  private readonly responses: Partial<Record<ResponseName, LengthHistogram>> = {};
  private readonly ratios = new LengthHistogram();
  private readonly longest: LongestRows;
  private readonly stops: ReadonlySet<number>;
  private readonly bosId: number | undefined;

  constructor(private readonly settings: InspectSettings, tokenizer: Tokenizer, stopText: string | undefined) {
    this.stops = stopsOf(tokenizer, stopText).ids;
    this.bosId = bosIdOf(tokenizer);
    this.longest = new LongestRows(settings.batchSize * settings.accumulationSteps);
  }

  add(row: TokenisedRow): void {
    this.rows++;
    this.lengths.add(row.tokens);
    this.prompts.add(row.promptTokens);
    const lengths = row.responseTokens;
    lengths.forEach((length, i) => (this.responses[i === 0 ? 'chosen' : 'rejected'] ??= new LengthHistogram()).add(length));
    if (lengths.length === 2 && lengths[1]! > 0) this.ratios.add(Math.round((lengths[0]! / lengths[1]!) / RATIO_UNIT));
    if (row.rows.length === 0) this.tooLong++;
    if (row.promptCut) this.promptsCut++;
    this.responsesCut += row.responsesCut;
    if (row.rows.length === 0 || row.promptCut || row.responsesCut > 0) this.truncated++;
    // Running text that is cut into several rows ends in the last.
    row.rows.forEach((one, i) => this.addTrained(one, row.responsesCut > 0 || ('ids' in one && i < row.rows.length - 1)));
  }

  finish(estimate: Estimate): TokenStatistics {
    const { isExact } = estimate(this.rows);
    const distribution = (histogram: LengthHistogram): TokenStatistics['lengths'] => histogram.distribution(isExact) ?? NO_DISTRIBUTION;
    return {
      rows: { value: this.rows, isExact },
      lengths: distribution(this.lengths),
      promptLengths: distribution(this.prompts),
      responseLengths: Object.fromEntries(Object.entries(this.responses).map(([name, histogram]) => [name, distribution(histogram)])),
      chosenToRejected: scaled(this.ratios.distribution(isExact), RATIO_UNIT),
      total: estimate(this.total),
      trained: estimate(this.trained),
      truncatedFraction: { value: this.rows === 0 ? 0 : this.truncated / this.rows, isExact },
      promptsCut: estimate(this.promptsCut),
      responsesCut: estimate(this.responsesCut),
      tooLong: estimate(this.tooLong),
      withoutStop: estimate(this.withoutStop),
      severalBos: estimate(this.severalBos),
      step: this.step(estimate),
    };
  }

  private addTrained(row: TrainingRow, isCut: boolean): void {
    const responses = responsesOf(row);
    const prompt = 'ids' in row ? [] : row.prompt;
    const size = responses.reduce((sum, ids) => sum + ids.length, prompt.length);
    this.total += size;
    this.trained += 'ids' in row ? row.labels.reduce((sum, label) => sum + (label < 0 ? 0 : 1), 0) : size - (this.settings.trainOnPrompt ? 0 : prompt.length);
    this.longest.add(size);
    if (!isCut) this.withoutStop += responses.filter(ids => !this.stops.has(ids[ids.length - 1]!)).length;
    if (this.bosId !== undefined && responses.some(ids => [...prompt, ...ids].filter(id => id === this.bosId).length > 1)) this.severalBos++;
  }

  private step(estimate: Estimate): TokenStatistics['step'] {
    const { batchSize, accumulationSteps, dataset, evalWanted } = this.settings;
    const { isExact } = estimate(0);
    const rows = batchSize * accumulationSteps;
    const kept = this.longest.count;
    const usable = Math.min(estimate(kept).value, dataset.max_samples ?? Infinity);
    const evalFraction = evalWanted && !dataset.eval_source ? dataset.test_size ?? DEFAULT_TEST_SIZE : 0;
    // At least one row is trained on.
    const trainRows = Math.max(Math.min(1, usable), usable - Math.ceil(usable * evalFraction));
    return {
      rows, microBatchRows: batchSize, accumulationSteps,
      meanTokens: { value: kept === 0 ? 0 : Math.round((this.total / kept) * Math.min(rows, trainRows)), isExact },
      largestTokens: { value: this.longest.sum, isExact },
      stepsPerEpoch: { value: Math.ceil(Math.ceil(trainRows / batchSize) / accumulationSteps), isExact },
    };
  }
}

function responsesOf(row: TrainingRow): number[][] {
  if ('ids' in row) return [row.ids];
  return 'response' in row ? [row.response] : [row.chosen, row.rejected];
}

/** Sizes of the so many longest rows. */
class LongestRows {
  private readonly sizes: number[] = [];
  count = 0;

  constructor(private readonly limit: number) {}

  get sum(): number { return this.sizes.reduce((sum, size) => sum + size, 0); }

  add(size: number): void {
    this.count++;
    if (this.sizes.length === this.limit && size <= this.sizes[0]!) return;
    const at = this.sizes.findIndex(one => one >= size);
    this.sizes.splice(at < 0 ? this.sizes.length : at, 0, size);
    if (this.sizes.length > this.limit) this.sizes.shift();
  }
}

/** Figures of texts, gathered row by row: lengths, languages, characters that should not be there. */
import type { ResponseName, RowPlace, TextStatistics } from '../../shared/datasetPreview';
import { hasText } from '../formatters/datasetFormatter';
import { LengthHistogram } from '../lengthHistogram';
import type { TextRow } from '../rows';
import { TextSample } from '../table/languages';
import { scanText } from '../table/textScan';
import type { Estimate } from './estimate';
import { NO_DISTRIBUTION, scaled } from './estimate';

/** Ratios of lengths are counted in thousandths, since histograms take whole numbers. */
export const RATIO_UNIT = 0.001;
const BIDI_OVERRIDES = /[\u202a-\u202e\u2066-\u2069]/;
/** Rows with control characters that are named. */
const NAMED = 5;

export class TextGatherer {
  private readonly prompts = new LengthHistogram();
  private readonly responses: Partial<Record<ResponseName, LengthHistogram>> = {};
  private readonly ratios = new LengthHistogram();
  private readonly sample = new TextSample();
  private readonly controlled: RowPlace[] = [];
  private controlCharacters = 0;

  add(row: TextRow): void {
    const texts = [row.system, ...row.history.map(({ content }) => content), row.prompt];
    this.prompts.add(texts.reduce((sum, { length }) => sum + length, 0));
    this.addResponse('chosen', row.chosen);
    if (hasText(row.rejected)) {
      this.addResponse('rejected', row.rejected);
      this.ratios.add(Math.round(row.chosen.length / row.rejected.length / RATIO_UNIT));
    }
    this.sample.add(row.chosen);
    if (![...texts, row.chosen, row.rejected ?? '', row.reasoning ?? ''].some(holdsControl)) return;
    this.controlCharacters++;
    if (this.controlled.length < NAMED) this.controlled.push(row.origin);
  }

  async finish(estimate: Estimate): Promise<TextStatistics> {
    const { isExact } = estimate(0);
    const names = new Intl.DisplayNames(['en'], { type: 'language' });
    const languages = await this.sample.languages();
    return {
      promptCharacters: this.prompts.distribution(isExact) ?? NO_DISTRIBUTION,
      responseCharacters: Object.fromEntries(Object.entries(this.responses).map(([name, histogram]) => [name, histogram.distribution(isExact) ?? NO_DISTRIBUTION])),
      chosenToRejected: scaled(this.ratios.distribution(isExact), RATIO_UNIT),
      languages: languages.map(({ code, fraction }) => ({ code, name: code === 'und' ? 'too short to tell' : names.of(code) ?? code, fraction })),
      controlCharacters: estimate(this.controlCharacters),
      controlCharacterRows: this.controlled,
    };
  }

  private addResponse(name: ResponseName, text: string): void {
    (this.responses[name] ??= new LengthHistogram()).add(text.length);
  }
}

function holdsControl(text: string): boolean {
  const { hasControl, isBroken } = scanText(text);
  return hasControl || isBroken || BIDI_OVERRIDES.test(text);
}

/** The user's own templates with {system}, {prompt}, {chosen} and {rejected} filled in. */
import type { FormatRow, FormattedRow } from '../rows';
import { singlePrompt } from './datasetFormatter';
import type { DatasetFormatter } from './datasetFormatter';

/** Keys as in the recipe's dataset.format.custom_templates. */
export interface CustomTemplates {
  prompt_template?: string;
  chosen_template?: string;
  rejected_template?: string;
}

export class CustomFormatter implements DatasetFormatter {
  readonly name = 'custom';
  readonly stopText = undefined;

  constructor(private readonly templates: CustomTemplates) {}

  format(row: FormatRow): FormattedRow {
    const { prompt_template = '{prompt}', chosen_template = '{chosen}', rejected_template = '{rejected}' } = this.templates;
    return {
      prompt: fill(prompt_template, { system: row.system ?? '', prompt: singlePrompt(row, this.name) }),
      chosen: fill(chosen_template, { chosen: row.chosen ?? '' }),
      rejected: fill(rejected_template, { rejected: row.rejected ?? '' }),
    };
  }
}

/**
 * Two readings, so that Merlina's templates and templates with JSON in them both do what they look like:
 * a template that is a valid format string of the known names is read as one (`{{` is a brace);
 * in any other only the known names are replaced and every brace else is text.
 */
function fill(template: string, values: Record<string, string>): string {
  const names = Object.keys(values).join('|');
  const isFormatString = new RegExp(`^(?:[^{}]|\\{\\{|\\}\\}|\\{(?:${names})\\})*$`).test(template);
  const pattern = new RegExp(isFormatString ? `\\{\\{|\\}\\}|\\{(${names})\\}` : `\\{(${names})\\}`, 'g');
  return template.replace(pattern, (whole, name: string | undefined) => (name === undefined ? whole[0]! : values[name]!));
}

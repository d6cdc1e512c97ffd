/** docs/reference.md: what there is to choose from, as tables made from the lists in the code. */
import { formatterNames } from '../src/datasets';
import { losses } from '../src/engine';
import { architectures } from '../src/models';
import { recipeFields, recipeGroups, type RecipeField, type RecipeGroup } from '../src/recipe';

const GROUP_TITLES: Record<RecipeGroup, string> = {
  model: 'Model', adapter: 'Adapter', method: 'Method', optimisation: 'Optimisation', evaluation: 'Evaluation, saving, logging',
  publishing: 'Publishing', machine: 'Machine', dataset: 'Dataset', unused: "Merlina's keys that are kept, and not acted on",
};

export function referenceDoc(): string {
  return [
    '# Reference',
    'Generated from the code by `npm run generate`; do not edit.',
    '## Methods',
    ...losses.map(({ id, title, formula, source, needs }) => [
      `### \`${id}\` ${title}`,
      `Rows: ${needs.rows}${needs.reference ? ', and the log-probabilities of the model before training' : ''}. Source: ${source}.`,
      `\`\`\`\n${formula}\n\`\`\``,
    ].join('\n\n')),
    '## Architectures',
    table(['`model_type`', 'LoRA goes on'], architectures.map(({ modelTypes, defaultTargets }) => [codes(modelTypes), codes(defaultTargets)])),
    '## Formats',
    `\`dataset.format.format_type\`: ${codes(formatterNames)}.`,
    '## Recipe',
    ...recipeGroups.flatMap(group => {
      const fields = recipeFields.filter(field => field.group === group && field.kind !== 'object');
      return [`### ${GROUP_TITLES[group]}`, table(['Key', 'Default', 'Values', 'Meaning'], fields.map(fieldRow))];
    }),
  ].join('\n\n') + '\n';
}

function fieldRow(field: RecipeField): string[] {
  const start = field.isRequired ? 'required' : field.default === undefined ? '' : code(JSON.stringify(field.default));
  return [code(field.key), start, [values(field), field.unit].filter(Boolean).join(' '), field.help];
}

function values({ choices, kind, minimum, maximum, exclusiveMinimum, exclusiveMaximum }: RecipeField): string {
  if (choices) return codes(choices);
  const low = minimum !== undefined ? `≥ ${minimum}` : exclusiveMinimum !== undefined ? `> ${exclusiveMinimum}` : undefined;
  const high = maximum !== undefined ? `≤ ${maximum}` : exclusiveMaximum !== undefined ? `< ${exclusiveMaximum}` : undefined;
  return [kind === 'any' ? '' : kind, [low, high].filter(Boolean).join(', ')].filter(Boolean).join(' ');
}

function table(head: string[], rows: string[][]): string {
  const line = (cells: string[]): string => `| ${cells.map(cell => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function codes(texts: readonly string[]): string {
  return texts.map(code).join(', ');
}

function code(text: string): string {
  return `\`${text}\``;
}

/** The wizard's five steps, and which fields belong to each. */
import type { FormField } from '../../src/shared/panels/recipe';
import type { Problem } from '../../src/shared/problem';
import { boot } from '../ui/host';
import { l10n } from '../ui/l10n';

export const STEPS = ['model', 'dataset', 'method', 'training', 'cast'] as const;
export type Step = (typeof STEPS)[number];

/** By the schema's groups. */
const STEP_OF_GROUP: Readonly<Record<string, Step>> = {
  model: 'model', dataset: 'dataset', method: 'method', adapter: 'method', optimisation: 'training', evaluation: 'training', machine: 'training', publishing: 'cast',
};
const REGRETS = ['run', 'quality', 'cost'];

export function stepTitle(step: Step): string {
  switch (step) {
    case 'model': return l10n.t('Model');
    case 'dataset': return l10n.t('Dataset');
    case 'method': return l10n.t('Method');
    case 'training': return l10n.t('Training');
    case 'cast': return castWord();
  }
}

/** The wizard's word for starting a run, or the plain one. */
export function castWord(): string {
  return boot.isMagical ? l10n.t('Cast') : l10n.t('Train');
}

export function stepOf({ group }: FormField): Step {
  return STEP_OF_GROUP[group] ?? 'cast';
}

/** A field has a control of its own: parts do not, nor do the entries of lists. */
export function isShown({ key, kind }: FormField): boolean {
  return kind !== 'object' && !key.includes('*');
}

/** Of a step: those that are shown first, the worst regret first, and those that are folded. */
export function fieldsOfStep(fields: readonly FormField[], step: Step, valueOf: (key: string) => unknown): { first: FormField[]; folded: FormField[] } {
  const own = fields.filter(field => isShown(field) && stepOf(field) === step);
  const isFirst = (field: FormField): boolean => field.regret !== undefined && isUsed(field, valueOf);
  return {
    first: own.filter(isFirst).sort((a, b) => REGRETS.indexOf(a.regret!) - REGRETS.indexOf(b.regret!)),
    folded: own.filter(field => !isFirst(field)),
  };
}

/** Whether the field does something beside the other values. */
export function isUsed({ usedWhen }: FormField, valueOf: (key: string) => unknown): boolean {
  return usedWhen === undefined || usedWhen.isOneOf.includes(valueOf(usedWhen.key));
}

/** By the field that the Problem is about; what is about none belongs to the last step. */
export function stepOfProblem({ where }: Problem, fields: readonly FormField[]): Step {
  for (let key = where?.field?.replaceAll(/\.\d+(?=\.|$)/g, '.*') ?? ''; key !== ''; key = key.slice(0, Math.max(0, key.lastIndexOf('.')))) {
    const field = fields.find(one => one.key === key);
    if (field) return stepOf(field);
  }
  return 'cast';
}

/** Fields whose name, label or help has every word. */
export function foundFields(fields: readonly FormField[], query: string): FormField[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  return fields.filter(field => isShown(field) && words.every(word => `${field.key} ${field.title} ${field.help}`.toLowerCase().includes(word)));
}

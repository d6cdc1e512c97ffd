/** What every recipe key says of itself beside its type: title, one-line help, unit and group, for editors and forms. */
import type { z } from 'zod';

/** The parts of a recipe, in the order in which a form shows them; `unused` are Merlina's keys that nothing here acts on. */
export const recipeGroups = ['model', 'adapter', 'method', 'optimisation', 'evaluation', 'publishing', 'machine', 'dataset', 'unused'] as const;
export type RecipeGroup = (typeof recipeGroups)[number];

/** What goes wrong where a field is set badly, the worst first: a form shows these fields, in this order, and folds all others. */
export const regrets = ['run', 'quality', 'cost'] as const;
export type Regret = (typeof regrets)[number];

/** A field that only does something beside certain values of another: adafactor_beta1 with optimizer_type "adafactor". */
export interface UsedWhen {
  key: string;
  isOneOf: readonly unknown[];
}

export interface FieldExtra {
  unit?: string;
  regret?: Regret;
  usedWhen?: UsedWhen;
  /** What the method's paper, or the usual practice, says of the value; with its source. */
  hint?: string;
}

export interface FieldMeta extends FieldExtra {
  title: string;
  /** One line, a full sentence or two; JSON Schema calls it description, and editors show it on hover. */
  description: string;
  group: RecipeGroup;
  [extra: string]: unknown;
}

/** Gives `field(schema, title, help, extra?)` for one group: the same schema, described. */
export function fieldsOf(group: RecipeGroup) {
  return <T extends z.ZodType>(schema: T, title: string, description: string, extra: FieldExtra = {}): T =>
    schema.meta({ title, description, group, ...extra } satisfies FieldMeta);
}

/** What every recipe key says of itself beside its type: title, one-line help, unit and group, for editors and forms. */
import type { z } from 'zod';

/** The parts of a recipe, in the order in which a form shows them; `unused` are Merlina's keys that nothing here acts on. */
export const recipeGroups = ['model', 'adapter', 'method', 'optimisation', 'evaluation', 'publishing', 'machine', 'dataset', 'unused'] as const;
export type RecipeGroup = (typeof recipeGroups)[number];

export interface FieldMeta {
  title: string;
  /** One line, a full sentence or two; JSON Schema calls it description, and editors show it on hover. */
  description: string;
  group: RecipeGroup;
  unit?: string;
  [extra: string]: unknown;
}

/** Gives `field(schema, title, help, unit?)` for one group: the same schema, described. */
export function fieldsOf(group: RecipeGroup) {
  return <T extends z.ZodType>(schema: T, title: string, description: string, unit?: string): T =>
    schema.meta({ title, description, group, ...(unit === undefined ? {} : { unit }) } satisfies FieldMeta);
}

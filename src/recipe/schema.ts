/** The recipe's one schema: types, defaults, bounds, JSON Schema, form fields and messages all come from it. */
import { z } from 'zod';
import { adapterShape } from './shapes/adapterShape';
import { datasetShape } from './shapes/datasetShape';
import { evaluationShape } from './shapes/evaluationShape';
import { machineShape } from './shapes/machineShape';
import { methodShape } from './shapes/methodShape';
import { modelShape } from './shapes/modelShape';
import { optimisationShape } from './shapes/optimisationShape';
import { publishingShape } from './shapes/publishingShape';
import { unusedField, unusedShape } from './shapes/unusedShape';

/** Keys are Merlina's TrainingConfig keys (2.2.0, merlina.py) and a few of ours; values are plain JSON. */
export const recipeSchema = z.strictObject({
  $schema: unusedField('Schema', 'Address of this schema, for editors.'),
  _metadata: unusedField('Metadata', 'What Merlina notes of a saved configuration: name, description, tags, version.'),
  ...modelShape,
  ...adapterShape,
  ...methodShape,
  ...optimisationShape,
  ...evaluationShape,
  ...publishingShape,
  ...machineShape,
  ...datasetShape,
  ...unusedShape,
}).meta({ title: 'Merlina recipe', description: 'What to train, on what, and how.' });

/** A complete recipe: every key present, defaults filled in. */
export type Recipe = z.output<typeof recipeSchema>;
/** A recipe as written: whatever has a default may be missing. */
export type RecipeInput = z.input<typeof recipeSchema>;

export type TrainingMode = Recipe['training_mode'];
export type SchedulerType = Recipe['lr_scheduler_type'];
export type OptimizerType = Recipe['optimizer_type'];
export type DatasetConfig = Recipe['dataset'];
export type DatasetSourceConfig = DatasetConfig['source'];
export type DatasetFormatConfig = DatasetConfig['format'];

/** A recipe of the given keys and defaults for all others. Throws zod's error where the keys are out of bounds: for code, not for files. */
export function makeRecipe(input: RecipeInput): Recipe {
  return recipeSchema.parse(input);
}

/** Every key that has a default, with it. Fresh at each call. */
export function recipeDefaults(): Omit<Recipe, 'output_name'> {
  const { output_name: _required, ...defaults } = makeRecipe({ output_name: 'defaults' });
  return defaults;
}

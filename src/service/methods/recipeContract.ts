/** What the service can be asked of a recipe and of models. */
import { z } from 'zod';
import { method } from '../../shared/calls';
import type { HubModel, ModelChoice } from '../../shared/panels/recipe';
import type { RecipeAssessment } from '../../shared/recipeAssessment';

export const recipeContract = {
  /** Comes twice: at once without the time, and with it when the machine is measured. */
  assessRecipe: method<RecipeAssessment, RecipeAssessment>()(z.object({
    /** With absolute paths, and uploads by their files. */
    recipe: z.record(z.string(), z.unknown()),
    /** Of the recipe's file. */
    baseDir: z.string(),
    /** Where runs will lie. */
    dataDirectory: z.string(),
  })),
  cachedModels: method<ModelChoice[]>()(z.object({})),
  searchModels: method<HubModel[]>()(z.object({ query: z.string() })),
};

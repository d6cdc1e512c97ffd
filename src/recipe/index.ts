/** The recipe's door: what to train, on what, and how. */
export { withAbsolutePaths, withSources } from './absolutePaths';
export { checkRecipe } from './checkRecipe';
export { datasetSettings } from './datasetSettings';
export { datasetSources, type PlacedSource } from './datasetSources';
export { editRecipeText, type RecipeChange, type TextChange, textChange } from './editRecipeText';
export { importMerlinaConfig, isMerlinaConfig } from './importMerlinaConfig';
export { type LoadedRecipe, loadRecipe, recipeOfText } from './loadRecipe';
export { type ParsedRecipe, parseRecipe, type ParseOptions, type RecipeOrigin } from './parseRecipe';
export { type Preset, type PresetLine, presets, withPreset } from './presets';
export { readRecipe, readShareCode } from './readRecipe';
export { type FieldKind, isRecipeKey, type RecipeField, recipeFields } from './recipeFields';
export { recipeJsonSchema } from './recipeJsonSchema';
export { recipeTable } from './recipeTable';
export { resolveCpoAlpha, resolveSaveSteps, resolveSteps, resolveTrainOnPrompt } from './resolveSteps';
export {
  type DatasetConfig, type DatasetFormatConfig, type DatasetSourceConfig, makeRecipe, type OptimizerType, type Recipe, recipeDefaults, type RecipeInput,
  recipeSchema, type SchedulerType, type TrainingMode,
} from './schema';
export { serialiseRecipe } from './serialiseRecipe';
export { type FieldExtra, type RecipeGroup, recipeGroups, type Regret, regrets, type UsedWhen } from './shapes/field';
export { type DecodedShareCode, decodeShareCode, encodeShareCode, type ShareCodeError, shareCodePrefix } from './shareCode';
export { type ParityResult, shareCodeParity } from './shareCodeParity';
export { placeOfKey } from './sourceText';
export { shareEnvelope } from './shareEnvelope';

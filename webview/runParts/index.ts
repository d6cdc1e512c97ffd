/** The door of what the views of one run and of several share. */
export { Answer, Prompt } from './answer';
export { RecipeTable } from './recipeTable';
export { answersAt, sampleSteps } from './samples';
export { isSavedCharts, type SavedCharts, useSaved } from './savedCharts';
import './runParts.css';

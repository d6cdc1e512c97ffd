/** The recipe wizard's page. */
import { startView } from '../ui/startView';
import { applyIncrement } from './applyIncrement';
import { RecipeView } from './recipeView';
import './recipe.css';

startView({ Root: RecipeView, apply: applyIncrement });

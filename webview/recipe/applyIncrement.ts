/** The wizard's state after an increment. */
import type { RecipeIncrement, RecipeState } from '../../src/shared/panels/recipe';

/** A document that is older than the one shown came late, and is dropped. */
export function applyIncrement(state: RecipeState, increment: RecipeIncrement): RecipeState {
  if ('document' in increment) return increment.document.version < state.version ? state : { ...state, ...increment.document };
  return { ...state, ...increment };
}

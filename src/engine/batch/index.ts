/** Rows → arrays of the training graph. */
export { GROUPS, parentsOf, type PromptLayout, type RowKind } from './layout';
export { pack, type Geometry, type Packed } from './pack';

/** Rows → arrays of the training graph. */
export { BLOCK_COLUMNS, blockTable, QUERIES_A_BLOCK } from './blocks';
export { batchParents, GROUPS, parentsOf, type PromptLayout, type RowKind } from './layout';
export { pack, type Geometry, type Packed } from './pack';

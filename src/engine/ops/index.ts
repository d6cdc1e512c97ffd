/** Every differentiable op; what is listed here is checked against central differences. */
import type { Op } from '../autodiff';
import { gatedActivationOp } from './activation';
import { attentionOp } from './attention';
import { blockAttentionOp } from './blockAttention';
import { addOp, affine, affineOp, log1mExpOp, logSigmoidOp, mulOp, sigmoidOp, squareOp, subOp, weightedSumOp } from './elementwise';
import { fromHeadsOp, gatherRowsOp, splitColumnsOp, toHeadsOp } from './layout';
import { linearOp } from './linear';
import { rmsNormOp } from './norm';
import { projectionsOp } from './projections';
import { ropeOp } from './rope';
import { pickLogpsOp, poolOp, tokenLogpsOp } from './tokenLogps';

export const ops: readonly Op<unknown>[] = [
  addOp, affineOp, attentionOp, blockAttentionOp, fromHeadsOp, gatedActivationOp, gatherRowsOp, linearOp, log1mExpOp, logSigmoidOp, mulOp, pickLogpsOp, poolOp, projectionsOp,
  rmsNormOp, ropeOp, sigmoidOp, splitColumnsOp, squareOp, subOp, toHeadsOp, tokenLogpsOp, weightedSumOp,
];
export { attentionMasks, visibility } from './attention';
export { blockLengths, BLOCKS, relativeMask } from './blockAttention';
export {
  addOp, affine, affineOp, attentionOp, blockAttentionOp, fromHeadsOp, gatedActivationOp, gatherRowsOp, linearOp, log1mExpOp, logSigmoidOp, mulOp, pickLogpsOp, poolOp, projectionsOp,
  rmsNormOp, ropeOp, sigmoidOp, splitColumnsOp, squareOp, subOp, toHeadsOp, tokenLogpsOp, weightedSumOp,
};

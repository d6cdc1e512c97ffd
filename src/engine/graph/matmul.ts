/** ONNX nodes that multiply matrices. */
import { broadcast, sameShape } from './dims';
import { ShapeError, type Graph, type Value } from './graph';

export interface GemmOptions { transA?: boolean; transB?: boolean; alpha?: number; plus?: Value }

/** alpha · a·b (+ plus).  a [M,K] or [K,M] with transA, b [K,N] or [N,K] with transB → [M,N]. A full-size `plus` is copied first, so an Add in place is faster. */
export function gemm(g: Graph, a: Value, b: Value, { transA = false, transB = false, alpha = 1, plus }: GemmOptions = {}): Value {
  if (a.shape.length !== 2 || b.shape.length !== 2) throw new ShapeError('Gemm', 'needs matrices', [a, b]);
  const [m, ka] = transA ? [a.shape[1], a.shape[0]] : a.shape;
  const [kb, n] = transB ? [b.shape[1], b.shape[0]] : b.shape;
  if (ka !== kb) throw new ShapeError('Gemm', 'inner dimensions differ', [a, b]);
  if (plus && !sameShape(plus.shape, [m, n]) && !sameShape(plus.shape, [n])) throw new ShapeError('Gemm', 'the addend does not fit', [a, b, plus]);
  const attributes = { ...(transA && { transA: 1 }), ...(transB && { transB: 1 }), ...(alpha !== 1 && { alpha: { float: alpha } }) };
  return g.node('Gemm', plus ? [a, b, plus] : [a, b], attributes, [{ dtype: a.dtype, shape: [m, n] }])[0];
}

/** alpha · a·b over the last two axes. Axes before are equal, or 1 in b, whose one matrix then meets all of a's. */
export function batchedMatmul(g: Graph, a: Value, b: Value, { transA = false, transB = false, alpha = 1 }: Omit<GemmOptions, 'plus'> = {}): Value {
  const rank = a.shape.length;
  const batch = a.shape.slice(0, -2);
  if (rank < 3 || b.shape.length !== rank || !sameShape(batch, broadcast(batch, b.shape.slice(0, -2)) ?? [])) throw new ShapeError('FusedMatMul', 'batch axes differ', [a, b]);
  const [m, ka] = transA ? [a.shape[rank - 1], a.shape[rank - 2]] : a.shape.slice(-2);
  const [kb, n] = transB ? [b.shape[rank - 1], b.shape[rank - 2]] : b.shape.slice(-2);
  if (ka !== kb) throw new ShapeError('FusedMatMul', 'inner dimensions differ', [a, b]);
  const attributes = { transA: Number(transA), transB: Number(transB), alpha: { float: alpha } };
  return g.node('FusedMatMul', [a, b], attributes, [{ dtype: a.dtype, shape: [...batch, m, n] }], 'com.microsoft')[0];
}

export interface AttentionOptions { heads: number; kvHeads: number; scale: number; softcap: number | null }

/** Attention of each query head over its key head, scores + mask before the softmax (capped before that).  q [1,Q,H·E], k, v [1,K,H'·E], mask float32 [Q,K] → [1,Q,H·E]. */
export function attention(g: Graph, q: Value, k: Value, v: Value, mask: Value, { heads, kvHeads, scale, softcap }: AttentionOptions): Value {
  if (![q, k, v].every(({ shape }) => shape.length === 3) || !sameShape(k.shape, v.shape) || !sameShape(mask.shape, [q.shape[1], k.shape[1]])) throw new ShapeError('Attention', 'does not fit', [q, k, v, mask]);
  const attributes = { q_num_heads: heads, kv_num_heads: kvHeads, scale: { float: scale }, ...(softcap !== null && { softcap: { float: softcap } }) };
  return g.node('Attention', [q, k, v, mask], attributes, [{ dtype: q.dtype, shape: q.shape }])[0];
}

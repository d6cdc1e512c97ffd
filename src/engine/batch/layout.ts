/** How a micro-batch of rows is laid out as segments, and which of their tokens are learnt from. The graph is built from a layout, a batch packed by it. */
import type { PairRow, SequenceRow, TrainingRow, UnpairedRow } from '../../shared/rows';

export type RowKind = 'sequence' | 'pair' | 'unpaired';

/** A run of tokens that attends to itself causally, and to its parent whole. */
export interface Segment {
  ids: readonly number[];
  /** Index of the segment in the same row that it continues. */
  parent: number | null;
}

/** A token that is predicted: from the hidden state at (segment, offset) of the row. */
export interface Target {
  segment: number;
  offset: number;
  label: number;
  /** Counts into the row's log-probability (the response), or only into the NLL (a prompt's own tokens). */
  inResponse: boolean;
}

export interface RowLayout {
  segments: Segment[];
  /** By group name, in the order of GROUPS[kind]; positions within one group never repeat. */
  groups: Target[][];
}

/** Names of the sequences whose log-probabilities a row has. */
export const GROUPS: Record<RowKind, readonly string[]> = {
  sequence: ['response'],
  pair: ['chosen', 'rejected'],
  unpaired: ['response', 'kl'],
};

/** "shared": a prompt is computed once for its responses. "padded": each response has its own copy and both are filled up to one length,
 *  as other trainers do; it computes the same and is kept to prove that. */
export type PromptLayout = 'shared' | 'padded';

/** Parents of a row's segments: the same for every row of a kind. */
export function parentsOf(kind: RowKind, layout: PromptLayout): readonly (number | null)[] {
  if (kind === 'sequence') return [null];
  return layout === 'shared' ? [null, 0, 0] : [null, null];
}

/** Parents of all segments of a micro-batch. */
export function batchParents(kind: RowKind, layout: PromptLayout, rows: number): (number | null)[] {
  const parents = parentsOf(kind, layout);
  return Array.from({ length: rows }, (_, row) => parents.map(parent => parent === null ? null : row * parents.length + parent)).flat();
}

/** `learnPrompt`: the prompt's own tokens are targets too (ORPO's NLL). */
export function layoutRow(kind: RowKind, row: TrainingRow, learnPrompt: boolean, layout: PromptLayout): RowLayout {
  if (kind === 'sequence') return layoutSequence(row as SequenceRow);
  const { prompt, responses } = kind === 'pair' ? ofPair(row as PairRow) : ofUnpaired(row as UnpairedRow);
  const withPrompt = learnPrompt && kind === 'pair';
  return layout === 'shared' ? layoutTree(prompt, responses, withPrompt) : layoutPadded(prompt, responses, withPrompt);
}

function ofPair({ prompt, chosen, rejected }: PairRow) { return { prompt, responses: [chosen, rejected] }; }
function ofUnpaired({ prompt, response, kl_response }: UnpairedRow) { return { prompt, responses: [response, kl_response ?? response] }; }

/** A row that costs next to nothing, to fill up a short batch; its weight in the loss is 0. */
export function fillerRow(kind: RowKind): TrainingRow {
  if (kind === 'sequence') return { ids: [0, 0], labels: [0, 0] };
  if (kind === 'pair') return { prompt: [0], chosen: [0], rejected: [0] };
  return { prompt: [0], response: [0], label: true, kl_response: [0] };
}

function layoutSequence({ ids, labels }: SequenceRow): RowLayout {
  const targets: Target[] = [];
  for (let offset = 0; offset + 1 < ids.length; offset++)
    if (labels[offset + 1] !== IGNORED) targets.push({ segment: 0, offset, label: labels[offset + 1], inResponse: true });
  return { segments: [{ ids, parent: null }], groups: [targets] };
}

/** Label of a token that is not learnt from. */
const IGNORED = -100;

function layoutTree(prompt: readonly number[], responses: readonly (readonly number[])[], learnPrompt: boolean): RowLayout {
  const segments: Segment[] = [{ ids: prompt, parent: null }, ...responses.map(ids => ({ ids, parent: 0 }))];
  const groups = responses.map((ids, i) => {
    const own = ids.map((label, at): Target => at === 0
      ? { segment: 0, offset: prompt.length - 1, label, inResponse: true }
      : { segment: i + 1, offset: at - 1, label, inResponse: true });
    const before = learnPrompt && i === 0
      ? prompt.slice(1).map((label, offset): Target => ({ segment: 0, offset, label, inResponse: false }))
      : [];
    return [...before, ...own];
  });
  return { segments, groups };
}

function layoutPadded(prompt: readonly number[], responses: readonly (readonly number[])[], learnPrompt: boolean): RowLayout {
  const longest = prompt.length + Math.max(...responses.map(ids => ids.length));
  const padded = (ids: readonly number[]) => [...prompt, ...ids, ...new Array<number>(longest - prompt.length - ids.length).fill(0)];
  const groups = responses.map((ids, segment) => [...prompt, ...ids].slice(1)
    .map((label, offset): Target => ({ segment, offset, label, inResponse: offset >= prompt.length - 1 }))
    .filter(({ inResponse }) => inResponse || (learnPrompt && segment === 0)));
  return { segments: responses.map(ids => ({ ids: padded(ids), parent: null })), groups };
}

/** What a run needs of a device's memory, component by component. */

/** In the order shown. Names are Merlina's; `runtime` is the embedded engine's, where Merlina's formula has `cuda_context`. */
export const MEMORY_COMPONENTS = [
  'model_weights', 'reference_model', 'trainable_params', 'gradients', 'optimizer_states', 'activations', 'logits_and_loss',
  'runtime', 'cuda_context', 'fragmentation_buffer',
] as const;
export type MemoryComponent = (typeof MEMORY_COMPONENTS)[number];

/** What no setting of the recipe changes. */
const FIXED: readonly MemoryComponent[] = ['runtime', 'cuda_context', 'fragmentation_buffer'];

export interface MemoryEstimate {
  readonly totalBytes: number;
  /** Components that are 0 are absent. */
  readonly components: Readonly<Partial<Record<MemoryComponent, number>>>;
  /** The largest component that settings can change. */
  readonly dominant: MemoryComponent | undefined;
  readonly confidence: 'high' | 'medium' | 'low';
  readonly notes: readonly string[];
}

/** GB here is 1024³ bytes, as in Merlina. */
export const GB = 1024 ** 3;

/** Sums up; components of 0 bytes are left out. */
export function memoryEstimate(bytes: Partial<Record<MemoryComponent, number>>, { confidence, notes }: Pick<MemoryEstimate, 'confidence' | 'notes'>): MemoryEstimate {
  const present = MEMORY_COMPONENTS.flatMap((name): [MemoryComponent, number][] => (bytes[name] ?? 0) > 0 ? [[name, bytes[name]!]] : []);
  const changeable = present.filter(([name]) => !FIXED.includes(name));
  const largest = changeable.reduce<[MemoryComponent, number] | undefined>((best, one) => best && best[1] >= one[1] ? best : one, undefined);
  return { totalBytes: present.reduce((sum, [, size]) => sum + size, 0), components: Object.fromEntries(present), dominant: largest?.[0], confidence, notes };
}

/** What a graph can be computed on. The CPU is the reference; the others are onnxruntime's providers of the same names. */
export const DEVICES = ['cpu', 'webgpu', 'cuda', 'dml'] as const;

export type Device = (typeof DEVICES)[number];

export function isDevice(name: string): name is Device {
  return (DEVICES as readonly string[]).includes(name);
}

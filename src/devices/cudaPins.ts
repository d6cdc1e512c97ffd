/** The CUDA provider that fits the runtime: which release of the Python wheel carries it, and what its files must be. */

export interface ProviderPins {
  /** Of onnxruntime-node, whose libraries fit no other. */
  readonly runtimeVersion: string;
  readonly distribution: string;
  /** pip's names for the wheel: its Python does not matter, only its libraries are used. */
  readonly wheel: { readonly platform: string; readonly pythonVersion: string; readonly abi: string; readonly sha256: string };
  /** CUDA that the machine needs to have. */
  readonly cudaMajor: number;
  /** By path in the wheel, to lie beside the runtime's own library. */
  readonly files: Readonly<Record<string, string>>;
}

/** Built from the commit that onnxruntime-node 1.30.0 was built from (f2c39fe2f, by the build information in both). The package that
 *  onnxruntime-node's own install script would fetch is a build for CUDA 12 whose hash is not published where we could pin it. */
export const CUDA_PINS: ProviderPins = {
  runtimeVersion: '1.30.0',
  distribution: 'onnxruntime-gpu',
  wheel: { platform: 'manylinux_2_28_x86_64', pythonVersion: '3.11', abi: 'cp311', sha256: '4fbf0c5d7b5fb99266c2e8a802e3e64af68bdc383e0f3c7349b985f1087eedaa' },
  cudaMajor: 13,
  files: {
    'onnxruntime/capi/libonnxruntime_providers_cuda.so': '9d7587acb137b31bf84e4d32dc444b969bb601d098b01395effcacfe4341e364',
    'onnxruntime/capi/libonnxruntime_providers_shared.so': '086ec1d5388f64153d9c63470d126693db9a182c8ce236d3a1119068471b8a0d',
  },
};

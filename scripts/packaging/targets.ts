/** The platforms a package is made for, and the native files of onnxruntime that each needs. */

export interface Target {
  /** As the marketplace names it. */
  name: string;
  /** Below onnxruntime-node/bin/napi-vN; undefined where there are none: what needs no engine works, and training says what to do. */
  binaries: string | undefined;
}

export const TARGETS: readonly Target[] = [
  { name: 'linux-x64', binaries: 'linux/x64' },
  { name: 'linux-arm64', binaries: 'linux/arm64' },
  { name: 'darwin-arm64', binaries: 'darwin/arm64' },
  { name: 'win32-x64', binaries: 'win32/x64' },
  { name: 'win32-arm64', binaries: 'win32/arm64' },
  { name: 'darwin-x64', binaries: undefined },
  { name: 'alpine-x64', binaries: undefined },
  { name: 'alpine-arm64', binaries: undefined },
];

/** The target of the machine this runs on; alpine where there is no glibc. */
export function ownTarget(): Target {
  const { header } = process.report.getReport() as unknown as { header: { glibcVersionRuntime?: string } };
  const system = process.platform === 'linux' && header.glibcVersionRuntime === undefined ? 'alpine' : process.platform;
  const name = `${system}-${process.arch}`;
  const found = TARGETS.find(target => target.name === name);
  if (!found) throw new Error(`There is no package for ${name}. There is one for: ${TARGETS.map(target => target.name).join(', ')}.`);
  return found;
}

/** Whether a file of onnxruntime-node (relative, with slashes) belongs into the target's package. */
export function isNeeded(file: string, { binaries }: Target): boolean {
  const inBin = /^bin\/napi-v\d+\/(.+)$/.exec(file)?.[1];
  if (inBin === undefined) return file === 'package.json' || /^dist\/.*\.js$/.test(file);
  // The same library under a second name, that nothing links.
  if (/\/libonnxruntime\.\d+\.\d+\.\d+\.dylib$/.test(inBin)) return false;
  return binaries !== undefined && inBin.startsWith(`${binaries}/`);
}

/** What the C library of Linux is told about memory before a trainer starts; a process cannot change it for itself.
 *
 *  onnxruntime takes and frees tensors of some megabytes thousands of times a step. glibc gives such pieces back to the system and takes them anew, and each
 *  page of 4 KiB costs a fault: some hundred thousand a step. So they stay with the process, on pages of 2 MiB where the system has them.
 *  https://sourceware.org/glibc/manual/latest/html_node/Memory-Allocation-Tunables.html; other C libraries and older versions take no notice.
 */
const TUNABLES = {
  'glibc.malloc.hugetlb': 1,
  // The most that is allowed; larger pieces are few.
  'glibc.malloc.mmap_threshold': 32 * 2 ** 20,
  'glibc.malloc.trim_threshold': 2_000_000_000,
};

const VARIABLE = 'GLIBC_TUNABLES';

/** Empty where there is nothing to say, or the user has said it. */
export function allocatorEnvironment(platform: NodeJS.Platform = process.platform, env: NodeJS.ProcessEnv = process.env): Record<string, string> {
  if (platform !== 'linux' || env[VARIABLE] !== undefined) return {};
  return { [VARIABLE]: Object.entries(TUNABLES).map(([name, value]) => `${name}=${value}`).join(':') };
}

/** Numbers as people read them, the same in VS Code's own parts and in views. */

/** "1.832", "0.0004321": 4 significant digits. */
export function formatLoss(value: number): string {
  return Number.isFinite(value) ? Number(value.toPrecision(4)).toString() : String(value);
}

/** "8.0e-6". */
export function formatLearningRate(value: number): string {
  return value === 0 ? '0' : value.toExponential(1);
}

/** "3 min 20 s" of seconds. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

/** "2.1 GB" of bytes; smaller ones in MB and kB. */
export function formatBytes(bytes: number): string {
  if (bytes >= 1e9) return `${(bytes / 1e9).toFixed(1)} GB`;
  return bytes >= 1e6 ? `${(bytes / 1e6).toFixed(1)} MB` : `${Math.ceil(bytes / 1e3)} kB`;
}

/** "4 min" of seconds, as a rough time to wait: whole minutes from one minute on. */
export function formatWait(seconds: number): string {
  if (seconds < 60) return formatDuration(seconds);
  const minutes = Math.ceil(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

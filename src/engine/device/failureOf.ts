/** A device that gave up, as a Problem: what the runtime said, without the place in its source, and the way out. */
import { problemError, type ProblemError } from '../../shared/problem';
import type { Device } from './device';

export function failureOf(device: Device, cause: unknown): ProblemError {
  return problemError('engine/device-failed', `The device "${device}" could not compute this model: ${reasonIn(cause instanceof Error ? cause.message : String(cause))}.`, {
    fix: { text: 'Set device to "cpu".', set: { key: 'device', value: 'cpu' } },
  }, cause);
}

/** The words of a message of onnxruntime's that say what was wrong. */
export function reasonIn(message: string): string {
  const line = message.split('\n').find(text => text.trim() !== '') ?? message;
  if (/requires f16 but the device does not support it/.test(line)) return 'its shaders have no float16 (shader-f16)';
  const cuda = /CUDA failure \d+: [^;]+/.exec(line)?.[0];
  return (cuda ?? line.replace(/^\S+\.(?:cc|h|cpp):\d+ .*? was false\. /, '').replace(/^Non-zero status code .* Status Message: /, '')).trim().replace(/\.$/, '');
}

/** Share codes: a configuration as one line of text, the same as Merlina's. `merlina-config-v1:` + base64url(gzip(JSON)).
 *  Source: Merlina 2.2.0, encode_config_payload / decode_config_payload; what it refuses with null has a name here. */
import { gunzipSync, gzipSync } from 'node:zlib';
import { type Problem, problemError } from '../shared/problem';
import { isObject, type JsonObject } from './jsonPath';
import { withoutSecrets } from './secrets';

export const shareCodePrefix = 'merlina-config-v1:';
/** Merlina's limits; prefix included in the first. */
export const maxCodeChars = 512 * 1024;
export const maxDecodedBytes = 4 * 1024 * 1024;
/** A configuration is four levels deep; a hostile one could be millions. */
const maxDepth = 32;

export type ShareCodeError =
  | 'empty' | 'not_a_code' | 'unknown_version' | 'bad_base64' | 'bad_gzip' | 'bad_json' | 'not_an_object' | 'too_large';

export type DecodedShareCode =
  | { ok: true; envelope: JsonObject }
  | { ok: false; error: ShareCodeError; problem: Problem };

/** Encodes any configuration; secrets are left out. Throws ProblemError `share-code/too_large` where Merlina would refuse the code. */
export function encodeShareCode(envelope: JsonObject): string {
  const json = asciiJson(withoutSecrets(envelope));
  const code = shareCodePrefix + gzipSync(json, { level: 9 }).toString('base64').replaceAll('+', '-').replaceAll('/', '_');
  if (json.length > maxDecodedBytes || code.length > maxCodeChars) {
    throw problemError('share-code/too_large', `The configuration takes ${code.length} characters as a share code; the limit is ${maxCodeChars}.`,
      { fix: { text: 'Share the recipe file instead.' } });
  }
  return code;
}

/** Decodes a code, with text before it and line breaks in it, or the configuration itself as JSON, bare or in a Markdown fence. */
export function decodeShareCode(text: string): DecodedShareCode {
  const trimmed = text.trim();
  if (trimmed === '') return refuse('empty', 'There is no text.');
  const code = /merlina-config-v(\d+):/.exec(trimmed);
  if (!code) return decodePlainJson(trimmed);
  if (code[1] !== '1') return refuse('unknown_version', `The code is of version ${code[1]}; only version 1 is known.`);

  const body = trimmed.slice(code.index + code[0].length).replace(/\s+/g, '').replace(/`+$/, '');
  const length = shareCodePrefix.length + body.length;
  if (length > maxCodeChars) return refuse('too_large', `The code has ${length} characters; the limit is ${maxCodeChars}.`);
  if (!/^[A-Za-z0-9_+/-]+={0,2}$/.test(body) || body.replace(/=+$/, '').length % 4 === 1) {
    return refuse('bad_base64', 'What follows "merlina-config-v1:" is not base64url.');
  }
  const unzipped = gunzip(Buffer.from(body, 'base64url'));
  return Buffer.isBuffer(unzipped) ? decodeJson(unzipped) : unzipped;
}

function decodePlainJson(text: string): DecodedShareCode {
  const fenced = /^```\w*\s*\n([\s\S]*?)\n?```$/.exec(text);
  const json = (fenced?.[1] ?? text).trim();
  if (!/^[{[]/.test(json)) return refuse('not_a_code', 'The text holds no "merlina-config-v1:" and is not JSON.');
  const bytes = Buffer.from(json);
  return bytes.length > maxDecodedBytes ? tooManyBytes() : decodeJson(bytes);
}

function gunzip(bytes: Buffer): Buffer | DecodedShareCode {
  try {
    return gunzipSync(bytes, { maxOutputLength: maxDecodedBytes });
  } catch (error) {
    if (error instanceof RangeError) return tooManyBytes();
    return refuse('bad_gzip', 'The code is damaged or incomplete (gzip).');
  }
}

function decodeJson(bytes: Buffer): DecodedShareCode {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return refuse('bad_json', 'The code holds no valid JSON.');
  }
  if (!isObject(value)) return refuse('not_an_object', 'The code holds JSON, but not an object.');
  if (!isAtMostDeep(value, maxDepth)) return refuse('too_large', `The configuration is nested more than ${maxDepth} levels deep.`);
  return { ok: true, envelope: withoutSecrets(value) };
}

function refuse(error: ShareCodeError, text: string): { ok: false; error: ShareCodeError; problem: Problem } {
  return { ok: false, error, problem: {
    id: `share-code/${error}`, severity: 'error', text, fix: { text: 'Copy the whole code again, from "merlina-config-v1:" to its end.' },
  } };
}

function tooManyBytes(): DecodedShareCode {
  return refuse('too_large', `The configuration is larger than ${maxDecodedBytes} bytes when unpacked.`);
}

function isAtMostDeep(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return levels > 0 && Object.values(value).every(inner => isAtMostDeep(inner, levels - 1));
}

/** As Python's json.dumps writes it by default for Merlina: everything beyond ASCII as \u escapes. */
function asciiJson(value: unknown): string {
  return JSON.stringify(value).replace(/[\u007f-\uffff]/g, char => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

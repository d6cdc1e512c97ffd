/** Compares share codes with the reference cases of Merlina (layout: reference/text/sharecode.json), for tests and `merlina parity`. */
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { ProblemError } from '../shared/problem';
import type { JsonObject } from './jsonPath';
import { decodeShareCode, encodeShareCode } from './shareCode';

export interface ParityResult { name: string; ok: boolean; detail?: string }

const envelopeSchema = z.record(z.string(), z.unknown());
const fixtureSchema = z.object({
  valid: z.array(z.object({ id: z.string(), envelope: envelopeSchema, code: z.string() })),
  accepted_variants: z.array(z.object({ id: z.string(), text: z.string(), decodes_to: z.string() })),
  malformed: z.array(z.object({
    id: z.string(), error_class: z.string(), text: z.string().optional(),
    text_rule: z.object({ prefix: z.string(), repeat: z.string(), times: z.number() }).optional(),
  })),
});

/** One result a case, in the order of the file. A file of another layout is one failed case that says so. */
export function shareCodeParity(fixture: unknown): ParityResult[] {
  const parsed = fixtureSchema.safeParse(fixture);
  if (!parsed.success) return [{ name: 'sharecode', ok: false, detail: `not a share code fixture: ${z.prettifyError(parsed.error)}` }];
  const { valid, accepted_variants, malformed } = parsed.data;
  const envelopes = new Map(valid.map(({ id, envelope }) => [id, envelope]));
  return [
    ...valid.map(({ id, envelope, code }) => result(`sharecode/decode/${id}`, decodesTo(code, envelope))),
    ...valid.map(({ id, envelope }) => result(`sharecode/encode/${id}`, roundTrip(envelope))),
    ...accepted_variants.map(({ id, text, decodes_to }) => result(`sharecode/variant/${id}`, decodesTo(text, envelopes.get(decodes_to) ?? {}))),
    ...malformed.map(({ id, error_class, text, text_rule }) => result(`sharecode/malformed/${id}`,
      refusedAs(text ?? (text_rule ? text_rule.prefix + text_rule.repeat.repeat(text_rule.times) : ''), error_class))),
  ];
}

/** Undefined where the case agrees. */
type Difference = string | undefined;

function result(name: string, detail: Difference): ParityResult {
  return detail === undefined ? { name, ok: true } : { name, ok: false, detail };
}

function decodesTo(text: string, envelope: JsonObject): Difference {
  const decoded = decodeShareCode(text);
  if (!decoded.ok) return `refused as ${decoded.error}, expected to decode`;
  const keys = [...new Set([...Object.keys(envelope), ...Object.keys(decoded.envelope)])];
  const different = keys.filter(key => !isDeepStrictEqual(decoded.envelope[key], envelope[key]));
  return different.length === 0 ? undefined : `differs in ${different.join(', ')}`;
}

function roundTrip(envelope: JsonObject): Difference {
  try {
    return decodesTo(encodeShareCode(envelope), envelope);
  } catch (error) {
    if (error instanceof ProblemError) return error.message;
    throw error;
  }
}

function refusedAs(text: string, errorClass: string): Difference {
  const decoded = decodeShareCode(text);
  const actual = decoded.ok ? 'accepted' : decoded.error;
  return actual === errorClass ? undefined : `${actual}, expected ${errorClass}`;
}

/** Spellings that Merlina accepts for the same value, brought to one before the schema sees them. */
import { isObject, type JsonObject } from './jsonPath';

/** A copy with GGUF types in capitals and once each, format names in small letters, and a namespace without address and slashes. */
export function normaliseInput(json: JsonObject): JsonObject {
  const copy = { ...json };
  if (isTexts(copy.gguf_quant_types)) copy.gguf_quant_types = [...new Set(copy.gguf_quant_types.map(type => type.toUpperCase()))];
  if (typeof copy.hf_namespace === 'string') copy.hf_namespace = bareNamespace(copy.hf_namespace);
  if (isObject(copy.dataset) && isObject(copy.dataset.format) && typeof copy.dataset.format.format_type === 'string') {
    copy.dataset = { ...copy.dataset, format: { ...copy.dataset.format, format_type: copy.dataset.format.format_type.toLowerCase() } };
  }
  return copy;
}

/** "https://huggingface.co/my-org/" → "my-org"; nothing left is null. */
function bareNamespace(text: string): string | null {
  return text.trim().replace(/^https?:\/\/(www\.)?huggingface\.co\//i, '').replace(/^@|^\/+|\/+$/g, '') || null;
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every(entry => typeof entry === 'string');
}

/** Values as a form writes and reads them. */
import type { FormField } from '../../src/shared/panels/recipe';
import { visibleText } from '../../src/shared/visibleText';
import { l10n } from '../ui/l10n';

/** As a person reads a value beside its field. */
export function shownValue(value: unknown): string {
  if (value === null || value === undefined) return l10n.t('none');
  if (typeof value === 'boolean') return value ? l10n.t('on') : l10n.t('off');
  if (typeof value === 'number') return numberText(value);
  if (Array.isArray(value)) return value.length === 0 ? l10n.t('none') : visibleText(value.map(String).join(', '));
  return visibleText(typeof value === 'string' ? value : JSON.stringify(value));
}

/** "8e-6" for what would need many zeros. */
export function numberText(value: number): string {
  return value !== 0 && Math.abs(value) < 1e-3 ? value.toExponential() : String(value);
}

/** What was typed as the field's value; undefined where it is none. Nothing typed is null where the field may be null. */
export function parseTyped(field: FormField, text: string): { value: unknown } | undefined {
  const trimmed = text.trim();
  switch (field.kind) {
    case 'integer': case 'number': {
      if (trimmed === '') return field.isNullable ? { value: null } : undefined;
      const number = Number(trimmed);
      return Number.isFinite(number) ? { value: number } : undefined;
    }
    case 'list': {
      const entries = text.split('\n').map(line => line.trim()).filter(Boolean);
      return { value: entries.length === 0 && field.isNullable ? null : entries };
    }
    case 'map': return parseMap(text, field.isNullable);
    default: return { value: text === '' && field.isNullable ? null : text };
  }
}

/** One "name: value" a line. */
function parseMap(text: string, isNullable: boolean): { value: unknown } | undefined {
  const lines = text.split('\n').filter(line => line.trim() !== '');
  if (lines.length === 0) return { value: isNullable ? null : {} };
  const pairs = lines.map(line => /^(.+):\s*(\S+)\s*$/.exec(line));
  return pairs.every(pair => pair !== null) ? { value: Object.fromEntries(pairs.map(([, name, value]) => [name!.trim(), value])) } : undefined;
}

/** The value as it is typed. */
export function typedText(field: FormField, value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number') return numberText(value);
  if (Array.isArray(value)) return value.map(String).join('\n');
  if (field.kind === 'map' && typeof value === 'object') return Object.entries(value).map(([name, one]) => `${name}: ${String(one)}`).join('\n');
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** "1 to 512", "above 0, at most 1000": what a number may be; empty where it may be any. */
export function boundsText({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: FormField): string {
  const low = minimum !== undefined ? numberText(minimum) : undefined, high = maximum !== undefined ? numberText(maximum) : undefined;
  if (low !== undefined && high !== undefined) return l10n.t('{0} to {1}', low, high);
  return [
    low === undefined ? undefined : l10n.t('at least {0}', low),
    exclusiveMinimum === undefined ? undefined : l10n.t('above {0}', numberText(exclusiveMinimum)),
    high === undefined ? undefined : l10n.t('at most {0}', high),
    exclusiveMaximum === undefined ? undefined : l10n.t('below {0}', numberText(exclusiveMaximum)),
  ].filter(part => part !== undefined).join(', ');
}

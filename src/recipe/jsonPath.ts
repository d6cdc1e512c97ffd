/** Values inside parsed JSON, by path. */

export type JsonObject = Record<string, unknown>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value at a path, undefined where the path leads nowhere; own properties only. */
export function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((inner, key) => typeof inner === 'object' && inner !== null && Object.hasOwn(inner, key)
    ? (inner as Record<PropertyKey, unknown>)[key] : undefined, value);
}

/** "dataset.additional_sources.0.split" for ['dataset', 'additional_sources', 0, 'split']. */
export function dotted(path: readonly PropertyKey[]): string {
  return path.map(String).join('.');
}

/** The path of a dotted key; digits are places in lists. */
export function undotted(key: string): PropertyKey[] {
  return key === '' ? [] : key.split('.').map(part => /^\d+$/.test(part) ? Number(part) : part);
}

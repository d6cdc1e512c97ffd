/** What the bench compares, by name. */

export interface OurOptions { isCheckpointing: boolean; is4bit: boolean; isInt8?: boolean }
export interface TrlOptions { isCheckpointing: boolean; isBfloat16: boolean }
export type Setting = { name: string } & ({ ours: OurOptions } | { trl: TrlOptions });

export const settings: readonly Setting[] = [
  { name: 'float32', ours: { isCheckpointing: false, is4bit: false } },
  { name: 'float32-checkpointing', ours: { isCheckpointing: true, is4bit: false } },
  { name: 'int8', ours: { isCheckpointing: false, is4bit: false, isInt8: true } },
  { name: '4bit-checkpointing', ours: { isCheckpointing: true, is4bit: true } },
  { name: 'trl-float32', trl: { isCheckpointing: false, isBfloat16: false } },
  { name: 'trl-bfloat16', trl: { isCheckpointing: false, isBfloat16: true } },
  { name: 'trl-checkpointing', trl: { isCheckpointing: true, isBfloat16: false } },
];

/** The settings of these names, in the order of the list. Throws for a name that is none. */
export function chosenSettings(names: readonly string[]): Setting[] {
  const unknown = names.find(name => !settings.some(setting => setting.name === name));
  if (unknown !== undefined) throw new Error(`--only ${unknown}: there is ${settings.map(({ name }) => name).join(', ')}.`);
  return settings.filter(({ name }) => names.length === 0 || names.includes(name));
}

/** Those of them that are ours. */
export function ourSettings(names: readonly string[]): ({ name: string } & OurOptions)[] {
  return chosenSettings(names).flatMap(setting => 'ours' in setting ? [{ name: setting.name, ...setting.ours }] : []);
}

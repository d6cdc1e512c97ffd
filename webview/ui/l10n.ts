/** Texts in VS Code's language: the same strings and the same call as in the extension host. */
import { boot } from './host';

export const l10n = {
  /** `{0}` stands for the first of `values`. */
  t(text: string, ...values: (string | number)[]): string {
    return (boot.strings[text] ?? text).replaceAll(/\{(\d+)\}/g, (hole, index: string) => String(values[Number(index)] ?? hole));
  },
};

/** What characters a text is made of. */

export interface TextScan {
  hasControl: boolean;
  /** Halves of surrogate pairs: no character, and nothing that UTF-8 can say. */
  isBroken: boolean;
  nonLatinLetters: number;
}

const PLAIN: TextScan = { hasControl: false, isBroken: false, nonLatinLetters: 0 };
/** Most text is ASCII, and the regular expression sees that faster than any loop. */
const NOT_PLAIN = /[^\t\n\r\x20-\x7e]/;
const [CONTROL, NON_LATIN] = [1, 2];
const HALF = /\p{Cs}/u;

export function scanText(text: string): TextScan {
  if (!NOT_PLAIN.test(text)) return PLAIN;
  const classes = (classesOfUnits ??= makeClasses());
  let hasControl = false;
  let nonLatinLetters = 0;
  for (let at = 0; at < text.length; at++) {
    const kind = classes[text.charCodeAt(at)];
    if (kind === NON_LATIN) nonLatinLetters++;
    else if (kind === CONTROL) hasControl = true;
  }
  return { hasControl, isBroken: HALF.test(text), nonLatinLetters };
}

let classesOfUnits: Uint8Array | undefined;

/** By UTF-16 unit. Letters beyond 0xffff are rare scripts, and count as none. */
function makeClasses(): Uint8Array {
  const classes = new Uint8Array(0x10000);
  for (let unit = 0; unit < 0x10000; unit++) {
    const character = String.fromCharCode(unit);
    if (/\p{L}/u.test(character) && !/\p{Script=Latin}/u.test(character)) classes[unit] = NON_LATIN!;
    else if (/[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]/.test(character)) classes[unit] = CONTROL!;
  }
  return classes;
}

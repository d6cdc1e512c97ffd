/** The printable stand-ins that byte-level BPE gives to the 256 bytes (GPT-2's table). */

/** Character for each byte: printable Latin-1 stands for itself, the rest is moved to U+0100 and up in order. */
export const BYTE_CHARACTERS: readonly string[] = (() => {
  let moved = 0;
  return Array.from({ length: 256 }, (_, byte) => {
    const printable = (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae;
    return String.fromCharCode(printable ? byte : 256 + moved++);
  });
})();

/** UTF-8 text as stand-in characters, one a byte. */
export function toByteCharacters(text: string): string[] {
  return [...new TextEncoder().encode(text)].map((byte) => BYTE_CHARACTERS[byte]);
}

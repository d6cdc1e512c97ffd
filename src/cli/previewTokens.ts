/** Tokens in a terminal: coloured by what becomes of them, or with a mask below where there are no colours. */
import type { TokenPreview, TokenSequence } from '../shared/datasetPreview';
import { visibleText } from '../shared/visibleText';
import { counted } from './figures';

/** Select Graphic Rendition. */
const RESET = '\x1b[0m';
const [DIM, STRUCK, YELLOW, GREEN] = ['\x1b[2m', '\x1b[2;9m', '\x1b[33m', '\x1b[32m'];
/** Between two tokens. */
const BORDER = '|';

export const TOKEN_LEGEND = `"${BORDER}" parts tokens. Below them: . read, ^ learnt, x cut away.`;
export const COLOUR_LEGEND = `${DIM}read${RESET}, ${GREEN}learnt${RESET}, ${STRUCK}cut away${RESET}, ${YELLOW}control token${RESET}`;

export function tokenLines(tokens: readonly TokenPreview[], columns: number, hasColours: boolean): string {
  const lines = wrap(tokens, Math.max(20, columns - 4));
  return lines.map(line => hasColours ? `  ${line.map(coloured).join(`${DIM}${BORDER}${RESET}`)}\n` : masked(line)).join('');
}

/** "chosen: 52 prompt + 18 response tokens, 18 learnt; ends with <|im_end|>". */
export function sequenceSummary(sequence: TokenSequence): string {
  const { response, promptTokens, responseTokens, promptTokensCut, responseTokensCut, trainedTokens, stop, bosCount } = sequence;
  const cut = [promptTokensCut > 0 ? `the prompt lost ${counted(promptTokensCut)}` : '', responseTokensCut > 0 ? `the response lost ${counted(responseTokensCut)}` : ''].filter(Boolean);
  return [
    `${response}: ${counted(promptTokens)} prompt + ${counted(responseTokens)} response tokens, ${counted(trainedTokens)} learnt`,
    stop === null ? 'NO stop token at the end' : `ends with ${visibleText(stop)}`,
    ...cut,
    ...(bosCount > 1 ? [`${bosCount} BOS tokens`] : []),
  ].join('; ');
}

function coloured(token: TokenPreview): string {
  const colour = token.isCut ? STRUCK : token.isSpecial ? YELLOW : token.isTrained ? GREEN : DIM;
  return `${colour}${visibleText(token.text)}${RESET}`;
}

function masked(line: readonly TokenPreview[]): string {
  const mask = (token: TokenPreview): string => (token.isCut ? 'x' : token.isTrained ? '^' : '.').repeat(widthOf(visibleText(token.text)));
  return `  ${line.map(token => visibleText(token.text)).join(BORDER)}\n  ${line.map(mask).join(' ')}\n`;
}

/** Lines no wider than `width`, a wider token alone. */
function wrap(tokens: readonly TokenPreview[], width: number): TokenPreview[][] {
  const lines: TokenPreview[][] = [];
  let used = width;
  for (const token of tokens) {
    const wide = widthOf(visibleText(token.text)) + BORDER.length;
    if (used + wide > width) {
      lines.push([]);
      used = 0;
    }
    lines[lines.length - 1]!.push(token);
    used += wide;
  }
  return lines;
}

const WIDE = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;
const JOINING = /[\p{M}\u200c\u200d]/u;

/** Columns of a terminal that a text takes. */
function widthOf(text: string): number {
  return [...text].reduce((sum, character) => sum + (WIDE.test(character) ? 2 : JOINING.test(character) ? 0 : 1), 0);
}

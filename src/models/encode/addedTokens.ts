/** Where a text holds added tokens ("<|im_end|>", runs of newlines): the text is cut there before anything else is done to it. */

/** The part of an entry of tokenizer.json's added_tokens that decides how text is cut. */
export interface AddedToken {
  id: number;
  content: string;
  /** Takes the blanks before or after it along. */
  lstrip: boolean;
  rstrip: boolean;
}

interface Node {
  next: Map<number, Node>;
  /** The token that ends here. */
  token?: AddedToken;
}

export class AddedTokenCutter {
  private readonly root: Node = { next: new Map() };
  /** By UTF-16 unit: 1 where a token begins with it. Most units of a text are passed over by this alone. */
  private readonly begins = new Uint8Array(0x10000);
  private readonly byContent = new Map<string, AddedToken>();
  private readonly trims: boolean;
  private longest = 0;

  constructor(tokens: readonly AddedToken[]) {
    for (const token of tokens) {
      if (token.content !== '') this.add(token);
    }
    this.trims = tokens.some(({ lstrip, rstrip }) => lstrip || rstrip);
  }

  /** The text in sections, each an added token or text between two; the leftmost and then longest token wins. Joined they are the text,
   *  less what lstrip and rstrip drop. */
  cut(text: string): string[] {
    const sections: string[] = [];
    let from = 0;
    for (let at = 0; at < text.length;) {
      const token = this.begins[text.charCodeAt(at)] === 1 ? this.tokenAt(text, at) : undefined;
      if (!token) { at++; continue; }
      if (at > from) sections.push(text.slice(from, at));
      sections.push(token.content);
      at += token.content.length;
      from = at;
    }
    if (from < text.length) sections.push(text.slice(from));
    if (this.trims) this.trim(sections);
    return sections;
  }

  /** The token that a section is; undefined for text. */
  tokenOf(section: string): AddedToken | undefined {
    return section.length > this.longest ? undefined : this.byContent.get(section);
  }

  private add(token: AddedToken): void {
    let node = this.root;
    for (let i = 0; i < token.content.length; i++) {
      const unit = token.content.charCodeAt(i);
      const next = node.next.get(unit) ?? { next: new Map<number, Node>() };
      node.next.set(unit, next);
      node = next;
    }
    node.token = token;
    this.begins[token.content.charCodeAt(0)] = 1;
    this.byContent.set(token.content, token);
    this.longest = Math.max(this.longest, token.content.length);
  }

  private tokenAt(text: string, start: number): AddedToken | undefined {
    let found: AddedToken | undefined;
    let node: Node | undefined = this.root;
    for (let at = start; at < text.length; at++) {
      node = node.next.get(text.charCodeAt(at));
      if (!node) break;
      found = node.token ?? found;
    }
    return found;
  }

  private trim(sections: string[]): void {
    for (let i = 0; i < sections.length; i++) {
      const token = this.tokenOf(sections[i]!);
      if (token?.lstrip && i > 0) sections[i - 1] = sections[i - 1]!.trimEnd();
      if (token?.rstrip && i < sections.length - 1) sections[i + 1] = sections[i + 1]!.trimStart();
    }
  }
}

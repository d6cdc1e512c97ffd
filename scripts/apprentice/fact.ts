/** One thing the apprentice knows: the ways to ask for it, and the answer. */
export interface Fact {
  /** Groups facts for counting and sampling: "animals", "numbers", … */
  topic: string;
  /** Whole questions, each a sentence with its mark. */
  asks: string[];
  /** More than one only where any of them is a good answer (greetings, stories). */
  answers: string[];
}

/** "a cat", "an owl"; names that take no article ("rice", "scissors") are marked by a leading "~". */
export function a(noun: string): string {
  if (noun.startsWith('~')) return noun.slice(1);
  return `${/^[aeiou]/.test(noun) && !/^(uni|use)/.test(noun) ? 'an' : 'a'} ${noun}`;
}

/** First letter in upper case. */
export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Fills `{}` in every template with `word`. */
export function fill(templates: readonly string[], word: string): string[] {
  return templates.map((template) => capital(template.replaceAll('{}', word)));
}

/** Ways to ask what something is; `{}` takes the noun with its article. */
export const WHAT_IS = [
  'what is {}?', 'do you know what {} is?', 'can you tell me what {} is?',
  'explain to me what {} is.', 'tell me what {} is.', 'what does "{}" mean?', 'I want to know what {} is.', "what's {}?", 'describe {}.',
];

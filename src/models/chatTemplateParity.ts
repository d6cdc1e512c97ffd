/** templates.json of the text references: every portable case rendered here and compared, refusals included. */
import { ProblemError } from '../shared/problem';
import { firstDifference } from '../shared/parity';
import type { ParityCase } from '../shared/parity';
import { ChatTemplate } from './chatTemplate';
import type { ChatMessage, RenderOptions } from './chatTemplate';

interface TemplateFixture {
  meta: { now: string };
  templates: { name: string; template: string; special_tokens: Record<string, string>; cases: TemplateCase[] }[];
}
interface TemplateCase {
  id: string;
  messages: ChatMessage[];
  tools?: unknown[];
  kwargs: Record<string, unknown>;
  expected?: string;
  error?: { message: string; raised_by_template: boolean };
  /** False where the outcome hangs on Python's own types. */
  portable?: boolean;
}

export function chatTemplateParity(fixture: unknown): ParityCase[] {
  const { meta, templates } = fixture as TemplateFixture;
  return templates.flatMap(({ name, template, special_tokens, cases }) => {
    const parsed = new ChatTemplate(template);
    return cases.map(one => ({ ...run(parsed, one, special_tokens, new Date(meta.now)), name: `templates/${name}/${one.id}` }));
  });
}

function run(template: ChatTemplate, one: TemplateCase, specialTokens: Record<string, string>, now: Date): Omit<ParityCase, 'name'> {
  if (one.portable === false) return { ok: true, skipped: "hangs on Python's types (marked in the fixture)" };
  const { add_generation_prompt, enable_thinking, continue_final_message, ...variables } = one.kwargs;
  const options: RenderOptions = {
    specialTokens, now, variables,
    addGenerationPrompt: add_generation_prompt === true,
    continueFinalMessage: continue_final_message === true,
    ...(typeof enable_thinking === 'boolean' ? { enableThinking: enable_thinking } : {}),
    ...(one.tools ? { tools: one.tools } : {}),
  };
  try {
    const got = template.render(one.messages, options);
    if (one.expected === undefined) return { ok: false, detail: `rendered, but should refuse with "${one.error?.message ?? ''}"` };
    return got === one.expected ? { ok: true } : { ok: false, detail: firstDifference(got, one.expected) };
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    const got = error.problems[0]?.text ?? '';
    if (one.error === undefined) return { ok: false, detail: `refused: ${got}` };
    const mustMatch = one.error.raised_by_template || got === one.error.message;
    return !mustMatch || got === one.error.message ? { ok: true } : { ok: false, detail: firstDifference(got, one.error.message) };
  }
}

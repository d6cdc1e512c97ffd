import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { formatterParity } from '../../src/datasets/formatterParity';
import { formatterNames, getFormatter } from '../../src/datasets/formatters/getFormatter';
import type { FormatterOptions } from '../../src/datasets/formatters/getFormatter';

const chatTemplate = "{% for m in messages %}<{{ m['role'] }}>{{ m['content'] }}{% if m['role'] == 'assistant' %}</s>{% endif %}{% endfor %}{% if add_generation_prompt %}<assistant>{% endif %}";
const options: FormatterOptions = { chatTemplate, specialTokens: { eos_token: '</s>' }, customTemplates: { prompt_template: '{system}{prompt}:' } };

describe('formatters', () => {
  it('give the reference texts, or the right ones where the reference marks a defect', () => {
    const cases = formatterParity(JSON.parse(readFileSync('test/fixtures/text/formatters.json', 'utf8')));
    assert.deepEqual(cases.filter(one => !one.ok), []);
    assert.ok(cases.length > 200);
  });

  for (const name of formatterNames) {
    describe(name, () => {
      const formatter = getFormatter(name.toUpperCase(), options);
      it('is found whatever the case of its name', () => assert.equal(formatter.name, name));
      it('gives one prompt for both answers and keeps the answers\' text', () => {
        const { prompt, chosen, rejected } = formatter.format({ system: 'S', prompt: 'P', chosen: 'good one', rejected: 'bad one' });
        assert.ok(prompt.includes('P') && chosen.includes('good one') && rejected.includes('bad one'));
        assert.ok(!prompt.includes('good') && !chosen.includes('bad'));
      });
      it('ends each answer with its stop text', () => {
        const { stopText } = formatter;
        if (stopText === undefined) return;
        const { chosen } = formatter.format({ prompt: 'P', chosen: 'C' });
        assert.ok(chosen.trimEnd().endsWith(stopText), chosen);
      });
      it('leaves a blank system message out', () => {
        if (name === 'custom') return;
        assert.deepEqual(formatter.format({ system: ' \n', prompt: 'P', chosen: 'C' }), formatter.format({ prompt: 'P', chosen: 'C' }));
      });
      it('keeps earlier turns in order', () => {
        if (name === 'custom' || name === 'raw') return;
        const { prompt } = formatter.format({ history: [{ role: 'user', content: 'one' }, { role: 'assistant', content: 'two' }], prompt: 'three', chosen: 'C' });
        assert.match(prompt, /one[^]*two[^]*three/);
      });
    });
  }

  it('takes none as raw', () => assert.equal(getFormatter('None').name, 'raw'));
  it('refuses the tokenizer format without a chat template, with a format that would do', () => {
    assert.throws(() => getFormatter('tokenizer'), /has no chat template, which format "tokenizer" needs\. Use a named format such as "chatml"/);
  });
  it('keeps JSON in a custom template, and reads doubled braces where the template is a format string', () => {
    const prompt = (prompt_template: string): string => getFormatter('custom', { customTemplates: { prompt_template } }).format({ prompt: '{x}', chosen: '' }).prompt;
    assert.equal(prompt('{"a": {"b": "{prompt}"}}'), '{"a": {"b": "{x}"}}');
    assert.equal(prompt('{{{prompt}}}'), '{{x}}');
  });
  it('adds the EOS where a template ends an answer with nothing', () => {
    const bare = getFormatter('tokenizer', { chatTemplate: "{% for m in messages %}[{{ m['content'] }}{% endfor %}", specialTokens: { eos_token: '</s>' } });
    assert.equal(bare.format({ prompt: 'P', chosen: 'C' }).chosen, '[C</s>');
  });
});

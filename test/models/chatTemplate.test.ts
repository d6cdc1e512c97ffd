import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { ProblemError } from '../../src/shared/problem';
import { renderChat } from '../../src/models/chatTemplate';
import type { RenderOptions } from '../../src/models/chatTemplate';
import { chatTemplateParity } from '../../src/models/chatTemplateParity';

const fixture: unknown = JSON.parse(readFileSync('test/fixtures/text/templates.json', 'utf8'));
const hi = [{ role: 'user', content: 'hi' }];
const render = (template: string, variables: Record<string, unknown> = {}, options: RenderOptions = {}): string => renderChat(template, hi, { ...options, variables });

function problemOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof ProblemError) return `${error.problems[0]!.id}: ${error.problems[0]!.text}`;
    throw error;
  }
  return 'no problem';
}

describe('chat template', () => {
  it('renders every portable reference case as transformers does, refusals included', () => {
    const cases = chatTemplateParity(fixture);
    assert.deepEqual(cases.filter(one => !one.ok), []);
    assert.ok(cases.filter(one => one.skipped === undefined).length > 500);
  });

  const same: [string, string, string, Record<string, unknown>?][] = [
    ['strip methods with an argument', '{{ x.strip("<>") }}|{{ x.lstrip("<") }}|{{ x.rstrip(">") }}', 'a|a>|<a', { x: '<a>' }],
    ['removes Python\'s whitespace and no other', '[{{ x.strip() }}][{{ x | trim }}]', '[\ufeffa][\ufeffa]', { x: '\x1c\x85\ufeffa\u3000' }],
    ['takes an undefined name as empty text in trim and its like', '[{{ nobody | trim }}][{{ nobody | upper }}][{{ nobody | length }}]', '[][][0]'],
    ['prints booleans and None as Python', '{{ true }} {{ false }} {{ none }} {{ 1 == 1 }} {{ true | string }}', 'True False None True True'],
    ['prints lists and mappings as Python', "{{ x }}", "[1, 'a', {'k': None}, True]", { x: [1, 'a', { k: null }, true] }],
    ['prints floats as Python', '{{ 1.0 }} {{ 0.00001 }} {{ 7 / 2 }}', '1.0 1e-05 3.5'],
    ['compares by value and type', '{{ x == y }} {{ "1" == 1 }} {{ none == nobody }} {{ [1] == [1] }}', 'True False False True', { x: { a: [1] }, y: { a: [1] } }],
    ['finds by value in lists', '{{ {"a": 1} in x }} {{ 2 in x }}', 'True False', { x: [{ a: 1 }] }],
    ['tests items without the attribute as undefined', '{{ x | selectattr("a", "undefined") | list | length }}{{ x | rejectattr("a") | list | length }}', '11', { x: [{ a: 1 }, { b: 1 }] }],
    ['starts each round of a loop with fresh names', '{% for i in range(2) %}{% if loop.first %}{% set s = 1 %}{% endif %}{{ s is defined }} {% endfor %}', 'True False '],
    ['keeps what was written before continue and break', '{% for i in range(4) %}{{ i }}{% if i == 1 %}{% continue %}{% endif %}{% if i == 2 %}{% break %}{% endif %},{% endfor %}', '0,12'],
    ['reads a dict\'s method before its key', '{% for k, v in x.items() %}{{ k }}{% endfor %}', 'items', { x: { items: 1 } }],
    ['counts and slices code points', '{{ x | length }}{{ x[0] }}{{ x[1:] }}{{ x[-1] }}', '2😀bb', { x: '😀b' }],
    ['maps through filters', '{{ x | map("trim") | join("-") }}', 'a-b', { x: [' a', 'b '] }],
    ['writes JSON as json.dumps', '{{ x | tojson }} {{ x | tojson(indent=2) }}', '{"a": [1, "é<"]} {\n  "a": [\n    1,\n    "é<"\n  ]\n}', { x: { a: [1, 'é<'] } }],
    ['tests with an argument', '{{ 4 is divisibleby 2 }} {{ "a" is not in ["b", "c"] }} {{ x.n is equalto(3) and true }}', 'True True True', { x: { n: 3 } }],
    ['formats text by % and by braces', '{{ "%s has %05.1f%%" % ("a", 2.5) }} {{ "{0}-{b}".format(1, b=true) }}', 'a has 002.5% 1-True'],
    ['cuts numbers towards zero', '{{ -3.9 | int }} {{ -7 % 3 }} {{ "12" | int }} {{ "x" | int }}', '-3 2 12 0'],
    ['gives macros their further arguments', '{% macro m(a) %}{{ varargs | join(",") }}{{ kwargs.k }}{% endmacro %}{{ m(1, 2, 3, k=4) }}', '2,34'],
    ['keeps inner text of generation blocks', '{% generation %}a{% endgeneration %}', 'a'],
  ];
  for (const [behaviour, template, want, variables] of same) {
    it(behaviour, () => assert.equal(render(template, variables), want));
  }

  it('drops null keys and gives reasoning under both names', () => {
    const messages = [{ role: 'assistant', content: null, reasoning: 'r' }];
    assert.equal(renderChat('{{ messages[0].content is defined }} {{ messages[0].thinking }} {{ messages[0].reasoning_content }}', messages), 'False r r');
  });
  it('reads the clock it was given', () => {
    assert.equal(renderChat('{{ strftime_now("%d %b %Y %-d") }}', hi, { now: new Date(2026, 1, 3) }), '03 Feb 2026 3');
  });
  it('passes on what the template refuses', () => {
    assert.equal(problemOf(() => render('{{ raise_exception("No system role") }}')), 'template/refused: No system role');
  });
  it('refuses an empty conversation', () => {
    assert.match(problemOf(() => renderChat('x', [])), /^template\/empty: .*empty conversation/);
  });
  it('says that a template cannot be read', () => {
    assert.match(problemOf(() => render('{% if %}')), /^template\/syntax: The chat template cannot be read: /);
  });
  it('refuses attributes of an undefined name, as Jinja does', () => {
    assert.equal(problemOf(() => render('{{ nobody.name }}')), "template/failed: The chat template failed: 'nobody' is undefined.");
  });
  it('refuses to add text and something else', () => {
    assert.equal(problemOf(() => render('{{ "a" + 1 }}')), 'template/failed: The chat template failed: can only concatenate str (not "int") to str.');
  });
});

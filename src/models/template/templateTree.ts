/** The parsed template: the library's nodes that we evaluate ourselves, and the ones we add. */
import { parse, tokenize } from '@huggingface/jinja';
import { testsWithArguments } from './testsWithArguments';
import type { Interpreter } from '@huggingface/jinja';
import type { Value } from './runtimeValues';

export type Node = NonNullable<Parameters<Interpreter['evaluate']>[0]>;
export type Program = ReturnType<typeof parse>;

export interface Identifier extends Node { type: 'Identifier'; value: string }
export interface TupleLiteral extends Node { type: 'TupleLiteral'; value: Node[] }
export interface If extends Node { type: 'If'; test: Node; body: Node[]; alternate: Node[] }
export interface For extends Node { type: 'For'; loopvar: Identifier | TupleLiteral; iterable: Node; body: Node[]; defaultBlock: Node[] }
export interface Select extends Node { type: 'SelectExpression'; lhs: Node; test: Node }
export interface Member extends Node { type: 'MemberExpression'; object: Node; property: Node; computed: boolean }
export interface Call extends Node { type: 'CallExpression'; callee: Node; args: Node[] }
export interface Keyword extends Node { type: 'KeywordArgumentExpression'; key: Identifier; value: Node }
export interface Binary extends Node { type: 'BinaryExpression'; operator: { value: string }; left: Node; right: Node }
export interface Filter extends Node { type: 'FilterExpression'; operand: Node; filter: Identifier | Call }
export interface Test extends Node { type: 'TestExpression'; operand: Node; negate: boolean; test: Identifier }

/** Ours: prints an expression as Python's str(). The library prints by its own rules and cannot tell a statement's null from None. */
export interface Print extends Node { type: 'Print'; expression: Node }
/** Ours: a value already computed, standing where the library would evaluate an operand. */
export interface Evaluated extends Node { type: 'Evaluated'; value: Value }

export const evaluated = (value: Value): Evaluated => ({ type: 'Evaluated', value });

/** Statements print nothing of their own; text prints itself. */
const NOT_PRINTED = new Set(['If', 'For', 'Set', 'Macro', 'CallStatement', 'FilterStatement', 'Break', 'Continue', 'Comment', 'StringLiteral']);
const BODIES = ['body', 'alternate', 'defaultBlock'] as const;

/** Throws the library's SyntaxError where the template cannot be read. */
export function parseTemplate(template: string): Program {
  const program = parse(testsWithArguments(tokenize(template, { trim_blocks: true, lstrip_blocks: true })));
  // The library looks for its own Statement class where it searches a macro for varargs.
  const statement: unknown = Object.getPrototypeOf(program);
  const print = (expression: Node): Print => Object.assign(Object.create(statement as object) as Print, { type: 'Print', expression } as const);
  wrapPrinted(program, print);
  return program;
}

function wrapPrinted(node: Node & Partial<Record<(typeof BODIES)[number], Node[]>>, print: (expression: Node) => Print): void {
  for (const key of BODIES) {
    const body = node[key];
    if (!body) continue;
    body.forEach(child => wrapPrinted(child, print));
    node[key] = body.map(child => (NOT_PRINTED.has(child.type) ? child : print(child)));
  }
}

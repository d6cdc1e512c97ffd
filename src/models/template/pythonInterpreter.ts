/**
 * The template library's interpreter with Python's and Jinja's rules where it has its own:
 * printing (True, None, repr), == and `in` by value, whitespace, str methods, filters over undefined names,
 * a fresh scope for every round of a loop, output kept when a round ends by `continue` or `break`.
 * Reference: Jinja 3.1.6 as transformers 5.23 sets it up. Whatever is not here is the library's.
 */
import { Environment, Interpreter } from '@huggingface/jinja';
import { binary } from './binaryOperators';
import { FILTERS } from './filters';
import {
  booleanValue, functionValue, integerValue, isList, isMap, isNumeric, isText, isTrue, isUndefined, iterate, mapValue, nullValue,
  pythonEquals, pythonStr, textValue, undefinedValue,
} from './runtimeValues';
import type { Value } from './runtimeValues';
import { stringMethod } from './stringMethods';
import { evaluated } from './templateTree';
import { asTest } from './testsWithArguments';
import type { Binary, Call, Evaluated, Filter, For, Identifier, If, Keyword, Member, Node, Print, Program, Select, Test } from './templateTree';

class LoopBreak extends Error {}
class LoopContinue extends Error {}

/** Attributes of Python's dict come before its keys: `param.items` is the method even where a key "items" exists. */
const DICT_METHODS = new Set(['items', 'keys', 'values', 'get']);

export class PythonInterpreter extends Interpreter {
  override evaluate(node: Node | undefined, scope: Environment): Value {
    switch (node?.type) {
      case 'Evaluated': return (node as Evaluated).value;
      case 'Print': return textValue(pythonStr(this.evaluate((node as Print).expression, scope)));
      case 'Program': return this.renderBlock((node as Node as Program).body as Node[], scope);
      case 'If':
      case 'For': return this.renderBlock([node], scope);
      case 'Break': throw new LoopBreak();
      case 'Continue': throw new LoopContinue();
      case 'BinaryExpression': return this.binaryExpression(node as Binary, scope);
      case 'MemberExpression': return this.member(node as Member, scope);
      case 'FilterExpression': return this.filter(node as Filter, scope);
      case 'TestExpression': return this.test(node as Test, scope);
      default: return super.evaluate(node, scope);
    }
  }

  private renderBlock(nodes: Node[], scope: Environment): Value {
    const out: string[] = [];
    this.render(nodes, scope, out);
    return textValue(out.join(''));
  }

  /** Appends as it goes, so that what stands before a `break` is kept. */
  private render(nodes: Node[], scope: Environment, out: string[]): void {
    for (const node of nodes) {
      if (node.type === 'If') {
        const { test, body, alternate } = node as If;
        this.render(isTrue(this.evaluate(test, scope)) ? body : alternate, scope, out);
      } else if (node.type === 'For') {
        this.renderLoop(node as For, scope, out);
      } else {
        const value = this.evaluate(node, scope);
        if (isText(value)) out.push(value.value);
      }
    }
  }

  private renderLoop(node: For, scope: Environment, out: string[]): void {
    const select = node.iterable.type === 'SelectExpression' ? (node.iterable as Select) : undefined;
    const all = iterate(this.evaluate(select ? select.lhs : node.iterable, scope));
    const items = select ? all.filter(item => isTrue(this.evaluate(select.test, this.round(node, item, scope)))) : all;
    if (items.length === 0) this.render(node.defaultBlock, new Environment(scope), out);
    for (const [index, item] of items.entries()) {
      const inner = this.round(node, item, scope);
      inner.setVariable('loop', loopValue(items, index));
      try {
        this.render(node.body, inner, out);
      } catch (stop) {
        if (stop instanceof LoopContinue) continue;
        if (stop instanceof LoopBreak) break;
        throw stop;
      }
    }
  }

  /** The scope of one round, with the loop variable or variables set. */
  private round(node: For, item: Value, scope: Environment): Environment {
    const inner = new Environment(scope);
    if (node.loopvar.type === 'Identifier') {
      inner.setVariable(node.loopvar.value, item);
      return inner;
    }
    const names = node.loopvar.value as Identifier[];
    const parts = iterate(item);
    if (parts.length !== names.length) throw new Error(`${parts.length < names.length ? 'not enough' : 'too many'} values to unpack (expected ${names.length})`);
    names.forEach((name, i) => inner.setVariable(name.value, parts[i]!));
    return inner;
  }

  private binaryExpression(node: Binary, scope: Environment): Value {
    const operator = node.operator.value;
    const left = this.evaluate(node.left, scope);
    if (operator === 'and') return isTrue(left) ? this.evaluate(node.right, scope) : left;
    if (operator === 'or') return isTrue(left) ? left : this.evaluate(node.right, scope);
    const right = this.evaluate(node.right, scope);
    return binary(operator, left, right) ?? super.evaluate({ ...node, left: evaluated(left), right: evaluated(right) } as Node, scope);
  }

  private member(node: Member, scope: Environment): Value {
    const object = this.evaluate(node.object, scope);
    if (isUndefined(object)) throw new Error(`${describe(node.object)} is undefined`);
    if (node.computed && node.property.type === 'SliceExpression') return super.evaluate({ ...node, object: evaluated(object) } as Node, scope);
    const key = node.computed ? this.evaluate(node.property, scope) : textValue(String((node.property as Identifier).value));
    if (isText(object)) {
      if (isText(key)) return stringMethod(object.value, key.value) ?? undefinedValue();
      if (isNumeric(key)) return at(Array.from(object.value, textValue), Number(key.value));
    }
    if (isList(object) && isNumeric(key)) return at(object.value, Number(key.value));
    if (isMap(object) && !node.computed && isText(key) && DICT_METHODS.has(key.value)) return object.builtins.get(key.value) ?? undefinedValue();
    if (isMap(object) && isText(key) && object.value.has(key.value)) return object.value.get(key.value)!;
    if (isMap(object) && !isText(key)) return undefinedValue();
    return super.evaluate({ ...node, object: evaluated(object), property: node.computed ? evaluated(key) : node.property } as Node, scope);
  }

  private filter(node: Filter, scope: Environment): Value {
    const operand = this.evaluate(node.operand, scope);
    const call = node.filter.type === 'CallExpression' ? (node.filter as Call) : undefined;
    const name = ((call ? call.callee : node.filter) as Identifier).value;
    const test = asTest(name);
    const filter = test ? undefined : Object.hasOwn(FILTERS, name) ? FILTERS[name] : undefined;
    if (!test && !filter) return super.evaluate({ ...node, operand: evaluated(operand) } as Node, scope);
    const args: Value[] = [];
    const keywords = new Map<string, Value>();
    for (const arg of call?.args ?? []) {
      if (arg.type === 'KeywordArgumentExpression') keywords.set((arg as Keyword).key.value, this.evaluate((arg as Keyword).value, scope));
      else args.push(this.evaluate(arg, scope));
    }
    if (test) return booleanValue(this.applyTest(test.name, operand, args, scope) !== test.negate);
    return filter!(operand, {
      args,
      keywords,
      applyFilter: (other, item, rest) => this.filter({ type: 'FilterExpression', operand: evaluated(item), filter: filterNode(other, rest) } as Filter, scope),
      applyTest: (test, item, rest) => this.applyTest(test, item, rest, scope),
    });
  }

  private compare(operator: string, left: Value, [right]: Value[], scope: Environment): Value {
    return this.binaryExpression({ type: 'BinaryExpression', operator: { value: operator }, left: evaluated(left), right: evaluated(right ?? undefinedValue()) }, scope);
  }

  private test(node: Test, scope: Environment): Value {
    const holds = this.applyTest(node.test.value, this.evaluate(node.operand, scope), [], scope);
    return booleanValue(holds !== node.negate);
  }

  private applyTest(name: string, operand: Value, args: Value[], scope: Environment): boolean {
    switch (name) {
      case 'iterable': return isList(operand) || isMap(operand) || isText(operand) || isUndefined(operand);
      case 'sequence': return isList(operand) || isMap(operand) || isText(operand) || isUndefined(operand);
      case 'number': return isNumeric(operand);
      case 'float': return operand.type === 'FloatValue';
      case 'divisibleby': return Number(operand.value) % Number(args[0]?.value) === 0;
      case 'sameas': return operand.type === args[0]?.type && (operand === args[0] || operand.value === args[0].value);
      case 'lt': case '<': case 'lessthan': return isTrue(this.compare('<', operand, args, scope));
      case 'le': case '<=': return isTrue(this.compare('<=', operand, args, scope));
      case 'gt': case '>': case 'greaterthan': return isTrue(this.compare('>', operand, args, scope));
      case 'ge': case '>=': return isTrue(this.compare('>=', operand, args, scope));
      case 'equalto': case 'eq': case '==': return pythonEquals(operand, args[0] ?? undefinedValue());
      case 'ne': case '!=': return !pythonEquals(operand, args[0] ?? undefinedValue());
      case 'in': return isTrue(binary('in', operand, args[0] ?? undefinedValue()) ?? nullValue());
      default: {
        const test = scope.tests.get(name);
        if (!test) throw new Error(`No test named '${name}'.`);
        return test(operand, ...args);
      }
    }
  }
}

function loopValue(items: Value[], index: number): Value {
  return mapValue(new Map<string, Value>([
    ['index', integerValue(index + 1)],
    ['index0', integerValue(index)],
    ['revindex', integerValue(items.length - index)],
    ['revindex0', integerValue(items.length - index - 1)],
    ['first', booleanValue(index === 0)],
    ['last', booleanValue(index === items.length - 1)],
    ['length', integerValue(items.length)],
    ['previtem', items[index - 1] ?? undefinedValue()],
    ['nextitem', items[index + 1] ?? undefinedValue()],
    ['cycle', functionValue(args => args[index % args.length]!)],
  ]));
}

const at = (items: Value[], index: number): Value => items.at(index) ?? undefinedValue();

function filterNode(name: string, args: Value[]): Identifier | Call {
  const callee: Identifier = { type: 'Identifier', value: name };
  return args.length === 0 ? callee : { type: 'CallExpression', callee, args: args.map(evaluated) };
}

/** The expression as Jinja names it in "… is undefined". */
function describe(node: Node): string {
  if (node.type === 'Identifier') return `'${(node as Identifier).value}'`;
  if (node.type === 'MemberExpression' && !(node as Member).computed) return `attribute '${String(((node as Member).property as Identifier).value)}'`;
  return 'value';
}


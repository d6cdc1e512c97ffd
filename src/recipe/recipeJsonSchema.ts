/** The recipe's JSON Schema, for editors: completion, hover help and squiggles in recipe files. */
import { z } from 'zod';
import { recipeSchema } from './schema';
import type { Regret, UsedWhen } from './shapes/field';

/** What is used of a JSON Schema node here; the file holds no other keywords. */
export interface JsonSchemaNode {
  title?: string;
  description?: string;
  unit?: string;
  group?: string;
  regret?: Regret;
  usedWhen?: UsedWhen;
  hint?: string;
  /** A list only for a plain type or null: ["boolean", "null"]. */
  type?: string | string[];
  default?: unknown;
  enum?: string[];
  anyOf?: JsonSchemaNode[];
  properties?: Record<string, JsonSchemaNode>;
  required?: string[];
  items?: JsonSchemaNode;
  pattern?: string;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  exclusiveMaximum?: number;
  minLength?: number;
  minItems?: number;
  maxItems?: number;
}

/** A node's value apart from "or null", which zod writes in two ways. */
export function withoutNull(node: JsonSchemaNode): { value: JsonSchemaNode; isNullable: boolean } {
  if (Array.isArray(node.type)) return { value: { ...node, type: node.type.find(type => type !== 'null') ?? 'null' }, isNullable: node.type.includes('null') };
  if (!node.anyOf) return { value: node, isNullable: node.type === 'null' };
  return { value: node.anyOf.find(option => option.type !== 'null') ?? node, isNullable: node.anyOf.some(option => option.type === 'null') };
}

/** Draft 7, because VS Code's JSON support is complete for that one; of the input side, so keys with a default are optional. */
export function recipeJsonSchema(): JsonSchemaNode {
  return z.toJSONSchema(recipeSchema, { target: 'draft-7', io: 'input' }) as JsonSchemaNode;
}

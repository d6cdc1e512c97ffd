/** The recipe's JSON Schema, for editors: completion, hover help and squiggles in recipe files. */
import { z } from 'zod';
import { recipeSchema } from './schema';

/** What is used of a JSON Schema node here; the file holds no other keywords. */
export interface JsonSchemaNode {
  title?: string;
  description?: string;
  unit?: string;
  group?: string;
  type?: string;
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
  maxItems?: number;
}

/** Draft 7, because VS Code's JSON support is complete for that one; of the input side, so keys with a default are optional. */
export function recipeJsonSchema(): JsonSchemaNode {
  return z.toJSONSchema(recipeSchema, { target: 'draft-7', io: 'input' }) as JsonSchemaNode;
}

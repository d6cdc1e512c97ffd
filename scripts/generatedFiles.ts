/** The list of what is generated: one line here, and both `npm run generate` and `npm run check` know it. */
import type { Generated } from './checks/generated';

export async function generatedFiles(): Promise<Generated[]> {
  return [];
}

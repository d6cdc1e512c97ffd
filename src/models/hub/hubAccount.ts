/** Whose token it is, and where it may write: what the hub says of it. */
import { z } from 'zod';
import { proxyFetch } from './proxyFetch';
import { hubSettings } from './settings';
import type { HubOptions } from './settings';

export interface HubAccount {
  readonly name: string;
  /** Users and organisations under which the token may create and fill repositories. */
  readonly writableNamespaces: readonly string[];
}

const permissions = z.array(z.string()).default([]);
const whoAmISchema = z.object({
  name: z.string(),
  orgs: z.array(z.object({ name: z.string(), roleInOrg: z.string().optional() })).default([]),
  auth: z.object({
    accessToken: z.object({
      role: z.string(),
      fineGrained: z.object({ scoped: z.array(z.object({ entity: z.object({ name: z.string().optional() }), permissions })).default([]) }).optional(),
    }).optional(),
  }).optional(),
});

const WRITERS = ['admin', 'write', 'contributor'];

/** "refused" where the hub does not know the token. Throws where it cannot be asked, or answers with something else. Source: huggingface_hub hf_api.py, whoami. */
export async function askAccount(options: HubOptions = {}): Promise<HubAccount | 'refused'> {
  const { endpoint, token } = await hubSettings(options);
  if (token === undefined) return 'refused';
  const response = await (options.fetch ?? proxyFetch)(`${endpoint}/api/whoami-v2`, { headers: { authorization: `Bearer ${token}` }, signal: options.signal ?? null });
  if (response.status === 401 || response.status === 403) return 'refused';
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
  const { name, orgs, auth } = whoAmISchema.parse(await response.json());
  const { role, fineGrained } = auth?.accessToken ?? { role: 'write' };
  const own = [name, ...orgs.filter(({ roleInOrg }) => roleInOrg === undefined || WRITERS.includes(roleInOrg)).map(org => org.name)];
  const granted = fineGrained?.scoped.filter(scope => scope.permissions.includes('repo.write')).flatMap(scope => scope.entity.name ?? []) ?? [];
  return { name, writableNamespaces: role === 'write' ? own : role === 'fineGrained' ? granted.filter(namespace => own.includes(namespace)) : [] };
}

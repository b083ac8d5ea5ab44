/** What a project has, counted by the services themselves. */
import type { OpenStack } from './index.ts';

/** What is counted: a name, the service, and the path and the field of its listing. */
const COUNTED = [
  ['computes', 'compute', '/v2.1/servers', 'servers'],
  ['keys', 'compute', '/v2.1/os-keypairs', 'keypairs'],
  ['volumes', 'volume', '/v3/PROJECT/volumes', 'volumes'],
  ['attachments', 'volume', '/v3/PROJECT/attachments', 'attachments'],
  ['snapshots', 'volume', '/v3/PROJECT/snapshots', 'snapshots'],
  ['backups', 'volume', '/v3/PROJECT/backups', 'backups'],
  ['images', 'image', '/v2/images', 'images'],
  ['networks', 'network', '/v2.0/networks', 'networks'],
  ['subnets', 'network', '/v2.0/subnets', 'subnets'],
  ['ports', 'network', '/v2.0/ports', 'ports'],
  ['routers', 'network', '/v2.0/routers', 'routers'],
  ['addresses', 'network', '/v2.0/floatingips', 'floatingips'],
  ['groups', 'network', '/v2.0/security-groups', 'security_groups'],
  ['rules', 'network', '/v2.0/security-group-rules', 'security_group_rules'],
] as const;

export type Inventory = Readonly<Record<string, number>>;

/** Counts what alice sees. Throws for a listing that is refused. */
export async function inventoryOf({ site, token }: OpenStack): Promise<Inventory> {
  const project = [...site.people.projects.values()].find(({ name }) => name === 'alpha')!;
  const headers = { 'x-auth-token': token('alice'), 'openstack-api-version': 'volume 3.27' };
  const counts = COUNTED.map(async ([name, service, path, field]) => {
    const answer = await fetch(site.origins[service] + path.replace('PROJECT', project.id), { headers });
    const listing = (await answer.json()) as Record<string, unknown[]>;
    return [name, listing[field]!.length] as const;
  });
  return Object.fromEntries(await Promise.all(counts));
}

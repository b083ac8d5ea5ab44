/** Keys and user data come in OGF's words or in OpenStack's (INF-17, INF-18, EXT-1, EXT-2). */
import { OcciError } from '../../lib/errors.ts';
import type { Attributes } from '../../lib/occi/types.ts';

const FORMS = [
  { called: 'user data', ogf: 'occi.compute.userdata', openstack: 'org.openstack.compute.user_data' },
  {
    called: 'public key',
    ogf: 'occi.credentials.ssh.publickey',
    openstack: 'org.openstack.credentials.publickey.data',
  },
] as const;

/** User data is plain text or base64 in the one form and always base64 in the other. */
const same = (ogf: unknown, openstack: unknown): boolean =>
  ogf === openstack || (typeof openstack === 'string' && ogf === Buffer.from(openstack, 'base64').toString());

/** Throws `conflict` when both forms are there and say different things (EXT-3). */
export function requireOneForm(attributes: Attributes): void {
  for (const { called, ogf, openstack } of FORMS) {
    const [one, other] = [attributes[ogf], attributes[openstack]];
    if (one === undefined || other === undefined || same(one, other)) continue;
    throw new OcciError('conflict', `The ${called} is given twice and differently, as ${ogf} and as ${openstack}.`);
  }
}

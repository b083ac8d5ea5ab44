/** The versions of Keystone's API, as clients look for them before they log in. */

/**
 * Clients try versions in the order of their ids. The newest Keystone says 3.14 and has no 2.0 any more; rOCCI-api and
 * VMDIRAC need 2.0 for passwords and certificates.
 */
const VERSIONS = [
  { path: 'v3', id: 'v3.14', status: 'stable', updated: '2020-04-07T00:00:00Z' },
  { path: 'v2.0', id: 'v2.0', status: 'deprecated', updated: '2016-08-04T00:00:00Z' },
] as const;

export type VersionPath = (typeof VERSIONS)[number]['path'];

const described = ({ path, id, status, updated }: (typeof VERSIONS)[number], origin: string) => ({
  id,
  status,
  updated,
  links: [{ rel: 'self', href: `${origin}/${path}/` }],
  'media-types': [{ base: 'application/json', type: `application/vnd.openstack.identity-${path}+json` }],
});

/** All versions: the body of 300 at the root. */
export const versionsAt = (origin: string) => ({
  versions: { values: VERSIONS.map((one) => described(one, origin)) },
});

/** One version: the body of 200 at `/v3` and `/v2.0`. */
export const versionAt = (origin: string, path: VersionPath) => ({
  version: described(VERSIONS.find((one) => one.path === path)!, origin),
});

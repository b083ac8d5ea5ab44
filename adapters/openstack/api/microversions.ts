/** Microversions: `2.52` is an API of Nova or Cinder; a call is sent with the newest that both sides know. */

/** The newest that this adapter was tried with. */
export const NEWEST = { compute: '2.104', volume: '3.71' } as const;
export type Versioned = keyof typeof NEWEST;

/** The header of each service (microversion specification of the API SIG). */
const NAMES: { readonly [S in Versioned]: string } = { compute: 'compute', volume: 'volume' };

/** True if the first is older than the other, both as `major.minor`. */
export function isOlder(one: string, other: string): boolean {
  const [major = 0, minor = 0] = one.split('.').map(Number);
  const [otherMajor = 0, otherMinor = 0] = other.split('.').map(Number);
  return major === otherMajor ? minor < otherMinor : major < otherMajor;
}

/** The older of two. */
export const older = (one: string, other: string): string => (isOlder(one, other) ? one : other);

/** The header fields that ask for a microversion; Nova before 2.27 reads a name of its own. */
export const microversionHeaders = (service: Versioned, version: string): Readonly<Record<string, string>> => ({
  'openstack-api-version': `${NAMES[service]} ${version}`,
  ...(service === 'compute' && { 'x-openstack-nova-api-version': version }),
});

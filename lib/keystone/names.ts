/** How what this endpoint knows is named in Keystone's answers. */
import { createHash } from 'node:crypto';
import type { Grant, Role } from '../auth/principal.ts';
import { DOMAIN } from './login.ts';

/** A tenant is a project whose id is its name: both are unique here. */
export const projectNamed = (tenant: string) => ({ domain: DOMAIN, id: tenant, name: tenant });

/** Every role implies that of a reader, as in Keystone. */
const ROLES: { readonly [R in Role]: readonly string[] } = {
  reader: ['reader'],
  member: ['reader', 'member'],
  admin: ['reader', 'admin'],
};

export const rolesOf = ({ role }: Grant) => ROLES[role].map((name) => ({ id: name, name }));

/** `2026-11-30T08:34:48.000000Z`: Keystone writes microseconds, and its clients parse them. */
export const timeOf = (seconds: number): string => new Date(seconds * 1000).toISOString().replace('Z', '000Z');

/** Services that a token can be used at: this one, and the login itself. */
const SERVICES = [
  { type: 'occi', name: 'occi', path: '' },
  { type: 'identity', name: 'keystone', path: '/v3' },
] as const;

/** An id in Keystone's form, the same each time. */
const idOf = (...parts: readonly string[]): string =>
  createHash('sha256').update(parts.join('\0')).digest('hex').slice(0, 32);

export interface Service {
  readonly id: string;
  readonly type: string;
  readonly name: string;
  readonly url: string;
  readonly endpointId: string;
}

/** The services, with ids that stay the same. */
export const servicesAt = (origin: string): readonly Service[] =>
  SERVICES.map(({ type, name, path }) => ({
    id: idOf('service', type),
    type,
    name,
    url: origin + path,
    endpointId: idOf('endpoint', type, origin),
  }));

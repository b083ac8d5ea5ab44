import type { Mixin } from '../types.ts';

const APPLIES = ['http://schemas.ogf.org/occi/infrastructure#compute'] as const;

/** GFD.224 §3.5.3 (INF-17). */
export const sshKey = {
  scheme: 'http://schemas.ogf.org/occi/infrastructure/credentials#',
  term: 'ssh_key',
  title: 'SSH key',
  applies: APPLIES,
  location: '/mixin/ssh_key/',
  attributes: {
    'occi.credentials.ssh.publickey': { type: 'string', mutable: true, maxLength: 16_384, format: 'ssh-key' },
  },
} as const satisfies Mixin;

/** The same as OpenStack's servers and most clients name it (EXT-2). */
export const publicKey = {
  scheme: 'http://schemas.openstack.org/instance/credentials#',
  term: 'public_key',
  title: 'Public key',
  applies: APPLIES,
  location: '/mixin/public_key/',
  attributes: {
    'org.openstack.credentials.publickey.name': { type: 'string', mutable: true, maxLength: 255, format: 'line' },
    'org.openstack.credentials.publickey.data': { type: 'string', mutable: true, maxLength: 16_384, format: 'ssh-key' },
  },
} as const satisfies Mixin;

import { createDecipheriv, createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { ERAS, serviceSession } from '../../../../adapters/opennebula/api/server-cipher.ts';
import { recording } from '../recordings.ts';

const account = { user: 'serveradmin', password: 'opennebula', era: 'sha256' } as const;

describe('The session of a service account', () => {
  test('is what a server with the same password deciphers to both users and the expiry', () => {
    const [user, target, token] = serviceSession(account, 'alice', 1_800_000_000).split(':');
    expect([user, target]).toEqual(['serveradmin', 'alice']);
    const key = createHash('sha256').update('opennebula').digest('hex').slice(0, 32);
    const cipher = createDecipheriv('aes-256-cbc', key, key.slice(0, 16));
    expect(cipher.update(token!, 'base64', 'utf8') + cipher.final('utf8')).toBe('serveradmin:alice:1800000000');
  });

  test('has the form of those that were recorded', () => {
    const [recorded] = recording('one.user.info--server-cipher-alice').decoded.params as [string];
    const form = /^serveradmin:alice:[A-Za-z0-9+/]+=*$/;
    expect(recorded).toMatch(form);
    expect(serviceSession(account, 'alice', 1_800_000_000)).toMatch(form);
  });

  test('is another in each era, by user, password and expiry', () => {
    const made = [
      ...ERAS.map((era) => serviceSession({ ...account, era }, 'alice', 1)),
      serviceSession(account, 'bob', 1),
      serviceSession({ ...account, password: 'x' }, 'alice', 1),
      serviceSession(account, 'alice', 2),
    ];
    expect(new Set(made).size).toBe(made.length);
    expect(made.join()).not.toContain('opennebula');
  });
});

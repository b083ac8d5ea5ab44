import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { forStart, readAllSettings } from '../../../functions/settings.ts';
import { Refusal } from '../../../local/refusal.ts';
import { readSettings } from '../../../local/settings/settings.ts';

const folder = mkdtempSync(join(tmpdir(), 'occi-config-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const path = join(folder, 'occi.yml');
const read = (file: string, ...argv: readonly string[]) => {
  writeFileSync(path, file);
  return readSettings(['--config', path, ...argv], {}, forStart);
};
const DUMMY = 'adapter: { name: dummy, site: here, settings: { bootDelay: 1, quota: { compute: 2, cores: 3 } } }\n';
const ONE =
  'adapter: { name: opennebula, site: here, settings: { endpoint: http://one/, serverCipher: { user: serveradmin, ';

describe('The file of a deployment', () => {
  test('gives adapter, schemes and all other settings', async () => {
    const { service, notes } = await read(
      `${DUMMY}auth: [{ token: {} }, keystone]\nstates: standard\nlimits: { deleteAll: true }\n`,
    );
    expect(service).toEqual({
      adapter: { name: 'dummy', site: 'here', settings: { bootDelay: 1, quota: { compute: 2, cores: 3 } } },
      auth: [{ token: {} }, 'keystone'],
      states: 'standard',
      limits: { deleteAll: true, responseHeaderBytes: 32_768 },
      local: true,
    });
    expect(notes).toEqual([]);
  });

  test('counts less than the arguments, inside maps too', async () => {
    const argv = ['--site', 'there', '--auth', 'anonymous', '--quota.compute', '9', '--limits.body-bytes', '2048'];
    const { service } = await read(`${DUMMY}auth: [keystone]\nlimits: { deleteAll: true, bodyBytes: 1024 }\n`, ...argv);
    expect(service).toMatchObject({
      adapter: { site: 'there', settings: { bootDelay: 1, quota: { compute: 9, cores: 3 } } },
      auth: ['anonymous'],
      limits: { deleteAll: true, bodyBytes: 2048 },
    });
  });

  test('has the settings of the schemes that an argument names, in the order of the argument', async () => {
    const oidc = { issuer: 'https://idp.example.org', audience: 'occi' };
    const { service } = await read(
      `${DUMMY}auth: [{ x509: { users: {} } }, { oidc: ${JSON.stringify(oidc)} }, { token: { maxDays: 3 } }]\n`,
      ...['--auth', 'token, oidc,keystone'],
    );
    expect(service.auth).toEqual([{ token: { maxDays: 3 } }, { oidc }, 'keystone']);
  });

  test('gives another adapter none of the settings of its own', async () => {
    const { service } = await read(DUMMY, '--adapter', 'ec2', '--region', 'eu-central-1');
    expect(service.adapter).toEqual({ name: 'ec2', site: 'here', settings: { region: 'eu-central-1' } });
  });

  test('has schemes of the cloud where it names none', async () => {
    expect((await read(DUMMY)).service.auth).toEqual(['anonymous']);
  });

  test('is checked by the functions, like arguments', async () => {
    const { service } = await read('adapter: { name: dummy, stie: here }\nstates: all\nauth: [anonymous, x510]\n');
    const text = JSON.stringify({ ...service, table: { kind: 'memory' } });
    await expect(readAllSettings(text, 'OCCI_CONFIG', {})).rejects.toThrow(
      /adapter\.stie: is not a setting.*site.*states: is "all"/s,
    );
  });

  test('does not use what is for a deployment, and says so', async () => {
    const { notes } = await read(`${DUMMY}deployment: { region: eu-north-1 }\n`);
    expect(notes.join('\n')).toMatch(/^deployment of .* is not used: it is for npm run deploy$/);
  });

  test('does not send clients to the deployment, nor share the key of its tokens', async () => {
    const { service, notes } = await read(
      `${DUMMY}publicUrl: https://occi.example.org\nauth: [{ token: { key: { parameter: /key }, maxDays: 7 } }, anonymous]\n`,
    );
    expect(service).not.toHaveProperty('publicUrl');
    expect(service.auth).toEqual([{ token: { maxDays: 7 } }, 'anonymous']);
    expect(notes.join('\n')).toMatch(/publicUrl of .* is not used.*\n.*key of token .* is not read/);
  });

  test('cannot refer to secrets: its text is an argument, or stands in a copy', async () => {
    const file = (secret: string) => `${ONE}password: ${secret} } } }\nauth: [anonymous]\n`;
    const refused = read(file('{ parameter: /one/password }'));
    await expect(refused).rejects.toThrow(Refusal);
    await expect(refused).rejects.toThrow(
      /serverCipher\.password refers to a secret that npm start does not read: give its text as --server-cipher\.password/,
    );
    const { service } = await read(file('{ parameter: /one/password }'), '--server-cipher.password', 'x');
    expect(service.adapter.settings).toMatchObject({ serverCipher: { user: 'serveradmin', password: 'x' } });
    expect((await read(file('s3cret'))).service.adapter.settings).toMatchObject({
      serverCipher: { password: 's3cret' },
    });
  });

  test.each([
    ['auth: [', 'occi.yml:1:8: the indentation does not fit'],
    ['a: 1\na: 2', 'this key stands twice'],
    ['- a', 'must be a map'],
    ['adapter: 5', 'adapter must be a map'],
    ['adapter: { name: dummy, settings: [] }', 'adapter.settings must be a map'],
    ['auth: anonymous', 'auth must be a list'],
    ['local: true', 'local: must not stand in the file'],
    ['https: true', 'https: must not stand in the file'],
    ['table: { kind: memory }', 'table: must not stand in the file'],
    [
      `${DUMMY}auth: [{ gateway: { from: iam, claim: role } }]`,
      'auth has gateway, which would let no caller of the adapter dummy in: npm start has no authorizer',
    ],
    [
      `${DUMMY}auth: [basic]`,
      'auth has basic, which would let no caller of the adapter dummy in: the embedded cloud has no',
    ],
    [`${DUMMY}auth: [{ x509: { users: { CN=A: {} } } }]`, 'x509 needs --tls-cert FILE --tls-key FILE --client-ca FILE'],
  ])('is refused with one sentence: %j', async (file, message) => {
    await expect(read(file)).rejects.toThrow(Refusal);
    await expect(read(file)).rejects.toThrow(message);
  });

  test('is refused where it cannot be read', async () => {
    await expect(readSettings(['--config', '/nowhere.yml'], {}, forStart)).rejects.toThrow(
      '--config /nowhere.yml cannot be read (ENOENT)',
    );
  });
});

describe('The files for https', () => {
  const X509 = '[{"x509":{"users":{"CN=A":{}}}}]';
  const start = (...argv: readonly string[]) => readSettings(argv, {}, forStart);

  test('make the URLs of answers begin with https', async () => {
    const { tls, service } = await start('--tls-cert', 'c', '--tls-key', 'k');
    expect([tls, service.https]).toEqual([{ cert: 'c', key: 'k', clientCa: undefined }, true]);
    expect((await start('--auth', X509, '--tls-cert', 'c', '--tls-key', 'k', '--client-ca', 'a')).tls).toEqual({
      cert: 'c',
      key: 'k',
      clientCa: 'a',
    });
  });

  test.each([
    [['--tls-cert', 'c'], '--tls-cert needs --tls-key too'],
    [['--tls-key', 'k'], '--tls-key needs --tls-cert too'],
    [['--auth', X509], 'x509 needs --tls-cert FILE'],
    [['--auth', X509, '--tls-cert', 'c', '--tls-key', 'k'], 'x509 needs --tls-cert FILE'],
    [['--auth', X509, '--client-ca', 'a'], '--client-ca needs --tls-cert and --tls-key too'],
    [['--tls-cert', 'c', '--tls-key', 'k', '--client-ca', 'a'], '--client-ca has no effect without x509'],
  ])('are refused where one is missing: %j', async (argv, message) => {
    await expect(start(...argv)).rejects.toThrow(message);
  });
});

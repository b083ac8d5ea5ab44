import { expect, test } from '@jest/globals';
import type { Settings } from '../../local/settings/settings.ts';
import { welcome } from '../../local/welcome.ts';

const settings = (auth: readonly unknown[], more: Partial<Settings> = {}): Settings => ({
  port: 0,
  host: '127.0.0.1',
  dataDir: './data',
  table: 'memory',
  tls: undefined,
  metrics: undefined,
  notes: [],
  service: { adapter: { name: 'one', site: 'local', settings: {} }, auth, local: true },
  ...more,
});
const commandOf = (auth: readonly unknown[], more?: Partial<Settings>) =>
  welcome('http://h:1', settings(auth, more)).at(-1);

test.each<[readonly unknown[], string]>([
  [['basic'], 'curl -u USER:PASSWORD http://h:1/compute/'],
  [['keystone', { token: {} }, 'basic'], 'curl -u USER:PASSWORD http://h:1/compute/'],
  [[{ users: { alice: {}, bob: {} } }], 'curl -u alice:PASSWORD http://h:1/compute/'],
  [[{ users: { "o'neil $x": {} } }], "curl -u 'o'\\''neil $x:PASSWORD' http://h:1/compute/"],
  [[{ oidc: { issuer: 'https://i' } }, 'keystone'], 'curl -H "Authorization: Bearer $TOKEN" http://h:1/compute/'],
])('The command is for the first scheme by which a caller can begin: %j', (auth, command) => {
  expect(commandOf(auth)).toBe(command);
});

test('Without credentials the command makes a compute', () => {
  expect(commandOf(['anonymous'])).toMatch(/^curl -X POST http:\/\/h:1\/compute\/ -H .*class="kind"'$/);
});

test('With https the command trusts the certificate of the server', () => {
  const tls = { cert: 'my cert.pem', key: 'k', clientCa: 'a' };
  expect(commandOf([{ x509: { users: {} } }], { tls })).toBe(
    "curl --cert CERTIFICATE.pem --key KEY.pem --cacert 'my cert.pem' http://h:1/compute/",
  );
});

test('Settings of a file that are not used are named first', () => {
  expect(welcome('http://h:1', settings(['basic'], { notes: ['x is not used'] }))[0]).toBe('Note: x is not used.');
});

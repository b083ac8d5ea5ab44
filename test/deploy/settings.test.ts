import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { ADAPTERS } from '../../adapters/index.ts';
import { NO_CLOUD } from '../../deploy/settings/check.ts';
import { readDeployment, WrongFile } from '../../deploy/settings/deployment.ts';
import { read, rowsOf } from '../docs/markdown.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
// Each check is a process that bundles the schemas first.
jest.setTimeout(30_000);
const ADAPTER_NAMES = Object.keys(ADAPTERS).join(', ');

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'occi-settings-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What comes of a file with this text. */
const deployment = (text: string, name = 'occi.yml', stage?: string) => {
  for (const old of readdirSync(folder)) rmSync(join(folder, old));
  writeFileSync(join(folder, name), text);
  return readDeployment(stage, folder);
};

/** What is said of a file with this text. */
const saidOf = async (text: string): Promise<string> => {
  const error = await deployment(text).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(WrongFile);
  return (error as WrongFile).message;
};

/** The descriptions of all settings, longest first: one may end like another. */
const DESCRIPTIONS = rowsOf(read('docs/settings.md'))
  .map((cells) => cells.at(-1)!)
  .sort((one, other) => other.length - one.length);

/** A line without the description at its end. */
function bare(line: string): string {
  const description = DESCRIPTIONS.find((one) => line.endsWith(`. ${one}`) || line.endsWith(`? ${one}`));
  return description === undefined ? line : line.slice(0, -description.length - 1).replace(/\.$/, '');
}

const DUMMY = 'adapter: { name: dummy, site: here }\nauth: [{ gateway: { from: iam, claim: role } }]\n';
const withAuth = (auth: string): string => `adapter: { name: dummy, site: here }\nauth: ${auth}\n`;
const withAdapter = (adapter: string): string =>
  `adapter: ${adapter}\nauth: [{ gateway: { from: iam, claim: role } }]\n`;
const one = (settings: string): string =>
  `adapter: { name: opennebula, site: here, settings: { endpoint: 'http://one:2633/RPC2', ${settings} } }\nauth: [basic]\n`;
const cipher = (password: string): string => one(`serverCipher: { user: serveradmin, password: ${password} }`);

const withEc2 = (settings: string, auth = '[{ gateway: { from: jwt, everybody: true } }]'): string =>
  `adapter: { name: ec2, site: here, settings: { region: eu-central-1, ${settings} } }\nauth: ${auth}\n`;
const byIam = (claim: string): string => `[{ gateway: { from: iam, claim: ${claim} } }]`;
const proved = (settings: string, auth: string): string => one(settings).replace('auth: [basic]', `auth: ${auth}`);
const CIPHER = 'serverCipher: { user: serveradmin, password: { parameter: /occi/one } }';
const SECRET = '{ parameter: /occi/key }';
const OIDC = '{ issuer: https://idp.example.org, audience: occi, everybody: true }';
const USERS =
  "{ alice: { password: '$scrypt$ln=15,r=8,p=1$wBUfQCHNZxSVIttsBRHTwQ$PqrEGumS5yW4lPC6QHSYWlb3LI2z2u2w+5OX5wFRp8U' } }";
const ROLE = 'arn:aws:iam::123456789012:role/occi';
const SESSION = 'arn:aws:sts::123456789012:assumed-role/researchers';
const ONE_NAMES =
  'endpoint, timeout, ca, page, filter, tenant, answerBytes, inFlight, defaultOsTemplate, resourceTemplates, coreSpeed, ' +
  'floatingIpPools, datastore, network, serverCipher';

const openstack = (settings: string): string =>
  `adapter: { name: openstack, site: here, settings: { endpoint: 'https://cloud.example.org:5000/v3', ${settings} } }\nauth: [basic, cloud-token]\n`;
const OPENSTACK_NAMES =
  'endpoint, loginUrl, region, interface, userDomain, timeout, ca, page, answerBytes, federation, hibernate, ' +
  'defaultOsTemplate, defaultNetwork, externalNetwork';

const SECRET_RULE =
  'must be { parameter: /name } of Parameter Store or { secret: <whole ARN>, field: <name> } of Secrets Manager';

/** Files with one thing wrong in them, and the line about it. */
const WRONG: readonly (readonly [file: string, line: string])[] = [
  ['- a', '(top): is a list, must be a map'],
  ['hello', '(top): is "hello", must be a map'],
  [
    `${DUMMY}colour: red`,
    'colour: is not a setting; there are adapter, auth, discovery, publicUrl, trustProxy, states, limits, clients, cors',
  ],
  [`${DUMMY}limit: { bodyBytes: 5000 }`, 'limit: is not a setting; did you mean limits?'],
  [`${DUMMY}public-url: https://x.org`, 'public-url: is not a setting; did you mean publicUrl?'],
  [`${DUMMY}table: { kind: memory }`, 'table: must not stand in the file: the deployment knows the name of its table'],
  [`${DUMMY}local: true`, 'local: must not stand in the file: it is for npm start and tests'],
  ['auth: [basic]', 'adapter: is missing, must be a map'],
  [withAdapter('dummy'), 'adapter: is "dummy", must be a map'],
  [withAdapter('{ site: here }'), 'adapter.name: is missing, must be the name of an adapter'],
  [withAdapter('{ name: 5, site: here }'), 'adapter.name: is 5, must be the name of an adapter'],
  [
    withAdapter('{ name: opennebular, site: here }'),
    `adapter.name: is "opennebular", must be one of ${ADAPTER_NAMES}; did you mean opennebula?`,
  ],
  [withAdapter('{ name: constructor, site: here }'), `adapter.name: is "constructor", must be one of ${ADAPTER_NAMES}`],
  [withAdapter('{ name: dummy }'), 'adapter.site: is missing, must be text'],
  [withAdapter('{ name: dummy, site: "a b" }'), 'adapter.site: is "a b", must be 1 to 64 letters, digits and . _ -'],
  [withAdapter('{ name: dummy, site: here, settings: [] }'), 'adapter.settings: is a list, must be a map'],
  [withAuth('basic'), 'auth: is "basic", must be a list'],
  [withAuth('[]'), 'auth: must not be empty'],
  [
    withAuth('[basci]'),
    'auth.0: is "basci", must be basic, keystone, cloud-token, anonymous or a map such as { oidc: … }; maps: users, token, oidc, x509, gateway',
  ],
  [withAuth('[basic, basic]'), 'auth: must name each scheme once'],
  [withAuth('[anonymous]'), 'auth: must not hold anonymous, which is for npm start: anyone could use the cloud'],
  [withAuth('[{ gateway: { from: cognito } }]'), 'auth.0.gateway.from: is "cognito", must be one of jwt, lambda, iam'],
  [withAuth('[{ gateway: { from: lambda } }]'), 'auth.0.gateway.claim: is missing, must be text'],
  [
    withAuth('[{ gateway: { from: iam, claim: arn } }]'),
    'auth.0.gateway.claim: is "arn", must be one of role, userArn, userId, callerId, accountId',
  ],
  [
    withAuth('[{ gateway: { from: iam } }]'),
    'auth.0.gateway.claim: is missing, must be one of role, userArn, userId, callerId, accountId',
  ],
  [
    withAuth('[{ gateway: { from: jwt, claims: sub } }]'),
    'auth.0.gateway.claims: is not a setting; did you mean claim?',
  ],
  [`${DUMMY}publicUrl: occi.example.org`, 'publicUrl: is "occi.example.org", must be a URL'],
  [
    `${DUMMY}publicUrl: https://me:s3cret@occi.example.org/?key=s3cret`,
    'publicUrl: is "https:…@occi.example.org/?…", must be an http or https URL without user, password, path, query and fragment',
  ],
  [
    `${DUMMY}publicUrl: https://example.org/occi`,
    'publicUrl: is "https://example.org/occi", must be an http or https URL without user, password, path, query and fragment',
  ],
  [`${DUMMY}trustProxy: yes`, 'trustProxy: is "yes", must be true or false'],
  [`${DUMMY}states: standart`, 'states: is "standart", must be one of extended, standard; did you mean standard?'],
  [`${DUMMY}limits: 5`, 'limits: is 5, must be a map'],
  [`${DUMMY}limits: { bodyBytes: 100 }`, 'limits.bodyBytes: is 100, must be at least 1024'],
  [`${DUMMY}limits: { bodyBytes: 10000000 }`, 'limits.bodyBytes: is 10000000, must be at most 6000000'],
  [`${DUMMY}limits: { bodyBytes: 2048.5 }`, 'limits.bodyBytes: is 2048.5, must be a whole number'],
  [`${DUMMY}limits: { bodyBytes: 1 MB }`, 'limits.bodyBytes: is "1 MB", must be a whole number'],
  [
    `${DUMMY}limits: { responseHeaderBytes: 99999999 }`,
    'limits.responseHeaderBytes: is 99999999, must be at most 262144',
  ],
  [`${DUMMY}limits: { bodybytes: 5000 }`, 'limits.bodybytes: is not a setting; did you mean bodyBytes?'],
  [
    `${DUMMY}cors: { origins: "*", credentials: true }`,
    'cors.credentials: is true, must be false with origins *: browsers refuse that, and any page could act for its reader',
  ],
  [`${DUMMY}cors: {}`, 'cors.origins: is missing, must be * or a list of origins'],
  [`${DUMMY}cors: { origins: https://a.org }`, 'cors.origins: is "https://a.org", must be * or a list of origins'],
  [`${DUMMY}cors: { origins: [] }`, 'cors.origins: must not be empty'],
  [
    `${DUMMY}cors: { origins: [https://a.org/] }`,
    'cors.origins.0: is "https://a.org/", must be scheme and host in small letters, without a path: https://example.org',
  ],
  [
    `${DUMMY}cors: { origins: "*", headers: ["*"] }`,
    'cors.headers.0: is "*", must be the name of a header, such as X-Api-Key',
  ],
  [withAdapter('{ name: opennebula, site: here }'), 'adapter.settings.endpoint: is missing, must be a URL'],
  [
    withAdapter('{ name: opennebula, site: here, settings: { endpoint: one } }'),
    'adapter.settings.endpoint: is "one", must be a URL',
  ],
  [
    withAdapter('{ name: opennebula, site: here, settings: { endpoint: "http://oneadmin:s3cret@one:2633/RPC2" } }'),
    'adapter.settings.endpoint: is "http:…@one:2633/RPC2", must be an http or https URL without user and password',
  ],
  [
    withAdapter('{ name: opennebula, site: here, settings: { endpoint: "http://oneadmin:s3cret/?@one:2633/RPC2" } }'),
    'adapter.settings.endpoint: is "http:…@one:2633/RPC2", must be a URL',
  ],
  [one('timeout: 0.5'), 'adapter.settings.timeout: is 0.5, must be at least 1'],
  [one('timeout: 600'), 'adapter.settings.timeout: is 600, must be at most 28'],
  [one('filter: everything'), 'adapter.settings.filter: is "everything", must be one of own, group, all'],
  [one('inflight: { process: 2 }'), 'adapter.settings.inflight: is not a setting; did you mean inFlight?'],
  [one('floatingIpPools: [a]'), 'adapter.settings.floatingIpPools.0: is "a", must be a whole number'],
  [
    one('resourceTemplates: [{ term: Big, title: Big one, cores: 1, memory: 1 }]'),
    'adapter.settings.resourceTemplates.0.term: is "Big", must be lower case: a-z, 0-9, _ and -',
  ],
  [one('ca: /etc/ca.pem'), 'adapter.settings.ca: is "/etc/ca.pem", must be a certificate in PEM form'],
  [one('ca: "-----BEGIN PRIVATE KEY-----s3cret"'), 'adapter.settings.ca: must be a certificate in PEM form'],
  [one('"-----BEGIN PRIVATE KEY-----s3cret": a'), `adapter.settings.…: is not a setting; there are ${ONE_NAMES}`],
  ['"-----BEGIN PRIVATE KEY-----s3cret"', '(top): must be a map'],
  [
    proved('', '[{ gateway: { from: jwt } }]'),
    'auth: must hold basic alone, or adapter.settings needs serverCipher: it acts for callers who bring no password',
  ],
  [
    proved(CIPHER, '[basic, { gateway: { from: jwt } }]'),
    'auth: must not hold basic beside gateway, whose authorizer refuses the callers of all other schemes: use oidc, whose ' +
      'tokens the functions verify themselves, instead of { gateway: { from: jwt } }',
  ],
  [
    proved(CIPHER, '[basic, { gateway: { from: iam, claim: userId } }]'),
    'auth: must not hold basic beside gateway, whose authorizer refuses the callers of all other schemes: leave one of ' +
      'them out, or serve the others from an endpoint of their own, which may share the table',
  ],
  [
    withAuth('[{ gateway: { from: jwt } }, { gateway: { from: lambda, claim: user } }]'),
    'auth: must hold gateway once: the routes have one authorizer',
  ],
  [
    withAuth(`[{ token: { key: ${SECRET} } }, keystone]`),
    'auth: must hold a scheme that proves callers beside token and keystone, such as users or oidc',
  ],
  [
    withAuth(`[{ users: ${USERS} }, keystone]`),
    'auth: must hold token beside keystone, whose logins hand out its tokens',
  ],
  [
    withAuth(`[{ token: { key: ${SECRET} } }, { token: { key: ${SECRET}, maxDays: 1 } }]`),
    'auth: must hold token once: put everything into one entry',
  ],
  [
    withAuth('[basic]'),
    'auth: must not hold basic: the embedded cloud has no users of its own; `users` checks those of the settings',
  ],
  [
    withAuth('[{ gateway: { from: jwt, everybody: true, require: [{ claim: groups, value: a }] } }]'),
    'auth.0.gateway.everybody: is true, must be false with require, which admits only some',
  ],
  [
    withAuth('[{ gateway: { from: jwt }, oidc: { issuer: https://a.org, audience: b } }]'),
    'auth.0: must hold one scheme: users, token, oidc, x509, gateway',
  ],
  [withAuth('[{ saml: {} }]'), 'auth.0.saml: is not a setting; there are users, token, oidc, x509, gateway'],
  [
    withAuth('[{ oidc: { issuer: http://idp.example.org, audience: b } }]'),
    'auth.0.oidc.issuer: is "http://idp.example.org", must be an https URL without user, query and fragment',
  ],
  [
    withAuth('[{ oidc: { issuer: https://a.org, audience: b, algorithms: [HS256] } }]'),
    'auth.0.oidc.algorithms.0: is "HS256", must be one of RS256, ES256, EdDSA, PS256; did you mean RS256?',
  ],
  [
    withAuth('[{ oidc: { issuer: https://a.org, audience: b, require: [{ claim: groups, value: "*/*" }] } }]'),
    'auth.0.oidc.require.0.value: is "*/*", must have at most one *',
  ],
  [
    withAuth('[{ users: { alice: { password: s3cret } } }]'),
    'auth.0.users.alice.password: must be the hash of a password, as `npm run user:hash` prints it',
  ],
  ...[
    ["prefix: 'egi:'", 'egi:'],
    ["prefix: 'egi:', require: [{ claim: groups, value: '*', tenant: 'vo:*' }]", 'vo:*'],
  ].map(([more, tenant]): readonly [string, string] => [
    proved(
      CIPHER,
      `[{ oidc: { issuer: https://a.org, audience: b, everybody: ${!more!.includes('require')}, ${more} } }]`,
    ),
    `auth: must not make tenants with colons, such as ${tenant}: no user of OpenNebula has a colon in his name, so write egi- instead of egi:`,
  ]),
  ...['userArn', 'role'].map((claim): readonly [string, string] => [
    proved(CIPHER, byIam(claim)),
    `auth: must not name callers by ${claim}: an ARN has colons, and no user of OpenNebula has one in his name`,
  ]),
  [
    cipher('s3cret'),
    'adapter.settings.serverCipher.password: must not be written out: keep it in Parameter Store and write ' +
      '{ parameter: /name }, or in Secrets Manager and write { secret: <whole ARN> }',
  ],
  [cipher('12345'), `adapter.settings.serverCipher.password: ${SECRET_RULE}`],
  [cipher(''), `adapter.settings.serverCipher.password: is missing, ${SECRET_RULE}`],
  [cipher('{ paramter: s3cret }'), `adapter.settings.serverCipher.password: is a map, ${SECRET_RULE}`],
  [
    cipher('{ parameter: s3cret }'),
    'adapter.settings.serverCipher.password.parameter: must be the name of a parameter: a slash, then letters, digits and . _ - /',
  ],
  [
    cipher('{ secret: s3cret }'),
    'adapter.settings.serverCipher.password.secret: must be a whole ARN: ' +
      'arn:aws:secretsmanager:<region>:<account>:secret:<name>-<six characters>',
  ],
  [withAuth(`[{ users: ${USERS} }, { token: {} }]`), `auth.1.token.key: is missing, ${SECRET_RULE}`],
  [
    withAuth(`[{ users: ${USERS} }, { token: { key: ${'s3cret'.repeat(8)} } }]`),
    'auth.1.token.key: must not be written out: keep it in Parameter Store and write { parameter: /name }, or in Secrets ' +
      'Manager and write { secret: <whole ARN> }',
  ],
  [withAuth(`[{ users: ${USERS} }, { token: { key: short } }]`), 'auth.1.token.key: must have at least 32 characters'],
  [
    withAuth(`[{ users: { alice: { password: s3cret } } }]`),
    'auth.0.users.alice.password: must be the hash of a password, as `npm run user:hash` prints it',
  ],
  [one('serverCipher: "serveradmin:s3cret"'), 'adapter.settings.serverCipher: must be a map'],
  [
    withAdapter('{ name: dummy, site: here, settings: { defaultOsTemplate: amiga } }'),
    'adapter.settings.defaultOsTemplate: is "amiga", must be the term of one of osTemplates',
  ],
  [
    withAdapter('{ name: dummy, site: here, settings: { fail: { compute.crate: { failure: conflict } } } }'),
    'adapter.settings.fail.compute.crate: is not a setting; did you mean compute.create?',
  ],
  [
    withEc2('').replace('eu-central-1', 'mars'),
    'adapter.settings.region: is "mars", must be a region, such as eu-central-1',
  ],
  [
    withEc2('', '[basic]'),
    'auth: must not hold basic: EC2 cannot check passwords; `users` checks those of the settings',
  ],
  [
    withEc2(`others: refuse, roles: { alice: { arn: '${ROLE}' } }`, byIam('role')),
    'auth: must not name callers by ARN alone: adapter.settings.roles has no ARN for a name, and others are refused',
  ],
  [openstack('').replace(/endpoint: '[^']*', /, ''), 'adapter.settings.endpoint: is missing, must be a URL'],
  [openstack('defaultOsTemplate: debian-12'), 'adapter.settings.defaultOsTemplate: is "debian-12", must be a UUID'],
  [openstack('defaultNetwork: any'), 'adapter.settings.defaultNetwork: is "any", must be a UUID, or the word only'],
  [openstack('externalNetwork: public'), 'adapter.settings.externalNetwork: is "public", must be a UUID'],
  [
    openstack('federation: { protocol: openid }'),
    'adapter.settings.federation.identityProvider: is missing, must be text',
  ],
  [openstack('interface: admin'), 'adapter.settings.interface: is "admin", must be one of public, internal'],
  [openstack('password: s3cret'), `adapter.settings.password: is not a setting; there are ${OPENSTACK_NAMES}`],
  ...[`{ users: ${USERS} }`, `{ oidc: ${OIDC} }`, '{ gateway: { from: iam, claim: userId } }'].map(
    (scheme): readonly [string, string] => [
      openstack('').replace('[basic, cloud-token]', `[${scheme}]`),
      `auth: must not hold ${scheme.slice(2, scheme.indexOf(':'))}: OpenStack takes the credentials of each caller, and nobody acts for others`,
    ],
  ),
  [withEc2('zone: us-east-1a'), 'adapter.settings.zone: is "us-east-1a", must be a zone of the region'],
  [withEc2('zone: eu-central-1'), 'adapter.settings.zone: is "eu-central-1", must be a zone of the region'],
  [
    withEc2('others: refuse'),
    'adapter.settings.others: is "refuse", must be own where there are no roles: every caller would be refused',
  ],
  [
    withEc2(`roles: { alice: { arn: '${ROLE}', externalId: "s3cret s3cret" } }`),
    'adapter.settings.roles.alice.externalId: must be 2 to 1224 letters, digits and + = , . @ : / -',
  ],
];

describe('A file that is wrong', () => {
  test.each(WRONG)('%j', async (file, line) => {
    expect((await saidOf(file)).split('\n  ').map(bare)).toEqual(['occi.yml is wrong:', line]);
  });

  test.each([
    [
      `${DUMMY}limits: { bodyBytes: 100 }`,
      'must be at least 1024. Largest request body, in bytes. A larger one is refused with 413.',
    ],
    [`${DUMMY}limits: 5`, 'limits: is 5, must be a map. Limits of requests, answers and tenants.'],
    [
      `${DUMMY}states: standart`,
      'did you mean standard? States shown to clients. OCCI 1.2 has no `waiting`: `standard` shows it as `inactive` with a message, `extended` as it is.',
    ],
    [
      withAuth('[{ gateway: { from: lambda } }]'),
      'must be text. Key of the context returned by the Lambda authorizer that names the caller.',
    ],
    [
      withAdapter('{ name: opennebular, site: here }'),
      'did you mean opennebula? The cloud behind the endpoint: the name of an adapter. `none` can be packaged but not deployed.',
    ],
    [
      one('floatingIpPools: [a]'),
      'must be a whole number. Networks that addresses are reserved from. By default those with the attribute FLOATING_IP_POOL=YES.',
    ],
    [one('resourceTemplates: [{ term: a, title: A, cores: 1, memory: 0 }]'), 'must be greater than 0. Memory, in GiB.'],
    [cipher('s3cret'), '{ secret: <whole ARN> }. Password of the service account.'],
    [cipher('{ parameter: s3cret }'), '- /. Password of the service account.'],
    [
      withEc2(`roles: { alice: { arn: '${ROLE}', tenant: '' } }`),
      'must not be empty. Callers with the same tenant share their entities. By default each caller is a tenant.',
    ],
  ])('%j is told with what the setting is for', async (file, end) => {
    expect(await saidOf(file)).toMatch(/^occi\.yml is wrong:\n {2}[^\n]+$/);
    expect((await saidOf(file)).endsWith(end)).toBe(true);
  });

  test('is told with what the setting is for, unless there is no such setting', async () => {
    for (const [file, line] of WRONG) {
      const [, told = ''] = (await saidOf(file)).split('\n  ');
      const isSetting = !/is not a setting|must not stand in the file|^\(top\)/.test(line);
      expect([line, bare(told) !== told]).toEqual([line, isSetting]);
    }
  });

  test('is told with all that is wrong, in the service’s settings and in the adapter’s', async () => {
    const file = `
adapter: { name: opennebula, site: '', settings: { endpoint: one, page: 1, serverCipher: { user: a, password: } } }
auth: [anonymous]
states: both
cors: { origins: '*', credentials: true, maxage: 5 }
local: true
`;
    expect((await saidOf(file)).split('\n  ').map(bare)).toEqual([
      'occi.yml is wrong:',
      'local: must not stand in the file: it is for npm start and tests',
      'adapter.site: is "", must be 1 to 64 letters, digits and . _ -',
      'states: is "both", must be one of extended, standard',
      'cors.maxage: is not a setting; did you mean maxAge?',
      'cors.credentials: is true, must be false with origins *: browsers refuse that, and any page could act for its reader',
      'auth: must not hold anonymous, which is for npm start: anyone could use the cloud',
      'adapter.settings.endpoint: is "one", must be a URL',
      'adapter.settings.page: is 1, must be at least 2',
      `adapter.settings.serverCipher.password: is missing, ${SECRET_RULE}`,
    ]);
  });

  test('is told with schemes that the cloud cannot know, beside what is wrong elsewhere', async () => {
    const file = `${one('serverCipher: { user: a, password: s3cret }').replace('[basic]', byIam('role'))}states: both`;
    expect((await saidOf(file)).split('\n  ').map(bare)).toEqual([
      'occi.yml is wrong:',
      'states: is "both", must be one of extended, standard',
      'auth: must not name callers by role: an ARN has colons, and no user of OpenNebula has one in his name',
      expect.stringMatching(/^adapter\.settings\.serverCipher\.password: must not be written out/),
    ]);
  });

  test('never shows what may be a secret', async () => {
    for (const [file] of WRONG.filter(([text]) => text.includes('s3cret'))) {
      expect(await saidOf(file)).not.toContain('s3cret');
    }
  });

  test.each([
    ['', 'occi.yml is empty: copy one from deploy/examples.'],
    ['# only this', 'occi.yml is empty: copy one from deploy/examples.'],
    ['auth: [basic]\nauth: [basic]', 'occi.yml:2:1: this key stands twice (DUPLICATE_KEY).'],
    ['adapter:\n\tname: dummy', 'occi.yml:2:1: indent with spaces, not with a tab (TAB_AS_INDENT).'],
    [
      "adapter: { name: dummy }\nauth: ['basic]",
      'occi.yml:2:15: a character is missing, such as a closing quote or bracket (MISSING_CHAR).',
    ],
    ['states: !important standard', 'occi.yml:1:9: there are no tags here (TAG_RESOLVE_FAILED).'],
  ])('that is not YAML: %j', async (text, message) => {
    expect(await saidOf(text)).toBe(message);
  });
});

describe('The file of a stage', () => {
  test('is its own, or the one for all that have none', async () => {
    expect((await deployment(DUMMY)).file).toBe('occi.yml');
    expect((await deployment(DUMMY, 'occi.yml', 'prod')).file).toBe('occi.yml');
    expect((await deployment(DUMMY, 'occi.prod.yml', 'prod')).file).toBe('occi.prod.yml');
  });

  test.each([
    ['qa', 'There is neither occi.qa.yml nor occi.yml: copy one from deploy/examples.'],
    ['../prod', 'Invalid stage "../prod": use 1 to 40 letters, digits or hyphens.'],
    ['', 'Invalid stage "": use 1 to 40 letters, digits or hyphens.'],
  ])('must be there: %j', async (stage, message) => {
    await expect(deployment(DUMMY, 'occi.prod.yml', stage)).rejects.toThrow(new WrongFile(message));
  });

  test('comes with what it needs: exact names of secrets, exact roles', async () => {
    const arn = 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:one-AbCdEf';
    expect(await deployment(cipher('{ parameter: /occi/one }'))).toMatchObject({
      secrets: { parameters: ['/occi/one'], secrets: [] },
      roles: [],
      notYet: [],
    });
    expect(await deployment(cipher(`{ secret: '${arn}', field: password }`))).toMatchObject({
      secrets: { parameters: [], secrets: [arn] },
    });
    const withToken = withAuth(`[{ users: ${USERS} }, { token: { key: { parameter: /occi/tokens } } }]`);
    expect(await deployment(withToken)).toMatchObject({ secrets: { parameters: ['/occi/tokens'], secrets: [] } });
    const roles = `{ bob: { arn: '${ROLE}' }, alice: { arn: '${ROLE}' } }`;
    expect(await deployment(withEc2(`roles: ${roles}`))).toMatchObject({
      secrets: { parameters: [], secrets: [] },
      roles: [ROLE],
    });
  });

  test.each([
    ['tokens of OpenNebula itself, which need no key', one('').replace('[basic]', '[basic, { token: {} }]')],
    ['OpenNebula’s own users beside proved ones', proved(CIPHER, `[basic, { oidc: ${OIDC} }]`)],
    ['IAM users in OpenNebula by their id', proved(CIPHER, byIam('userId'))],
    ['a local zone', withEc2('zone: eu-central-1-ham-1a')],
    [
      'roles of AWS with accounts',
      withEc2(`others: refuse, roles: { '${SESSION}': { arn: '${ROLE}' } }`, byIam('role')),
    ],
    [
      'roles of AWS as tenants with a role',
      withEc2(
        'others: own',
        `[{ gateway: { from: iam, claim: role, require: [{ claim: role, value: '${SESSION}', tenant: physics }, { claim: accountId, value: '123456789012', role: reader }] } }]`,
      ),
    ],
    [
      'roles of AWS that act as a user of OpenNebula',
      proved(
        CIPHER,
        `[{ gateway: { from: iam, claim: role, require: [{ claim: role, value: '${SESSION}', tenant: physics }] } }]`,
      ),
    ],
    ['a public URL with a slash', `${DUMMY}publicUrl: https://occi.example.org/`],
    ['headers that an authorizer reads', `${DUMMY}cors: { origins: ['https://a.org'], headers: [X-Api-Key] }`],
  ])('may have %s', async (_, text) => {
    expect((await deployment(text)).notYet).toEqual([]);
  });

  test('is handed on as it is written', async () => {
    const { settings } = await deployment(`${DUMMY}limits: { deleteAll: false }\n`);
    expect(settings).toEqual({
      adapter: { name: 'dummy', site: 'here' },
      auth: [{ gateway: { from: 'iam', claim: 'role' } }],
      limits: { deleteAll: false },
    });
  });
});

describe('Everybody whom an issuer knows', () => {
  const entries = (more: string) => [
    `[{ gateway: { from: jwt${more} } }]`,
    `[{ oidc: { issuer: https://a.org, audience: b${more} } }]`,
  ];

  test('is let in by a deployment that confirms it only', async () => {
    for (const [place, auth] of entries('').entries()) {
      const name = ['gateway', 'oidc'][place];
      expect((await deployment(withAuth(auth))).notYet).toEqual([
        `auth.0.${name} has no require: add rules, or confirm with everybody: true`,
      ]);
    }
    for (const auth of [
      ...entries(', everybody: true'),
      ...entries(', require: [{ claim: groups, value: a }]'),
      '[{ gateway: { from: lambda, claim: user } }]',
    ]) {
      expect((await deployment(withAuth(auth))).notYet).toEqual([]);
    }
  });
});

describe('A claim that a directory may give to another person', () => {
  const warned = async (auth: string) => (await deployment(withAuth(auth))).warnings;

  test.each([
    'preferred_username',
    'email',
    'cognito:username',
    'custom:email',
    'login',
    'nickname',
    'user_name',
    'displayName',
    'family_name',
    'sAMAccountName',
    'userPrincipalName',
    'https://example.org/claims/login',
  ])('is taken, with a warning: %s', async (claim) => {
    expect(await warned(`[{ gateway: { from: jwt, claim: '${claim}' } }]`)).toContainEqual(
      `auth.0.gateway.claim: is ${claim}, which a directory may give to another person later, who would own what the ` +
        'first one has; use sub, which is never given again',
    );
    expect(await warned(`[{ gateway: { from: lambda, claim: '${claim}' } }]`)).toHaveLength(1);
  });

  test('is none that a token or AWS never gives again', async () => {
    expect(await warned(byIam('userId'))).toEqual([]);
    for (const claim of ['sub', 'oid', 'custom:sub', 'https://example.org/email/sub', 'user', 'id']) {
      const warnings = await warned(`[{ gateway: { from: jwt, claim: '${claim}' } }]`);
      expect(warnings).not.toContainEqual(expect.stringContaining('.claim:'));
    }
  });
});

describe('The files that come with the project', () => {
  test('name no cloud yet: they can be packaged, and not deployed', async () => {
    expect(await readDeployment('dev')).toMatchObject({ file: 'occi.yml', notYet: [NO_CLOUD] });
  });

  test.each(readdirSync(join(ROOT, 'deploy/examples')))('hold an example that is right: %s', async (name) => {
    for (const old of readdirSync(folder)) rmSync(join(folder, old));
    copyFileSync(join(ROOT, 'deploy/examples', name), join(folder, 'occi.yml'));
    expect(await readDeployment('dev', folder)).toMatchObject({ notYet: [], warnings: [] });
  });
});

describe('npm run config:check', () => {
  const check = (...args: string[]) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, ['deploy/run.mjs', 'config-check', ...args], {
      cwd: ROOT,
      encoding: 'utf8',
    });
    return { status, stdout, stderr };
  };

  test('says that a cloud must be named before anything is deployed', () => {
    const says = '\n  adapter.name is not set: name the cloud before you deploy.\n';
    expect(check()).toEqual({ status: 0, stdout: `occi.yml can be packaged, but not deployed:${says}`, stderr: '' });
    expect(check('--deploy')).toEqual({ status: 1, stdout: '', stderr: `occi.yml cannot be deployed:${says}` });
  });

  test('warns of what is right and still a danger, and ends with 0', () => {
    const stage = `test-${process.pid}`;
    const file = join(ROOT, `occi.${stage}.yml`);
    writeFileSync(file, withAuth('[{ gateway: { from: lambda, claim: email } }]'));
    try {
      expect(check('--stage', stage)).toEqual({
        status: 0,
        stdout: `occi.${stage}.yml is right.\n`,
        stderr: expect.stringMatching(/^occi\.[^\n]*: warning: auth\.0\.gateway\.claim: is email, [^\n]*\n$/),
      });
    } finally {
      rmSync(file);
    }
  });

  test('ends with 1 and a line for what it was told wrongly', () => {
    expect(check('--stage', 'a/b')).toEqual({
      status: 1,
      stdout: '',
      stderr: 'Invalid stage "a/b": use 1 to 40 letters, digits or hyphens.\n',
    });
    expect(check('--stag', 'prod')).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/^[^\n]*--stag[^\n]*\n$/),
    });
  });
});

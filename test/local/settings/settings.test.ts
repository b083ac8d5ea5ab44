import { describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import { forStart, readAllSettings } from '../../../functions/settings.ts';
import type { AdapterModule, SchemeSupport } from '../../../lib/adapter/module.ts';
import { SCHEME_NAMES } from '../../../lib/config/auth/names.ts';
import { Refusal } from '../../../local/refusal.ts';
import { readSettings } from '../../../local/settings/settings.ts';

/** What a cloud says of the schemes if it takes some of them only. */
const only = (...names: string[]) =>
  Object.fromEntries(
    SCHEME_NAMES.map((name) => [name, names.includes(name) || 'it does not']),
  ) as unknown as SchemeSupport;

/** Clouds that are made up, each with what it says of its callers; all others are those of the registry. */
const MADE_UP: Record<string, Partial<AdapterModule<unknown>>> = {
  any: { settings: z.record(z.string(), z.unknown()), schemes: only('anonymous'), localAuth: 'anonymous' },
  password: {
    settings: z.strictObject({ fast: z.boolean().default(false) }),
    schemes: only('basic'),
    localAuth: 'basic',
  },
  silent: { settings: z.strictObject({}) },
};
const known = {
  ...forStart,
  adapterModule: async (name: string) => (MADE_UP[name] as AdapterModule<unknown>) ?? forStart.adapterModule(name),
};

const read = (line: string, env: Record<string, string> = {}) =>
  readSettings(line.split(' ').filter(Boolean), env, known);

/** What the functions make of the settings. */
const whole = async (line: string) => {
  const { service } = await read(line);
  return readAllSettings(JSON.stringify({ ...service, table: { kind: 'memory' } }), 'OCCI_CONFIG', {});
};

describe('settings', () => {
  test('have the defaults of the schema, but for the limit of response headers', async () => {
    expect(await read('')).toEqual({
      port: 3300,
      host: '127.0.0.1',
      dataDir: './data',
      table: 'embedded',
      tls: undefined,
      notes: [],
      service: {
        adapter: { name: 'dummy', site: 'local', settings: {} },
        auth: ['anonymous'],
        limits: { responseHeaderBytes: 32_768 },
        local: true,
      },
    });
    expect((await whole('')).service).toEqual({
      adapter: { name: 'dummy', site: 'local', settings: {} },
      auth: ['anonymous'],
      table: { kind: 'memory' },
      trustProxy: false,
      discovery: 'callers',
      states: 'extended',
      limits: { bodyBytes: 1_048_576, responseHeaderBytes: 32_768, deleteAll: false },
      clients: { jocci: false },
      local: true,
    });
    expect((await whole('--limits.responseHeaderBytes 2048')).service.limits.responseHeaderBytes).toBe(2048);
  });

  test('take place and data from the environment', async () => {
    expect(await read('', { PORT: '0', HOST: '::1', DATA_DIR: '/tmp/x' })).toMatchObject({
      port: 0,
      host: '::1',
      dataDir: '/tmp/x',
    });
    expect(await read('', { PORT: '', HOST: '', DATA_DIR: '' })).toMatchObject({ port: 3300, host: '127.0.0.1' });
  });

  test('take every setting of the service from the arguments', async () => {
    const { table, service } = await read(
      '--table memory --public-url https://occi.example.org --trust-proxy --states=standard ' +
        '--limits.bodyBytes 2048 --limits.delete-all --cors.origins * --cors.max-age 60',
    );
    expect(table).toBe('memory');
    expect(service).toMatchObject({
      publicUrl: 'https://occi.example.org',
      trustProxy: true,
      states: 'standard',
      limits: { bodyBytes: 2048, deleteAll: true },
      cors: { origins: '*', maxAge: 60 },
      adapter: { settings: {} },
    });
  });

  test('give every other argument to the adapter', async () => {
    const line = '--adapter any --boot-delay 0.5 --quota.compute 5 --quota.fixedIps -1 --name 007 --fast true --note=';
    expect((await read(`${line} --sizes ["a",1] --fail {"x.y":null}`)).service.adapter).toEqual({
      name: 'any',
      site: 'local',
      settings: {
        bootDelay: 0.5,
        quota: { compute: 5, fixedIps: -1 },
        name: '007',
        fast: true,
        note: '',
        sizes: ['a', 1],
        fail: { 'x.y': null },
      },
    });
  });

  test.each([
    ['--trust-proxy --boot-delay 1', true],
    ['--trust-proxy false --boot-delay 1', false],
    ['--trustProxy true --boot-delay 1', true],
  ])('read a flag: %s', async (line, trustProxy) => {
    expect((await read(line)).service).toMatchObject({ trustProxy, adapter: { settings: { bootDelay: 1 } } });
  });

  test('read the flags of an adapter, and leave text as it is', async () => {
    expect((await read('--adapter password --fast')).service.adapter.settings).toEqual({ fast: true });
    expect((await read('--adapter ec2 --region 007 --sizes.mem_small 5')).service.adapter.settings).toEqual({
      region: '007',
      sizes: { mem_small: '5' },
    });
  });

  test.each([
    ['--images.ids ami-0123456789abcdef0', { images: { ids: ['ami-0123456789abcdef0'] } }],
    ['--images.ids ami-0123456789abcdef0,ami-00000001', { images: { ids: ['ami-0123456789abcdef0', 'ami-00000001'] } }],
    ['--images.ids ["ami-00000001"]', { images: { ids: ['ami-00000001'] } }],
    ['--images.owners 136693071363', { images: { owners: ['136693071363'] } }],
    ['--published.networks all', { published: { networks: 'all' } }],
    ['--published.networks subnet-00000001', { published: { networks: ['subnet-00000001'] } }],
  ])('read a list as one value, several with commas, or JSON: %s', async (line, settings) => {
    expect((await read(`--adapter ec2 --region us-east-1 ${line}`)).service.adapter.settings).toEqual({
      region: 'us-east-1',
      ...settings,
    });
  });

  test('read a list from a variable as from an argument, and the service takes it', async () => {
    const env = {
      OCCI_IMAGES__IDS: 'ami-00000001, ami-00000002',
      OCCI_CORS__ORIGINS: 'https://a.example,https://b.example',
    };
    const { service } = await read('--adapter ec2 --region us-east-1 --cors.headers X-One', env);
    expect(service).toMatchObject({
      adapter: { settings: { images: { ids: ['ami-00000001', 'ami-00000002'] } } },
      cors: { origins: ['https://a.example', 'https://b.example'], headers: ['X-One'] },
    });
    const all = JSON.stringify({ ...service, table: { kind: 'memory' } });
    expect((await readAllSettings(all, 'OCCI_CONFIG', {})).service.cors).toMatchObject({ headers: ['X-One'] });
  });

  test.each([
    ['extra', '"extra" is not an argument'],
    ['-x 1', '"-x" is not an argument'],
    ['--__proto__.x 1', 'is not an argument'],
    ['--adapter', '--adapter needs a value'],
    ['--boot-delay --adapter dummy', '--boot-delay needs a value'],
    ['--adapter a --adapter b', '--adapter stands twice'],
    ['--boot-delay 1 --bootDelay 2', '--bootDelay stands twice'],
    ['--quota 1 --quota.compute 2', '--quota.compute contradicts another argument'],
    ['--quota.compute 2 --quota 1', '--quota contradicts another argument'],
    ['--quota 1 --quota.a.b 2', '--quota.a.b contradicts another argument'],
    ['--table disk', '--table "disk" is not one of: embedded, memory'],
    ['--auth tokens', '--auth "tokens" would let no caller of the adapter dummy in: leave it out, or choose users'],
    ['--limits.bodyBytes 1048577', '--limits.bodyBytes 1048577 is more than this server reads: choose 1048576 at most'],
    ['--fail {x}', '{x} is not JSON'],
  ])('refuse %s', async (line, message) => {
    await expect(read(line)).rejects.toThrow(Refusal);
    await expect(read(line)).rejects.toThrow(message);
  });

  test.each([
    ['--states all', 'states: is "all", must be one of extended, standard. States shown to clients.'],
    ['--public-url example.org', 'publicUrl: is "example.org", must be a URL. Scheme and host of the endpoint'],
    ['--trust-proxy=maybe', 'trustProxy: is "maybe", must be true or false. Whether to believe'],
    ['--limits.bodyBytes many', 'limits.bodyBytes: is "many", must be a whole number. Largest request body, in bytes.'],
    ['--limits.bodyByte 1', 'limits.bodyByte: is not a setting; did you mean bodyBytes?'],
    ['--limits 5', 'limits: is 5, must be a map. Limits of requests, answers and tenants.'],
    ['--site a:b', 'adapter.site: is "a:b", must be 1 to 64 letters, digits and . _ -. Name of this site.'],
    ['--boot-delay -1', 'adapter.settings.bootDelay: is -1, must be at least 0. Seconds for which a new compute'],
  ])('that are wrong are refused by the functions, in the words of the schema: %s', async (line, message) => {
    await expect(whole(line)).rejects.toThrow(message);
  });

  test.each([
    ['--port 3399', '--port is the variable PORT'],
    ['--data-dir=/tmp/x', '--data-dir is the variable DATA_DIR'],
    ['--host localhost', '--host is the variable HOST'],
  ])('refuse a variable as an argument: %s', async (line, message) => {
    await expect(read(line)).rejects.toThrow(message);
  });

  test.each(['-1', '65536', '3300x', '0x10', ' '])('refuse the port "%s"', async (PORT) => {
    await expect(read('', { PORT })).rejects.toThrow(`PORT "${PORT}" is not a port`);
  });

  test.each(['0.0.0.0', '::', '192.168.0.7', 'example.org', '127.0.0.1.example.org'])(
    'refuse to serve on %s without credentials',
    async (HOST) => {
      await expect(read('', { HOST })).rejects.toThrow(/--auth basic/);
    },
  );

  test.each(['localhost', '127.0.0.1', '127.1.2.3', '::1'])('serve on %s', async (HOST) => {
    expect((await read('', { HOST })).host).toBe(HOST);
  });
});

describe('A cloud with users of its own', () => {
  const line = '--adapter opennebula --endpoint http://127.0.0.1:2633/RPC2';
  const expected = {
    adapter: { name: 'opennebula', site: 'local', settings: { endpoint: 'http://127.0.0.1:2633/RPC2', page: 50 } },
    auth: ['basic'],
  };

  test('is served to callers with credentials', async () => {
    expect((await read(`${line} --page 50`)).service).toMatchObject(expected);
    expect((await read(`${line} --page 50`, { HOST: '0.0.0.0' })).service).toMatchObject(expected);
  });

  test('can be named in the environment; what the arguments say counts more', async () => {
    const env = {
      OCCI_ADAPTER: 'opennebula',
      OCCI_ENDPOINT: 'http://127.0.0.1:2633/RPC2',
      OCCI_IN_FLIGHT__REQUEST: '1',
      OCCI_PAGE: '70',
      OCCI_CONFIG: '{}',
      OCCI_LIVE: 'opennebula',
    };
    const { service } = await read('--page 50', env);
    expect(service).toMatchObject(expected);
    expect(service.adapter.settings).toMatchObject({ inFlight: { request: 1 } });
    expect(Object.keys(service.adapter.settings).sort()).toEqual(['endpoint', 'inFlight', 'page']);
  });
});

describe('An adapter says how its callers are known', () => {
  test.each([
    ['any', ['anonymous']],
    ['password', ['basic']],
    ['dummy', ['anonymous']],
    ['ec2', ['anonymous']],
    ['opennebula', ['basic']],
  ])('%s: %j', async (name, auth) => {
    expect((await read(`--adapter ${name}`)).service.auth).toEqual(auth);
  });

  test('one that checks passwords is served to other machines too', async () => {
    expect((await read('--adapter password', { HOST: '0.0.0.0' })).service.auth).toEqual(['basic']);
  });

  test.each([
    [
      '--adapter password --auth anonymous',
      'would let no caller of the adapter password in: it does not: leave it out, or choose basic',
    ],
    [
      '--adapter any --auth basic',
      'would let no caller of the adapter any in: it does not: leave it out, or choose anonymous',
    ],
    [
      '--adapter silent',
      'the adapter silent does not say how it knows its callers: export schemes and localAuth from adapters/silent/index.ts',
    ],
  ])('a start that could know no caller is refused: %s', async (line, message) => {
    await expect(read(line)).rejects.toThrow(Refusal);
    await expect(read(line)).rejects.toThrow(message);
  });

  test('which of several schemes is the choice of the caller of npm start', async () => {
    expect((await read('--adapter opennebula --auth anonymous')).service.auth).toEqual(['anonymous']);
    await expect(whole('--adapter opennebula --auth anonymous --endpoint http://one/')).rejects.toThrow(
      'auth: must hold basic alone, or adapter.settings needs serverCipher',
    );
  });
});

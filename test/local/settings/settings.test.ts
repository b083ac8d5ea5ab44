import { describe, expect, test } from '@jest/globals';
import { Refusal } from '../../../local/refusal.ts';
import { readSettings } from '../../../local/settings/settings.ts';

const read = (line: string, env: Record<string, string> = {}) => readSettings(line.split(' ').filter(Boolean), env);

describe('settings', () => {
  test('have defaults', () => {
    expect(read('')).toEqual({
      port: 3300,
      host: '127.0.0.1',
      dataDir: './data',
      table: 'embedded',
      service: {
        adapter: { name: 'dummy', site: 'local', settings: {} },
        auth: ['anonymous'],
        trustProxy: false,
        states: 'extended',
        limits: { bodyBytes: 1_048_576, responseHeaderBytes: 32_768, deleteAll: false },
        local: true,
      },
    });
  });

  test('take place and data from the environment', () => {
    expect(read('', { PORT: '0', HOST: '::1', DATA_DIR: '/tmp/x' })).toMatchObject({
      port: 0,
      host: '::1',
      dataDir: '/tmp/x',
    });
    expect(read('', { PORT: '', HOST: '', DATA_DIR: '' })).toMatchObject({ port: 3300, host: '127.0.0.1' });
  });

  test('take what the service knows from the arguments', () => {
    const { table, service } = read(
      '--table memory --public-url https://occi.example.org --trust-proxy --states=standard ' +
        '--limits.bodyBytes 2048 --limits.delete-all true',
    );
    expect(table).toBe('memory');
    expect(service).toMatchObject({
      publicUrl: 'https://occi.example.org',
      trustProxy: true,
      states: 'standard',
      limits: { bodyBytes: 2048, deleteAll: true },
    });
  });

  test('give every other argument to the adapter', () => {
    const line =
      '--adapter other --boot-delay 0.5 --quota.compute 5 --quota.fixedIps -1 --name 007 --fast true --note=';
    expect(read(`${line} --sizes ["a",1] --fail {"x.y":null}`).service.adapter).toEqual({
      name: 'other',
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
  ])('read a flag: %s', (line, trustProxy) => {
    expect(read(line).service).toMatchObject({ trustProxy, adapter: { settings: { bootDelay: 1 } } });
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
    ['--states all', '--states "all" is not one of: extended, standard'],
    ['--auth token', '--auth "token" is not one of: anonymous, basic'],
    ['--public-url example.org', 'is not an http or https URL'],
    ['--trust-proxy=maybe', '--trust-proxy "maybe" is neither true nor false'],
    ['--limits.bodyBytes 1048577', '--limits.bodyBytes 1048577 is more than this server reads: choose 1048576 at most'],
    ['--limits.bodyBytes many', '--limits.bodyBytes "many" is not a whole number'],
    ['--limits.bodyByte 1', '--limits has only: bodyBytes, responseHeaderBytes, deleteAll'],
    ['--fail {x}', '{x} is not JSON'],
  ])('refuse %s', (line, message) => {
    expect(() => read(line)).toThrow(Refusal);
    expect(() => read(line)).toThrow(message);
  });

  test.each(['-1', '65536', '3300x', '0x10', ' '])('refuse the port "%s"', (PORT) => {
    expect(() => read('', { PORT })).toThrow(`PORT "${PORT}" is not a port`);
  });

  test.each(['0.0.0.0', '::', '192.168.0.7', 'example.org', '127.0.0.1.example.org'])(
    'refuse to serve on %s without credentials',
    (HOST) => {
      expect(() => read('', { HOST })).toThrow(/--auth basic/);
    },
  );

  test.each(['localhost', '127.0.0.1', '127.1.2.3', '::1'])('serve on %s', (HOST) => {
    expect(read('', { HOST }).host).toBe(HOST);
  });
});

describe('A cloud with users of its own', () => {
  const line = '--adapter opennebula --endpoint http://127.0.0.1:2633/RPC2';
  const expected = {
    adapter: { name: 'opennebula', site: 'local', settings: { endpoint: 'http://127.0.0.1:2633/RPC2', page: 50 } },
    auth: ['basic'],
  };

  test('is served to callers with credentials', () => {
    expect(read(`${line} --page 50`).service).toMatchObject(expected);
    expect(read(`${line} --page 50`, { HOST: '0.0.0.0' }).service).toMatchObject(expected);
  });

  test('can be named in the environment; what the arguments say counts more', () => {
    const env = {
      OCCI_ADAPTER: 'opennebula',
      OCCI_ENDPOINT: 'http://127.0.0.1:2633/RPC2',
      OCCI_IN_FLIGHT__REQUEST: '1',
      OCCI_PAGE: '70',
      OCCI_CONFIG: '{}',
      OCCI_LIVE: 'opennebula',
    };
    const { service } = read('--page 50', env);
    expect(service).toMatchObject(expected);
    expect(service.adapter.settings).toMatchObject({ inFlight: { request: 1 } });
    expect(Object.keys(service.adapter.settings).sort()).toEqual(['endpoint', 'inFlight', 'page']);
  });
});

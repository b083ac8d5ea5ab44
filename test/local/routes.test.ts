import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { KINDS } from '../../lib/occi/kinds/index.ts';
import { createRouter, readFunctions } from '../../local/routes.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const functions = readFunctions(readFileSync(`${ROOT}serverless.yml`, 'utf8'));
const routeKeys = functions.flatMap((one) => one.routeKeys);

describe('the routes of serverless.yml', () => {
  const router = createRouter(functions);

  test.each([
    ['GET', '/-', 'discovery', 'GET /-', undefined],
    ['GET', '/-/', 'discovery', 'GET /-/{proxy+}', ''],
    ['HEAD', '/-/', 'discovery', 'HEAD /-/{proxy+}', ''],
    ['OPTIONS', '/.well-known/org/ogf/occi/-/', 'discovery', 'OPTIONS /.well-known/org/ogf/occi/-/{proxy+}', ''],
    ['POST', '/-/', 'paths', '$default', undefined],
    ['DELETE', '/.well-known/org/ogf/occi/-/', 'paths', '$default', undefined],
    ['GET', '/compute', 'compute', 'ANY /compute', undefined],
    ['POST', '/compute/', 'compute', 'ANY /compute/{proxy+}', ''],
    ['DELETE', '/compute/a/b/', 'compute', 'ANY /compute/{proxy+}', 'a/b/'],
    ['PUT', '/ipreservation/x', 'network', 'ANY /ipreservation/{proxy+}', 'x'],
    ['GET', '/securitygroup/x', 'network', 'ANY /securitygroup/{proxy+}', 'x'],
    ['GET', '/securitygrouplink/x', 'links', 'ANY /securitygrouplink/{proxy+}', 'x'],
    ['POST', '/.well-known/tokens', 'account', 'ANY /.well-known/tokens', undefined],
    ['DELETE', '/.well-known/tokens/x', 'account', 'ANY /.well-known/tokens/{proxy+}', 'x'],
    ['GET', '/.well-known/quota', 'account', 'ANY /.well-known/quota', undefined],
    ['POST', '/v2.0/tokens', 'identity', 'ANY /v2.0/{proxy+}', 'tokens'],
    ['GET', '/v3', 'identity', 'ANY /v3', undefined],
    ['GET', '/v3/', 'identity', 'ANY /v3/{proxy+}', ''],
    ['GET', '/v20/tokens', 'paths', '$default', undefined],
    ['GET', '/', 'paths', '$default', undefined],
    ['GET', '/computer', 'paths', '$default', undefined],
    ['GET', '//compute/', 'paths', '$default', undefined],
    ['GET', '', 'paths', '$default', undefined],
  ])('%s %s goes to %s by %s', (method, path, name, routeKey, proxy) => {
    expect(router(method, path)).toEqual({ function: name, routeKey, ...(proxy !== undefined && { proxy }) });
  });

  test('name each kind that has a location, and the login, with all below it, and no other', () => {
    const places = [
      ...Object.values(KINDS).map(({ location }) => location.slice(0, -1)),
      '/v2.0',
      '/v3',
      '/.well-known/tokens',
    ];
    const expected = [
      ...places.flatMap((place) => [`ANY ${place}`, `ANY ${place}/{proxy+}`]),
      'ANY /.well-known/quota',
    ];
    expect(routeKeys.filter((key) => key.startsWith('ANY ')).sort()).toEqual(expected.sort());
  });

  test('lead to functions that are there', () => {
    for (const { name, module, handler } of functions) {
      expect({ module, handler }).toEqual({ module: `dist/functions/${name}.mjs`, handler: 'handler' });
      expect(existsSync(`${ROOT}functions/${name}.ts`)).toBe(true);
    }
  });
});

describe('a router', () => {
  const made = (...keys: string[]) => createRouter([{ name: 'one', module: '', handler: '', routeKeys: keys }]);

  test('prefers the whole path, then the longest beginning, and the method itself before ANY', () => {
    const router = made('ANY /a', 'GET /a', 'ANY /{proxy+}', 'ANY /a/{proxy+}', 'GET /a/b/{proxy+}');
    expect(router('GET', '/a')?.routeKey).toBe('GET /a');
    expect(router('PUT', '/a')?.routeKey).toBe('ANY /a');
    expect(router('GET', '/a/b/c')).toEqual({ function: 'one', routeKey: 'GET /a/b/{proxy+}', proxy: 'c' });
    expect(router('PUT', '/a/b/c')).toEqual({ function: 'one', routeKey: 'ANY /a/{proxy+}', proxy: 'b/c' });
    expect(router('PUT', '/b')).toEqual({ function: 'one', routeKey: 'ANY /{proxy+}', proxy: 'b' });
  });

  test('finds nothing where no key fits and there is no $default', () => {
    expect(made('GET /a')('GET', '/b')).toBeUndefined();
  });

  test.each(['GET /a/', '/a', 'GET a', 'GET /a/{id}', 'GET /{proxy+}/a', '* /a'])('refuses the key %s', (key) => {
    expect(() => made(key)).toThrow(`"${key}" cannot be served`);
  });

  test('refuses a key that stands twice', () => {
    expect(() => made('GET /a', 'GET /a')).toThrow('stands twice');
  });
});

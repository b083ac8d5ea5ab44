import { describe, expect, test } from '@jest/globals';
import { POOL_FILTER, settings } from '../../../adapters/opennebula/config.ts';

const endpoint = 'http://one.example.org:2633/RPC2';

const CIPHER = { user: 'serveradmin', password: 'p' };

describe('Settings', () => {
  test('need an endpoint only', () => {
    expect(settings.parse({ endpoint })).toMatchObject({
      endpoint,
      page: 500,
      filter: 'own',
      tenant: 'uid',
      inFlight: { request: 2, process: 12 },
      network: { cluster: -1 },
    });
  });

  test('let a service account act for no administrator that they do not name', () => {
    const named = { ...CIPHER, administrators: ['oneadmin'] };
    expect(settings.parse({ endpoint, serverCipher: CIPHER }).serverCipher?.administrators).toEqual([]);
    expect(settings.parse({ endpoint, serverCipher: named }).serverCipher?.administrators).toEqual(['oneadmin']);
  });

  test.each([
    ['no endpoint', {}],
    ['an endpoint that is not a URL', { endpoint: 'one:2633' }],
    ['an endpoint with credentials', { endpoint: 'http://oneadmin:secret@one.example.org/RPC2' }],
    ['a typo', { endpoint, filters: 'own' }],
    ['a page of one, which oned cannot give', { endpoint, page: 1 }],
    ['more calls than oned has connections', { endpoint, inFlight: { process: 16 } }],
    ['an invalid certificate', { endpoint, ca: '/etc/ca.pem' }],
    ['a service account with a colon in its name', { endpoint, serverCipher: { user: 'server:alice', password: 'p' } }],
    [
      'administrators that are not valid names',
      { endpoint, serverCipher: { ...CIPHER, administrators: ['one admin'] } },
    ],
    ['administrators that are not a list', { endpoint, serverCipher: { ...CIPHER, administrators: 'oneadmin' } }],
    ['the service account among them', { endpoint, serverCipher: { ...CIPHER, administrators: [CIPHER.user] } }],
  ])('refuse %s', (_name, wrong) => {
    expect(settings.safeParse(wrong).success).toBe(false);
  });

  test('do not reveal a password that they refuse', () => {
    const wrong = {
      endpoint: 'http://oneadmin:s3cret@one.example.org/',
      serverCipher: { user: 'x y', password: 's3cret' },
    };
    expect(settings.safeParse(wrong).error!.message).not.toContain('s3cret');
  });

  test('never choose the filter that shows what is not permitted', () => {
    expect(Object.values(POOL_FILTER)).toEqual([-3, -1, -2]);
  });
});

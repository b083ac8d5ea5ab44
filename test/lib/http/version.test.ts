import { expect, test } from '@jest/globals';
import { checkVersion, SERVER } from '../../../lib/http/version.ts';
import { processorTime } from '../../processor-time.ts';

const check = (agent?: string) => checkVersion({ headers: agent === undefined ? {} : { 'user-agent': [agent] } });

test('the Server line names 1.2 before 1.1, and the profile with all its templates (D-20, CRTP-4)', () => {
  expect(SERVER).toMatch(/^serverless-occi\/\S+ OCCI\/1\.2 OCCI\/1\.1 OCCI-CRTP-EP\/1\.1$/);
});

test.each([
  undefined,
  '',
  'curl/8',
  'OCCI/1.0',
  'OCCI/1.1',
  'x/1 OCCI/1.2',
  'OCCI/0.99',
  'fooOCCI/9.9',
  'OCCI/9.9.9',
  'OCCI/9',
  'occi/9.9',
  'OCCI/3.0 OCCI/1.2',
  'OCCI-CRTP/9.9',
])('%j is served', (agent) => {
  expect(() => check(agent)).not.toThrow();
});

test.each([
  'OCCI/1.3',
  'OCCI/1.10',
  'OCCI/2.0',
  'OCCI/10.0',
  'x OCCI/1.11 y',
  'OCCI/2.0 OCCI/3.0',
  '\tOCCI/9.9',
  'OCCI/123456789.0',
  'OCCI/1.99999999',
])('%j is newer: 501 (HTTP-9, numbers not text)', (agent) => {
  expect(() => check(agent)).toThrow(expect.objectContaining({ failure: 'notImplemented' }));
});

test('a long User-Agent costs no more than its length', () => {
  const spent = processorTime();
  check(`${' OCCI/'.repeat(100_000)}`);
  check(`${'OCCI/1.'.repeat(100_000)}`);
  expect(spent()).toBeLessThan(500);
});

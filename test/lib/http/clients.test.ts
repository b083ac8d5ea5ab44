import { expect, test } from '@jest/globals';
import { splitsAtLineEnds } from '../../../lib/http/clients.ts';

test.each(['python-requests/2.18.4', 'python-requests/2.31.0'])('%j splits a listing at line ends', (agent) => {
  expect(splitsAtLineEnds(agent)).toBe(true);
});

test.each([
  undefined,
  '',
  'curl/8.5.0',
  'python-requests',
  'a python-requests/2.18.4',
  'rOCCI-core/4.3.6 rOCCI-api/4.3.14 OCCI/1.1 ruby-x86_64-linux-gnu/3.1.2p20',
  'Apache-HttpClient/4.3.1 (java 1.5)',
])('%j reads lines', (agent) => expect(splitsAtLineEnds(agent)).toBe(false));

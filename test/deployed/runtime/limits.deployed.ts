/**
 * What AWS's runtime interface emulator makes of a function that ours are not, which tells what the tests beside this one can
 * show; and where it differs from Lambda: one statement each, which fails once it does not.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Functions, startFunctions } from './functions.ts';

const TIMEOUT_SECONDS = 3;
/** What the emulator reads of an event: 6 MiB and 100 bytes. */
const READ_BYTES = 6_291_556;

let functions: Functions;
const call = (event: object): Promise<string> => functions.invoke('compute', JSON.stringify(event));
const pid = async (): Promise<number> => JSON.parse(await call({ misdeed: 'none' })).did;

beforeAll(async () => {
  const settings = {
    adapter: { name: 'dummy', site: 'test', settings: {} },
    auth: [{ gateway: { from: 'jwt', everybody: true } }],
  };
  const parameters = { authorizer: 'jwt', jwtIssuer: 'https://idp.example.org', jwtAudience: 'occi' };
  functions = await startFunctions(
    { settings, parameters },
    { timeoutSeconds: TIMEOUT_SECONDS, instead: 'careless.mjs' },
  );
}, 120_000);

afterAll(() => functions?.stop());

describe('the runtime interface emulator', () => {
  test('hands over an error, and goes on with the same process', async () => {
    const before = await pid();
    expect(JSON.parse(await call({ misdeed: 'throw' }))).toMatchObject({ errorType: 'TypeError' });
    expect(await pid()).toBe(before);
  }, 60_000);

  test('starts another process after a rejection that nobody handles', async () => {
    const before = await pid();
    expect(JSON.parse(await call({ misdeed: 'reject' }))).toMatchObject({
      errorType: 'Runtime.UnhandledPromiseRejection',
    });
    expect(await pid()).not.toBe(before);
  }, 60_000);

  test('ends a function at its timeout and starts another process; unlike Lambda, it says so in a plain text', async () => {
    const before = await pid();
    expect(await call({ misdeed: 'hang' })).toBe(`Task timed out after ${TIMEOUT_SECONDS}.00 seconds`);
    expect(await pid()).not.toBe(before);
  }, 60_000);

  test('refuses an answer over 6 MiB', async () => {
    expect(JSON.parse(await call({ misdeed: 'large' }))).toMatchObject({ errorType: 'Function.ResponseSizeTooLarge' });
    expect(await pid()).toBeGreaterThan(0);
  }, 60_000);

  test('cuts an event behind 6 MiB and 100 bytes, which Lambda would refuse as a whole', async () => {
    const around = JSON.stringify({ misdeed: 'none', more: '' }).length;
    const eventOf = (bytes: number) => ({ misdeed: 'none', more: 'x'.repeat(bytes - around) });
    expect(JSON.parse(await call(eventOf(READ_BYTES)))).toHaveProperty('did');
    expect(JSON.parse(await call(eventOf(READ_BYTES + 1)))).toMatchObject({ errorType: 'SyntaxError' });
  }, 60_000);
});

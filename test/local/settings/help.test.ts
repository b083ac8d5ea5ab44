import { expect, test } from '@jest/globals';
import { ADAPTERS } from '../../../adapters/index.ts';
import { forStart } from '../../../functions/settings.ts';
import { helpFor } from '../../../local/settings/help.ts';

const help = (line: string) => helpFor(line.split(' '), {}, forStart);

/** The text about an argument, on one line. */
const about = (text: string, name: string): string =>
  (new RegExp(`^  ${name}\\n((?: {6}.*(?:\\n|$))+)`, 'm').exec(text)?.[1] ?? '').replace(/\s+/g, ' ').trim();

test('names variables, arguments of the service and those of the embedded cloud, with defaults', async () => {
  const text = await help('--help');
  expect(about(text, 'PORT')).toBe('Port to serve on; 0 takes any free one. Default: 3300.');
  expect(about(text, '--adapter')).toMatch(/Default: dummy\.$/);
  expect(about(text, '--limits\\.response-header-bytes')).toMatch(/in bytes\..* 1024 to 262144\. Default: 32768\.$/);
  expect(about(text, '--boot-delay')).toBe(
    'Seconds for which a new compute is waiting. Values: number, 0 to 86400. Default: 0.',
  );
  expect(text.split('\n').filter((line) => line.length > 110 && !line.includes('{"'))).toEqual([]);
});

test('shows what one argument can give: lists and maps of names whole, other maps field by field', async () => {
  const text = await help('--adapter ec2 --help');
  expect(about(text, '--region')).toMatch(/Required\.$/);
  expect(about(text, '--roles')).not.toBe('');
  expect(about(text, '--images\\.owners')).toMatch(/Default: \["self"\]\.$/);
  expect(text).not.toMatch(/^ {2}--(images$|roles\.|\S*\[)/m);
});

test.each(Object.keys(ADAPTERS))('knows the adapter %s', async (name) => {
  expect(await help(`--help --adapter ${name}`)).toContain(`Arguments of the adapter ${name} `);
});

test('refuses an adapter that does not exist', async () => {
  await expect(help('--adapter dumy --help')).rejects.toThrow('did you mean dummy?');
});

/** Which releases of Node are promised, and what the others are told. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { warningOf } from '../../local/node-release.mjs';
import { startServerProcess } from '../server-process.ts';

describe('A release of Node', () => {
  test.each(['22.12.0', '23.1.0', '24.21.0', '26.0.0'])('%s is taken without a word', (version) => {
    expect(warningOf(version)).toBeUndefined();
  });

  test.each(['18.20.8', '20.20.2'])('%s has ended, and is told what to use', (version) => {
    expect(warningOf(version)).toMatch(/Node 22 and 24.*Node \d+\.\d+\.\d+, which/);
  });

  test('that functions run on is one of the promised', () => {
    const [, runtime] = /runtime: nodejs(\d+)\.x/.exec(readFileSync('serverless.yml', 'utf8'))!;
    expect(warningOf(`${runtime}.0.0`)).toBeUndefined();
  });

  test('is told once at the start, unless NODE_NO_WARNINGS is 1', async () => {
    const warning = warningOf(process.versions.node);
    const said = async (env: Readonly<Record<string, string>>) => {
      const server = startServerProcess(['--help'], env);
      expect(await server.ended).toBe(0);
      return server.output.stderr;
    };
    expect(await said({ NODE_NO_WARNINGS: '0' })).toBe(warning === undefined ? '' : `${warning}\n`);
    expect(await said({ NODE_NO_WARNINGS: '1' })).toBe('');
  });
});

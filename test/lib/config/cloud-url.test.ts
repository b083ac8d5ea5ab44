import { describe, expect, test } from '@jest/globals';
import { cloudBaseUrl, cloudUrl } from '../../../lib/config/cloud-url.ts';

describe('The URL of a cloud', () => {
  test.each([
    'ftp://cloud.example.org/',
    'http://anne:secret@cloud.example.org/',
    'https://anne@cloud.example.org/',
    'cloud',
  ])('is refused: %s', (url) => {
    expect(cloudUrl().safeParse(url).success).toBe(false);
    expect(cloudBaseUrl().safeParse(url).success).toBe(false);
  });

  test('is kept as it is written', () => {
    for (const url of ['http://one.example.org:2633/RPC2', 'https://one.example.org/'])
      expect(cloudUrl().parse(url)).toBe(url);
  });

  test('as a base ends in a slash, so that paths lie below it', () => {
    expect(cloudBaseUrl().parse('https://cloud.example.org/v1')).toBe('https://cloud.example.org/v1/');
    expect(cloudBaseUrl().parse('https://cloud.example.org/v1/')).toBe('https://cloud.example.org/v1/');
  });

  test.each(['https://cloud.example.org/?x=1', 'https://cloud.example.org/#top'])('as a base is refused: %s', (url) => {
    expect(cloudBaseUrl().safeParse(url).success).toBe(false);
  });
});

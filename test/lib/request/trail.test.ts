import { describe, expect, test } from '@jest/globals';
import { trailOf } from '../../../lib/request/request-log.ts';

describe('The trail of a request', () => {
  test('is the same for every call with the event', () => {
    const event = { rawPath: '/' };
    trailOf(event).record.operation = 'discover';
    expect(trailOf(event).record.operation).toBe('discover');
  });

  test('leaves no mark in the JSON of the event', () => {
    const event = { rawPath: '/' };
    trailOf(event);
    expect(JSON.stringify(event)).toBe('{"rawPath":"/"}');
  });

  test('exists for an event that cannot be extended', () => {
    const event = Object.freeze({ rawPath: '/' });
    trailOf(event).record.operation = 'discover';
    expect(trailOf(event).record.operation).toBe('discover');
  });

  test('is not shared with a copy of the event', () => {
    const event = { rawPath: '/' };
    trailOf(event).answerHeaders = { Vary: 'Origin' };
    expect(trailOf({ ...event }).answerHeaders).toBeUndefined();
  });
});

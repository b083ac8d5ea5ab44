import { expect, test } from '@jest/globals';
import { renderUriList, renderUriListError } from '../../../../lib/renderings/uri-list/render.ts';
import { contextOf } from '../entity.ts';

const context = contextOf('text/uri-list');

test('one absolute URL a line, each with its end (TXT-26, RFC 2483 §5)', () => {
  expect(renderUriList({ is: 'collection', locations: ['/compute/1', '/storage/2'] }, context)).toEqual({
    headers: { 'Content-Type': 'text/uri-list' },
    body: 'http://host:3300/compute/1\nhttp://host:3300/storage/2\n',
  });
});

test('an empty collection is an empty list', () => {
  expect(renderUriList({ is: 'collection', locations: [] }, context).body).toBe('');
});

test('what was created is a list too', () => {
  expect(renderUriList({ is: 'created', locations: ['/compute/1'] }, context).body).toBe(
    'http://host:3300/compute/1\n',
  );
});

test('errors are text/plain (ADR-14)', () => {
  expect(renderUriListError({ status: 400, message: 'No.' })).toEqual({
    headers: { 'Content-Type': 'text/plain; charset=utf-8' },
    body: 'No.\n',
  });
});

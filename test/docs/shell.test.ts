import { describe, expect, test } from '@jest/globals';
import { type Request, type Step, stepsOf, type Variables } from './shell.ts';

const steps = (block: string, variables: Variables = { BASE: 'http://h' }): Step[] => [...stepsOf(block, variables)];
const request = (block: string, variables?: Variables): Request => {
  const [step] = steps(block, variables);
  if (step?.is !== 'request') throw new Error('no request');
  return step.request;
};

describe('a block of the page', () => {
  test('may be a request over several lines', () => {
    expect(
      request(
        `curl -i -X PUT "$BASE/a?b=c" -H 'A: b; c="d"' -H 'Content-Type: text/plain' \\\n  --data-binary 'one\ntwo'`,
      ),
    ).toEqual({
      method: 'PUT',
      url: 'http://h/a?b=c',
      headers: expect.objectContaining({ A: 'b; c="d"', Accept: '*/*' }),
      body: 'one\ntwo',
    });
  });

  test('may have a body with variables', () => {
    const block = `curl -i "$BASE/" -H 'Content-Type: text/plain' --data-binary @- <<END\nLink: <$BASE/x>; a="b"\nEND`;
    expect(request(block)).toMatchObject({ method: 'POST', body: 'Link: <http://h/x>; a="b"\n' });
  });

  test('glues quoted parts as a shell does', () => {
    expect(request(`curl -i "$BASE/x" -H 'Link: <'"$BASE"'/y>'`).headers).toMatchObject({ Link: '<http://h/y>' });
  });

  test('may set variables, also from the answer before', () => {
    expect(steps('# a comment\nBASE=http://h\nHERE=$(location)\nTAG=$(etag)')).toEqual([
      { is: 'value', name: 'BASE', value: 'http://h' },
      { is: 'header', name: 'HERE', header: 'location' },
      { is: 'header', name: 'TAG', header: 'etag' },
    ]);
  });

  test.each([
    ['another option', 'curl -i --insecure "$BASE/"'],
    ['another program', 'wget "$BASE/"'],
    ['a pipe', 'curl -i "$BASE/" | tee x'],
    ['two URLs', 'curl -i "$BASE/" "$BASE/x"'],
    ['no -i', 'curl "$BASE/"'],
    ['a file', `curl -i "$BASE/" -H 'Content-Type: text/plain' --data-binary @file`],
    ['a body of no type', `curl -i "$BASE/" --data-binary 'x'`],
    ['an unknown variable', 'curl -i "$OTHER/"'],
    ['a dollar that is none', `curl -i "$BASE/$(date)"`],
    ['a quote that does not end', `curl -i "$BASE/" -H 'A: b`],
    ['a URL that a shell would take apart', 'curl -i $BASE/a?b=c&d=e'],
  ])('refuses %s', (_what, block) => {
    expect(() => steps(block)).toThrow(Error);
  });
});

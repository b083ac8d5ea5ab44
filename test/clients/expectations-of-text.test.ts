/** What real clients expect of the text renderings, by the rows of the table of expectations. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Endpoint, startEndpoint } from '../endpoint.ts';
import { accepting, kindLine, make, makeLinkedMachine, text } from './payloads.ts';
import { linesOf, readEntity, readModel, readUriList } from './rocci.ts';

const CORE = 'http://schemas.ogf.org/occi/core#';

describe('expectations of the text renderings', () => {
  let endpoint: Endpoint;
  let machine: string;

  beforeAll(async () => {
    endpoint = await startEndpoint();
    ({ machine } = await makeLinkedMachine(endpoint));
    await make(endpoint, 'securitygroup');
    await make(endpoint, 'ipreservation');
  });
  afterAll(() => endpoint.stop());

  const get = (path: string, mediaType: string) => endpoint.send('GET', path, accepting(mediaType));
  const everything = async () =>
    readUriList(await get('/', 'text/uri-list')).map((url) => url.trim().replace(endpoint.url, ''));

  test('CLIENT-10: field names in bodies are in canonical capitals, one blank after the colon', async () => {
    const created = await endpoint.send('POST', '/compute/', text(kindLine('compute')));
    const bodies = [
      created,
      await get('/-/', 'text/plain'),
      await get('/', 'text/plain'),
      await get(machine, 'text/plain'),
    ];
    const lines = bodies.flatMap(({ body }) => body.split(/\r?\n/)).filter((line) => line !== '');
    const canonical = /^(Category|Link|X-OCCI-Attribute|X-OCCI-Location): \S/;
    expect(lines.filter((line) => !canonical.test(line))).toEqual([]);
  });

  test('CLIENT-11: rOCCI 4.x matches every category with its expression, from beginning to end', async () => {
    expect(readModel(await get('/-/', 'text/plain')).length).toBeGreaterThan(40);
    for (const path of await everything())
      expect(readEntity(await get(path, 'text/plain')).categories[0]!.class).toBe('kind');
  });

  test('CLIENT-12: rOCCI 4.x knows terms in lower case and values that are strings, numbers or true and false', async () => {
    for (const path of await everything()) {
      const lines = linesOf(await get(path, 'text/plain'));
      expect(lines.filter((line) => /^Category: \S*[A-Z]/.test(line))).toEqual([]);
      const { attributes } = readEntity(await get(path, 'text/plain'));
      expect(attributes['occi.core.id']).toContain(path.split('/').at(-1));
    }
  });

  test('CLIENT-13: rOCCI 4.x cuts headers at every comma and sorts the pieces, and the model is the same', async () => {
    const byId = (one: { id: string }, other: { id: string }) => (one.id < other.id ? -1 : 1);
    const [plain, occi] = [readModel(await get('/-/', 'text/plain')), readModel(await get('/-/', 'text/occi'))];
    expect([...occi].sort(byId)).toEqual([...plain].sort(byId));
  });

  test('CLIENT-13: rOCCI 4.x cuts and sorts the headers of an entity, and its mixins and links are the same', async () => {
    const [plain, occi] = [readEntity(await get(machine, 'text/plain')), readEntity(await get(machine, 'text/occi'))];
    expect(occi.attributes).toEqual(plain.attributes);
    expect(occi.links.map(({ self }) => self).sort()).toEqual(plain.links.map(({ self }) => self).sort());
    expect(occi.categories.map(({ id }) => id)).toEqual(plain.categories.map(({ id }) => id));
  });

  test('CLIENT-13: what a user wrote is quoted and never altered', async () => {
    const title = 'one, two; three = "four" \\ five';
    const quoted = title.replaceAll('\\', '\\\\').replaceAll('"', '\\"');
    const path = await make(endpoint, 'compute', `X-OCCI-Attribute: occi.core.title="${quoted}"\n`);
    const lines = linesOf(await get(path, 'text/plain'));
    expect(lines).toContain(`X-OCCI-Attribute: occi.core.title="${quoted}"`);
  });

  test('CLIENT-14: rOCCI 5 finds every category that another refers to, and every attribute of an entity', async () => {
    const model = readModel(await get('/-/', 'text/plain'));
    const ids = new Map(model.map((category) => [category.id, category]));
    const referred = model.flatMap(({ rel, actions }) => [...rel, ...actions]);
    expect(referred.filter((id) => !ids.has(id))).toEqual([]);
    const has = (term: string) => ids.get(CORE + term)!.attributes.join(' ');
    expect(has('entity')).toMatch(/occi\.core\.id.* occi\.core\.title/);
    expect(has('resource')).toContain('occi.core.summary');
    expect(has('link')).toMatch(/occi\.core\.source.* occi\.core\.target/);
    for (const path of await everything()) {
      const { categories, attributes } = readEntity(await get(path, 'text/plain'));
      const defined = categories.flatMap(({ id }) => ids.get(id)!.attributes).map((one) => one.replace(/\{.*/, ''));
      expect(Object.keys(attributes).filter((name) => !defined.includes(name))).toEqual([]);
    }
  });

  test('CLIENT-14: the model of a user whose mixin refers to nothing known can still be read (D-19)', async () => {
    const mixin = 'Category: my_stuff; scheme="http://example.com/occi/my_stuff#"; class="mixin"; ';
    const rest = 'rel="http://example.com/occi/something_else#mixin"; location="/my_stuff/"';
    expect((await endpoint.send('POST', '/-/', text(mixin + rest))).status).toBe(200);
    const model = readModel(await get('/-/', 'text/plain'));
    expect(model.map(({ term }) => term)).toContain('my_stuff');
    const ids = model.map(({ id }) => id);
    expect(model.flatMap(({ rel }) => rel).filter((id) => !ids.includes(id))).toEqual([]);
    expect((await endpoint.send('DELETE', '/-/', text(mixin + rest))).status).toBe(200);
  });
});

/**
 * One life cycle of the field's command-line client in each rendering, as it was recorded: discover, create, list,
 * describe, start, stop, link, unlink, create with links, associate a template, delete.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Endpoint, type Reply, startEndpoint } from '../endpoint.ts';
import { Learned, type Purpose, purposeOf, type Recorded, recordings, titleIn } from './recording.ts';
import { createdAt, mediaTypeOf, readUriList } from './rocci.ts';
import { readJsonEntities } from './rocci-json.ts';
import { INFRASTRUCTURE, isJson, type KnownCategory, modelIn, type Seen, seenIn } from './seen.ts';

const ACTIONS = 'http://schemas.ogf.org/occi/infrastructure/compute/action#';
const TEXT = { 'Content-Type': 'text/plain' };

/** What the client does, in the titles of the tests. */
const DOES = {
  discover: 'discovers the model',
  list: 'lists',
  describe: 'describes',
  create: 'creates in',
  act: 'triggers',
  associate: 'associates a template with',
  delete: 'deletes',
} as const satisfies Record<Purpose, string>;

describe.each(Object.entries(recordings))('%s', (_name, steps) => {
  const learned = new Learned();
  let endpoint: Endpoint;
  let os: KnownCategory;
  let size: KnownCategory;
  let larger: KnownCategory;
  let machine: string;

  const pathOf = (url: string) => url.replace(endpoint.url, '');
  const lastSegment = (path: string) => path.split('/').at(-1)!;
  const get = (path: string) => endpoint.send('GET', path, { headers: { Accept: 'text/plain' } });
  const see = async (path: string): Promise<Seen> => seenIn(await get(path));
  const linksOfMachine = async () => (await see(machine)).links.map(({ self }) => self);

  beforeAll(async () => {
    endpoint = await startEndpoint();
    // The server that was recorded had two machines already.
    const body = `Category: compute; scheme="${INFRASTRUCTURE}"; class="kind"`;
    for (let made = 0; made < 2; made++) await endpoint.send('POST', '/compute/', { headers: TEXT, body });
  });
  afterAll(() => endpoint.stop());

  async function checkMachine(path: string): Promise<void> {
    const { categories, attributes, links } = await see(path);
    expect(categories).toEqual(expect.arrayContaining([os.id, size.id]));
    expect(links.map(({ target }) => target.split('/')[1])).toEqual(path === machine ? [] : ['storage', 'network']);
    if (path !== machine) return;
    expect(attributes['org.openstack.credentials.publickey.data']).toBe('ssh-rsa AAAAB3NzaC1yc2E test@host');
    expect(attributes['org.openstack.compute.user_data']).toBe('I2Nsb3VkLWNvbmZpZyBoZWxsbw==');
  }

  /** Machines of the server that was recorded stood still at first. */
  const haveItStopped = () =>
    endpoint.send('POST', `${machine}?action=stop`, {
      headers: TEXT,
      body: `Category: stop; scheme="${ACTIONS}"; class="action"`,
    });

  /** What the client must find in the answer, and the effect that it must find after it. */
  const checks: Record<Purpose, (reply: Reply, recorded: Recorded, path: string) => Promise<void>> = {
    async discover(reply) {
      const model = modelIn(reply);
      for (const term of ['storagelink', 'networkinterface'])
        learned.location(term, model.find(({ id }) => id === INFRASTRUCTURE + term)!.location!);
      const chosen = (term: string, base: string) =>
        model.find((one) => one.term === term && one.rel.includes(INFRASTRUCTURE + base))!;
      os = chosen('debian12', 'os_tpl');
      size = chosen('small', 'resource_tpl');
      larger = chosen('large', 'resource_tpl');
      learned.templates({ os, size });
    },

    async list(reply) {
      const urls = isJson(reply)
        ? readJsonEntities(reply).resources.map(({ location }) => location)
        : readUriList(reply);
      const paths = urls.map((url) => pathOf(url).trim());
      learned.listed(paths);
      expect(paths).toHaveLength(machine ? 3 : 2);
      if (machine) expect(paths).toContain(machine);
      // Whatever is no URI as it stands, the client does not take for one.
      expect(urls.filter((url) => /\s/.test(url))).toEqual([]);
    },

    async describe(reply, { path: recordedPath }, path) {
      const { categories, attributes, links } = seenIn(reply);
      expect(categories[0]).toBe(INFRASTRUCTURE + recordedPath.split('/').at(-2));
      expect(attributes['occi.core.id']).toBe(`urn:uuid:${lastSegment(path)}`);
      const there = await see(path);
      expect([...categories].sort()).toEqual([...there.categories].sort());
      expect(links.map(({ self }) => self).sort()).toEqual(there.links.map(({ self }) => self).sort());
    },

    async create(reply, recorded) {
      const path = pathOf(createdAt(reply)!);
      learned.created(recorded, path);
      const title = titleIn(recorded);
      if (title) expect((await see(path)).attributes['occi.core.title']).toBe(title);
      if (recorded.path.startsWith('/link/')) expect(await linksOfMachine()).toContain(path);
      if (recorded.path !== '/compute/') return;
      machine ??= path;
      if (path === machine) await haveItStopped();
      await checkMachine(path);
    },

    async act(_reply, { path }) {
      const state = path.endsWith('=stop') ? 'inactive' : 'active';
      expect((await see(machine)).attributes['occi.compute.state']).toBe(state);
    },

    async associate(reply) {
      const { categories, attributes } = await see(machine);
      expect(categories).toContain(larger.id);
      expect(categories).not.toContain(size.id);
      expect(attributes['occi.compute.cores']).toBe(4);
      // The client reads the body; without lines or JSON there it needs the header Location (CLIENT-26).
      const shown = mediaTypeOf(reply) === 'text/occi' ? undefined : seenIn(reply).attributes['occi.core.id'];
      expect(shown ?? createdAt(reply)).toContain(lastSegment(machine));
    },

    async delete(_reply, _recorded, path) {
      expect((await get(path)).status).toBe(404);
      if (/link|interface/.test(path)) expect(await linksOfMachine()).not.toContain(path);
    },
  };

  const rows = steps.map((recorded, step) => ({ step, recorded, does: DOES[purposeOf(recorded)], at: recorded.path }));

  test.each(rows)('step $step: it $does $at', async ({ step, recorded }) => {
    const purpose = purposeOf(recorded);
    if (purpose === 'associate') learned.templates({ os, size: larger });
    const { method, path, call } = learned.request(recorded);
    const reply = await endpoint.send(method, path, call);
    const isLast = step === steps.length - 1;
    const status = isLast ? 404 : purpose === 'create' ? 201 : 200;
    expect([reply.status, reply.body]).toEqual([status, reply.body]);
    expect(mediaTypeOf(reply)).toBe(call.headers!.Accept);
    if (!isLast) await checks[purpose](reply, recorded, path);
  });
});

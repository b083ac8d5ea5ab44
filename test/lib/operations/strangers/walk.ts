/** The walk: the requests that the tables make, sent in two worlds. */

import { expect, jest } from '@jest/globals';
import type { Target } from '../../../../lib/entities/backend.ts';
import type { KindTerm } from '../../../../lib/occi/kinds/index.ts';
import type { Verb } from '../../../../lib/operations/index.ts';
import type { CloudOfWorld } from './clouds.ts';
import { asked as asking, FORMS, LEAST } from './forms.ts';
import type { Login } from './logins.ts';
import { HEADERS, PARAMETERS, PARTS } from './names.ts';
import { furnish, type Things } from './people.ts';
import { AROUND, METHODS, TARGETS } from './targets.ts';
import { type Answered, type Asked, chanceFrom, startWorld, type World } from './worlds.ts';

/** Every target and verb. */
export const ROWS = (Object.keys(TARGETS) as Target['is'][]).flatMap((is) =>
  (Object.keys(METHODS) as Verb[]).map((verb) => [is, verb] as const),
);

/** A request that names something in one place. */
export interface Naming {
  readonly place: string;
  readonly asked: Asked;
}

/** How much of the tables is gone through. */
export interface Extent {
  readonly forms: typeof FORMS;
  readonly around: typeof AROUND;
  /** Whether the calls behind an answer are compared too. */
  readonly calls: boolean;
  /** Renderings in which a path is asked for, beside the forms; undefined for none in particular. */
  readonly accepts: readonly (string | undefined)[];
}

export const ACCEPTS = [undefined, 'text/uri-list', 'text/occi', 'application/occi+json'] as const;

/**
 * An answer in which lines of a listing stand in one order, without the tag that depends on it. A cloud outside lists
 * what was made in the same second in any order, and its calls run side by side.
 */
const inAnyOrder = ({ headers: { ETag: _, ...headers }, body, ...rest }: Answered): Answered =>
  ({ ...rest, headers, body: body.split('\n').sort().join('\n') }) as Answered;

/** All of the tables. */
export const EVERYTHING: Extent = { forms: FORMS, around: AROUND, calls: true, accepts: ACCEPTS };

export class Walk {
  /** What Alice has in the first world. */
  readonly hers: Things;
  /** What never was in the first world. */
  readonly nobodys: Things;
  /** What Mallory has, in both. */
  readonly his: Things;
  readonly #worlds: readonly [World, World];
  readonly #herPartitions: readonly string[];
  readonly #extent: Extent;
  #sent = 0;

  private constructor(
    worlds: readonly [World, World],
    things: Pick<Walk, 'hers' | 'nobodys' | 'his'>,
    herPartitions: readonly string[],
    extent: Extent,
  ) {
    this.#worlds = worlds;
    ({ hers: this.hers, nobodys: this.nobodys, his: this.his } = things);
    this.#herPartitions = herPartitions;
    this.#extent = extent;
  }

  static async start(cloudOf: () => Promise<CloudOfWorld>, extent: Extent = EVERYTHING, login?: Login) {
    // What a process keeps for a while must not end between two worlds, nor names be made by chance.
    jest.spyOn(Date, 'now').mockReturnValue(Date.now());
    jest.spyOn(Math, 'random').mockReturnValue(0.5);
    const worlds = [await startWorld(await cloudOf(), login), await startWorld(await cloudOf(), login)] as const;
    const hers = await furnish(worlds[0], 'alice', 'one', 1_000_000);
    const nobodys = await furnish(worlds[1], 'alice', 'two', 2_000_000);
    const writtenByHer = [...worlds[0].written];
    for (const world of worlds) {
      world.keep();
      await world.reset();
    }
    const his = await furnish(worlds[0], 'mallory', 'own', 3_000_000);
    expect(await furnish(worlds[1], 'mallory', 'own', 3_000_000)).toEqual(his);
    const herPartitions = writtenByHer.filter((pk) => !worlds[0].written.has(pk));
    const { adapter, tenant } = worlds[0].cloud;
    expect(herPartitions).toContain(`${adapter.name}/test/tenant/${tenant}`);
    for (const world of worlds) world.keep();
    return new Walk(worlds, { hers, nobodys, his }, herPartitions, extent);
  }

  async stop(): Promise<void> {
    for (const { cloud } of this.#worlds) await cloud.stop();
    jest.restoreAllMocks();
  }

  /** Sends a request as Mallory in a world: its answer, and the calls that it took. */
  async #answerTo(world: World, asked: Asked): Promise<string> {
    const seed = 10_000_000 + this.#sent * 1000;
    chanceFrom(seed);
    await world.cloud.chanceFrom?.(seed);
    await world.reset();
    const answered = await world.send('mallory', asked);
    const calls = this.#extent.calls ? world.calls() : [];
    world.cloud.settle();
    return JSON.stringify([this.#extent.calls ? answered : inAnyOrder(answered), calls]);
  }

  /** What is different between the worlds, if anything is; also whether anything of hers was written to. */
  async #difference(asked: Asked): Promise<string | undefined> {
    this.#sent += 1;
    const [there, never] = this.#worlds;
    const [one, other] = [await this.#answerTo(there, asked), await this.#answerTo(never, asked)];
    const touched = this.#herPartitions.find((pk) => there.written.has(pk));
    if (touched !== undefined) return `${JSON.stringify(asked)} writes to ${touched}`;
    return one === other ? undefined : `${JSON.stringify(asked)}\n  ${one}\n  ${other}`;
  }

  /** Compares the answers to all of them, and tells how many there were. */
  async compare(all: Iterable<Asked>): Promise<number> {
    const different: string[] = [];
    let count = 0;
    for (const asked of all) {
      count += 1;
      const found = await this.#difference(asked);
      if (found !== undefined) different.push(found);
    }
    expect(different).toEqual([]);
    return count;
  }

  /** Status and body in the first world, to one who may name what is his. */
  async answerOf(asked: Asked): Promise<string> {
    const [{ statusCode, body }] = JSON.parse(await this.#answerTo(this.#worlds[0], asked));
    return `${statusCode} ${body}`;
  }

  /** Everything that can name a user’s things in a payload, in a query and in HTTP header fields. */
  *#sayings(whose: Things, is: Target['is'], verb: Verb, kind: KindTerm) {
    const least = LEAST[verb](is, kind);
    for (const [place, part] of Object.entries(PARTS)) {
      for (const one of part(whose, this.his)) {
        for (const form of this.#extent.forms) {
          const said = form(least, one);
          if (said) yield { place, said };
        }
      }
    }
    const plain = FORMS[0]!(least, { fields: [] })!;
    for (const [place, parameter] of Object.entries(PARAMETERS)) {
      for (const query of parameter(whose)) yield { place, said: { ...plain, query } };
    }
    for (const [place, value] of Object.entries(HEADERS)) {
      yield { place, said: { ...plain, headers: { ...plain.headers, [place]: value(whose) } } };
    }
  }

  /** Places of Mallory’s that stand for all of them: of a resource and of a link, where there are both. */
  #ownPlaces(is: Target['is']) {
    const some = TARGETS[is](this.his).filter(({ kind }) => kind === 'compute' || kind === 'networkinterface');
    return some.slice(0, 2);
  }

  /** Requests to Mallory’s own places that name another user’s things. */
  naming(whose: Things, is: Target['is'], verb: Verb): Naming[] {
    return this.#ownPlaces(is).flatMap(({ path, kind }) =>
      [...this.#sayings(whose, is, verb, kind)].flatMap(({ place, said }) =>
        [...asking(verb, path, said)].map((asked) => ({ place, asked })),
      ),
    );
  }

  /** Requests to another user’s places, and to the paths around them. */
  *at(whose: Things, is: Target['is'], verb: Verb): Generator<Asked> {
    const accepts = this.#extent.accepts.map((accept) => (accept === undefined ? {} : { headers: { accept } }));
    for (const { path, kind } of TARGETS[is](whose)) {
      const least = LEAST[verb](is, kind);
      const forms = this.#extent.forms.flatMap((form) => form(least, { fields: [], json: {} }) ?? []);
      for (const around of this.#extent.around) {
        for (const form of [...forms, ...accepts]) yield* asking(verb, around(path), form);
      }
    }
  }

  /** How many requests the tables make of a row, counted apart from making them. */
  countOf(is: Target['is'], verb: Verb): { readonly naming: number; readonly at: number } {
    const methods = METHODS[verb].length;
    const { forms, around, accepts } = this.#extent;
    const said = Object.values(PARTS).flatMap((part) => part(this.hers, this.his));
    const withFields = forms.filter((form) => form({}, { fields: [] }) !== undefined).length;
    const written = said.reduce(
      (sum, { fields, json }) => sum + (fields ? withFields : 0) + (json ? forms.length - withFields : 0),
      0,
    );
    const queries = Object.values(PARAMETERS).flatMap((parameter) => parameter(this.hers)).length;
    return {
      naming: methods * this.#ownPlaces(is).length * (written + queries + Object.keys(HEADERS).length),
      at: methods * TARGETS[is](this.hers).length * around.length * (forms.length + accepts.length),
    };
  }
}

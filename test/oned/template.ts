import { cdata } from './xml.ts';

/** `DISK = [ IMAGE_ID = "1" ]`; its names are kept as they were sent. */
export type Vector = Map<string, string>;
export type Value = string | Vector;

/** Of two names the one with the smaller bytes comes first, as in oned's multimap. */
const byName = ([left]: readonly [string, unknown], [right]: readonly [string, unknown]): number =>
  left < right ? -1 : left > right ? 1 : 0;

export const vector = (attributes: Readonly<Record<string, string | number | undefined>>): Vector =>
  new Map(
    Object.entries(attributes).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, String(value)] as const],
    ),
  );

export const vectorXml = (name: string, attributes: Vector): string =>
  `<${name}>${[...attributes]
    .sort(byName)
    .map(([key, value]) => cdata(key, value))
    .join('')}</${name}>`;

/** Attributes by name, each once or more often, shown sorted by name. */
export class Template {
  private readonly attributes = new Map<string, Value[]>();

  static of(attributes: Readonly<Record<string, Value | number | readonly Value[]>>): Template {
    const template = new Template();
    for (const [name, value] of Object.entries(attributes)) {
      for (const one of Array.isArray(value) ? (value as Value[]) : [value as Value | number]) {
        template.add(name, typeof one === 'number' ? String(one) : one);
      }
    }
    return template;
  }

  /** Shows nothing. */
  get empty(): boolean {
    return this.attributes.size === 0;
  }

  add(name: string, value: Value): void {
    const present = this.attributes.get(name);
    if (present) present.push(value);
    else this.attributes.set(name, [value]);
  }

  set(name: string, value: Value | number): void {
    this.attributes.set(name, [typeof value === 'number' ? String(value) : value]);
  }

  remove(name: string): Value[] {
    const removed = this.attributes.get(name) ?? [];
    this.attributes.delete(name);
    return removed;
  }

  has(name: string): boolean {
    return this.attributes.has(name);
  }

  names(): string[] {
    return [...this.attributes.keys()];
  }

  values(name: string): readonly Value[] {
    return this.attributes.get(name) ?? [];
  }

  /** The first value that is no vector. */
  text(name: string): string | undefined {
    return this.values(name).find((value) => typeof value === 'string') as string | undefined;
  }

  vectors(name: string): Vector[] {
    return this.values(name).filter((value): value is Vector => typeof value !== 'string');
  }

  /**
   * Takes over every attribute of `other`; all values of a name that it has are replaced (append mode, instantiate). An
   * empty vector replaces too, and is not taken over: `RULE=[]` removes.
   */
  merge(other: Template): void {
    for (const [name, values] of other.attributes) {
      const taken = copied(values).filter((value) => typeof value === 'string' || value.size > 0);
      if (taken.length > 0) this.attributes.set(name, taken);
      else this.attributes.delete(name);
    }
  }

  replaceVectors(name: string, vectors: readonly Vector[]): void {
    if (vectors.length === 0) this.attributes.delete(name);
    else this.attributes.set(name, [...vectors]);
  }

  copy(): Template {
    const copy = new Template();
    for (const [name, values] of this.attributes) copy.attributes.set(name, copied(values));
    return copy;
  }

  xml(name: string): string {
    const inner = [...this.attributes]
      .sort(byName)
      .map(([key, values]) =>
        values
          .map((one) => (typeof one === 'string' ? cdata(key, one) : one.size === 0 ? '' : vectorXml(key, one)))
          .join(''),
      );
    return `<${name}>${inner.join('')}</${name}>`;
  }
}

const copied = (values: readonly Value[]): Value[] =>
  values.map((value) => (typeof value === 'string' ? value : new Map(value)));

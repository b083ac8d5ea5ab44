import type { Kind, PoolObject } from './pool-object.ts';
import { NAMED } from './pool-object.ts';
import { CODE, Refusal } from './refusal.ts';

/** Objects of one kind by id; ids are never given twice. */
export class Pool<T extends PoolObject> {
  private readonly objects = new Map<number, T>();
  /** Ascending. */
  private order: T[] = [];
  next = 0;

  constructor(readonly kind: Kind) {}

  put<One extends T>(object: One): One {
    this.objects.set(object.id, object);
    this.order.push(object);
    if (object.id < this.next) this.order.sort((one, other) => one.id - other.id);
    this.next = Math.max(this.next, object.id + 1);
    return object;
  }

  get(id: number): T | undefined {
    return this.objects.get(id);
  }

  /** @throws {Refusal} 1024, with the id as the fourth item */
  must(id: number): T {
    const object = this.objects.get(id);
    if (!object) throw new Refusal(CODE.noExists, `Error getting ${NAMED[this.kind].title} [${id}].`, id);
    return object;
  }

  delete(object: T): void {
    this.objects.delete(object.id);
    this.order = this.order.filter((one) => one !== object);
  }

  get size(): number {
    return this.order.length;
  }

  ascending(): readonly T[] {
    return this.order;
  }

  named(name: string, uid: number): T | undefined {
    return this.order.find((object) => object.name === name && object.uid === uid);
  }

  /** Names are unique per owner for all but VMs. @throws {Refusal} naming who has it */
  refuseTaken(name: string, uid: number, code: number, prefix = ''): void {
    const taken = this.named(name, uid);
    if (taken) throw new Refusal(code, `${prefix}NAME is already taken by ${NAMED[this.kind].taken} ${taken.id}.`);
  }

  /**
   * Newest first. `end` ≥ 0: ids from `start` to `end`; `end` = −1: ids from `start` on; `end` < −1: a page of
   * `-end` objects after the first `start`. So a page of one cannot be asked for.
   */
  page(start: number, end: number, wanted: (object: T) => boolean): T[] {
    const found: T[] = [];
    const paged = start >= 0 && end < -1;
    let skip = paged ? start : 0;
    for (let index = this.order.length - 1; index >= 0; index -= 1) {
      const object = this.order[index]!;
      if (!paged && start >= 0 && (object.id < start || (end >= 0 && object.id > end))) continue;
      if (!wanted(object)) continue;
      if (skip > 0) {
        skip -= 1;
        continue;
      }
      found.push(object);
      if (paged && found.length === -end) break;
    }
    return found;
  }
}
